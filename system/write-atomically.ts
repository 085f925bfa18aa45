import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from 'node:fs';

/**
 * Puts the whole content at `path` or leaves what was there: a reader never sees half of it, a crash never loses both.
 * `lasting: false` for what means nothing after a crash: it need not wait for the disk.
 */
export function writeAtomically(path: string, content: string | Uint8Array, { lasting = true } = {}): void {
  const temporary = `${path}.${process.pid}.tmp`;
  const file = openSync(temporary, 'w');
  try {
    writeFileSync(file, content);
    if (lasting) fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
}
