/** The headless command that does what a form was filled in for. */
import { type Field, fieldsOf } from './fields.ts';
import { type JobDefinition, type JobKind, jobs } from './jobs/index.ts';
import type { SweepRequest } from './sweep.ts';

/** `npx contrast train '<data>' --epochs 20 ...`: the positional first, then every field that is not at its default. */
export function commandLineOf(kind: JobKind, config: Record<string, unknown>): string {
  const { verb, positional, secondPositional, config: schema }: JobDefinition = jobs[kind];
  const placed = [positional, secondPositional].filter((key) => key !== undefined);
  const words = fieldsOf(schema)
    .filter((field) => !placed.includes(field.key) && field.flags.length > 0)
    .filter((field) => !sameValue(config[field.key], field.default))
    .map((field) => wordsOf(field, config[field.key]));
  const given = placed.map((key) => shellWord(String(config[key] ?? '')));
  return ['npx contrast', verb, ...given, ...words].filter(Boolean).join(' ');
}

/** What makes the command of one run that of a sweep. */
export function sweepWords({ variations, seeds }: Pick<SweepRequest, 'variations' | 'seeds'>): string {
  const varied = variations
    .filter(({ field, values }) => field !== '' && values.trim() !== '')
    .map(({ field, values }) => `--sweep ${shellWord(`${field}=${values.trim()}`)}`);
  return [...varied, ...(seeds > 1 ? [`--seeds ${seeds}`] : []), '--enqueue'].join(' ');
}

function wordsOf(field: Field, value: unknown): string {
  const flag = field.flags.at(-1)!;
  if (field.kind === 'boolean') return value ? flag : `--no-${flag.replace(/^--/, '')}`;
  if (Array.isArray(value)) return [flag, ...value].join(' ');
  return `${flag} ${shellWord(String(value))}`;
}

function sameValue(value: unknown, other: unknown): boolean {
  return value === undefined || JSON.stringify(value) === JSON.stringify(other);
}

/** Quoted where a POSIX shell would read it as something else. */
export function shellWord(word: string): string {
  return /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
