import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';

/** Puts the whole text at `path` or leaves what was there: a reader never sees half of it, a crash never loses both. */
export function writeAtomically(path: string, text: string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  const file = openSync(temporary, 'w');
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
}
