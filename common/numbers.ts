/** JSON in files: NaN and the infinities are written as the strings "NaN", "Infinity", "-Infinity", never as null. */
import { z } from 'zod';

/** A measured number as a file or the wire may hold it; parsed, it is a number again. */
export const measurement = z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity']).transform(Number)]);

export const measurements = z.record(z.string(), measurement);

export function stringifyNumbers(value: unknown, space?: number): string {
  return JSON.stringify(value, (_key, item) => (isSpecial(item) ? String(item) : item), space);
}

/** What `stringifyNumbers` wrote: the words for special numbers are numbers again wherever they are. */
export function reviveNumbers(json: string): Record<string, unknown> {
  // Thousands of results are read for a list, and hardly any has such a word.
  if (!/"(NaN|-?Infinity)"/.test(json)) return JSON.parse(json);
  return JSON.parse(json, (_key, item: unknown) => {
    const special = typeof item === 'string' ? measurement.safeParse(item) : undefined;
    return special?.success ? special.data : item;
  });
}

function isSpecial(item: unknown): boolean {
  return typeof item === 'number' && !Number.isFinite(item);
}
