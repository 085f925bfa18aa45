/** What is wrong with a config by its types and bounds alone, field by field, in words. */
import type { z } from 'zod';
import { AppError } from './errors.ts';
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
    const message = field ? wantedOf(field, config[key], issue) : issue.message;
    return { field: field ? key : null, level: 'error', message };
  });
}

function wantedOf(field: Field, value: unknown, issue: z.core.$ZodIssue): string {
  if (value === undefined || value === '' || value === null) return `${field.label} is needed.`;
  return `${field.label} is ${JSON.stringify(value)}; ${wantedWords(field, issue)}.`;
}

/** `it must be a whole number of at least 1, such as 200`; of a rule of its own, what the rule says. */
export function wantedWords(field: Field, issue: z.core.$ZodIssue): string {
  const example = field.default === undefined || field.default === '' ? '' : `, such as ${exampleOf(field.default)}`;
  const bounds = boundsWords(field);
  if (field.choices) return `it must be one of ${field.choices.join(', ')}`;
  if (issue.code === 'custom') return issue.message.replace(/\.$/, '');
  if (issue.code === 'too_small' && (field.kind === 'number' || field.kind === 'integer')) {
    return `it must be ${issue.inclusive ? 'at least' : 'above'} ${issue.minimum}`;
  }
  if (issue.code === 'too_big' && (field.kind === 'number' || field.kind === 'integer')) {
    return `it must be ${issue.inclusive ? 'at most' : 'below'} ${issue.maximum}`;
  }
  if (field.kind === 'boolean') return 'it must be on (true) or off (false)';
  if (field.kind === 'integers') return `it must be whole numbers${example || ', such as 120, 160'}`;
  if (field.kind === 'text') return `it must be a text${example}`;
  return `it must be ${field.kind === 'integer' ? 'a whole number' : 'a number'}${bounds}${example}`;
}

function boundsWords({ minimum, maximum }: Field): string {
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`;
  if (minimum !== undefined) return ` from ${minimum} on`;
  return maximum === undefined ? '' : ` up to ${maximum}`;
}

function exampleOf(value: unknown): string {
  return Array.isArray(value) ? value.join(', ') : String(value);
}

/** Throws `config-invalid` for the first thing that is wrong with a config, or with these of its fields, by type and bounds. */
export function refuseWrongTypes(kind: JobKind, config: Record<string, unknown>, only?: readonly string[]): void {
  const issue = typeIssues(kind, config).find(({ field }) => !only || (field !== null && only.includes(field)));
  if (issue) throw new AppError('config-invalid', issue.message, { field: issue.field ?? undefined });
}
