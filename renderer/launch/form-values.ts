/** Between what is typed and what a config holds: pure. */
import type { Field } from '../../common/fields.ts';

export type Config = Record<string, unknown>;

/**
 * The value that a text stands for: a number where it is one, else the text as it is, so that the check can say what
 * is wrong with it. An empty text takes the default.
 */
export function parseText(field: Field, text: string): unknown {
  const trimmed = text.trim();
  if (trimmed === '') return field.kind === 'text' && !field.required ? '' : undefined;
  if (field.kind === 'text') return text;
  if (field.kind === 'integers') {
    const numbers = trimmed
      .split(/[\s,]+/)
      .filter(Boolean)
      .map(Number);
    return numbers.every(Number.isFinite) ? numbers : trimmed;
  }
  const number = Number(trimmed);
  return Number.isFinite(number) ? number : trimmed;
}

/** A value as it is typed; small and large numbers as 1e-4. */
export function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.join(', ');
  if (typeof value === 'number' && value !== 0 && Math.abs(value) < 1e-3)
    return value.toExponential().replace('e+', 'e');
  return String(value);
}

/** Sets a field; undefined takes it out, so that its default holds. */
export function withValue(config: Config, key: string, value: unknown): Config {
  const { [key]: _before, ...rest } = config;
  return value === undefined ? rest : { ...rest, [key]: value };
}

/** Fields as the form shows them: by group in the order of their definition. */
export function groupsOf(fields: readonly Field[]): [group: string, fields: Field[]][] {
  const groups = new Map<string, Field[]>();
  for (const field of fields) {
    const group = groups.get(field.group);
    if (group) group.push(field);
    else groups.set(field.group, [field]);
  }
  return [...groups];
}

/** Every word occurs in the label, help, key or flags. */
export function fitsSearch(field: Field, search: string): boolean {
  const text = `${field.label} ${field.help} ${field.key} ${field.group} ${field.flags.join(' ')}`.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
