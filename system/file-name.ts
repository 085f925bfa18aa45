import { basename } from 'node:path';

/** A name and nothing else, that is a name on every system. */
export function isFileName(name: string): boolean {
  if (name === '' || name !== basename(name) || name.length > 200 || name.startsWith('.')) return false;
  return [...name].every((letter) => letter >= ' ' && !'/\\:*?"<>|'.includes(letter));
}
