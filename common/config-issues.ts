/** What is wrong with a config by its types and bounds alone, field by field, in words. */
import { type Field, fieldsOf } from './fields.ts';
import { type JobKind, jobs } from './jobs/index.ts';
import type { Issue } from './launch.ts';

/** One issue for each field whose value is not of its type or outside its bounds. */
export function typeIssues(kind: JobKind, config: Record<string, unknown>): Issue[] {
  const schema = jobs[kind].config;
  const fields = new Map(fieldsOf(schema).map((field) => [field.key, field]));
  const parsed = schema.safeParse(config);
  return (parsed.error?.issues ?? []).map((issue): Issue => {
    if (issue.code === 'unrecognized_keys') {
      return { field: null, level: 'error', message: `There is no field ${issue.keys.join(', ')}.` };
    }
    const key = String(issue.path[0] ?? '');
    const field = fields.get(key);
    const message = field ? wantedOf(field, config[key], issue.message) : issue.message;
    return { field: field ? key : null, level: 'error', message };
  });
}

function wantedOf(field: Field, value: unknown, otherwise: string): string {
  if (value === undefined || value === '' || value === null) return `${field.label} is needed.`;
  const { minimum, maximum } = field;
  const given = `${field.label} is ${JSON.stringify(value)}`;
  if (field.choices) return `${given}; it must be one of ${field.choices.join(', ')}.`;
  if (minimum !== undefined && maximum !== undefined) return `${given}; it must be ${minimum} to ${maximum}.`;
  if (minimum !== undefined && typeof value === 'number' && value <= minimum) {
    return `${given}; it must be ${value === minimum ? 'more than' : 'at least'} ${minimum}.`;
  }
  return `${given}: ${otherwise}.`;
}
