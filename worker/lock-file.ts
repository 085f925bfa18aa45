/** A file that says which process is at something. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { processStart } from '../system/process-start.ts';

export interface LockFile extends Disposable {
  /** False where another living process holds it. */
  held: boolean;
}

/** Takes the lock, also one that was left by a process that is gone. */
export function lockFile(path: string): LockFile {
  const mine = JSON.stringify({ pid: process.pid, start: processStart(process.pid) });
  const held = tryCreate(path, mine) || (isAbandoned(path) && replace(path, mine));
  return {
    held,
    [Symbol.dispose]() {
      if (held) rmSync(path, { force: true });
    },
  };
}

function tryCreate(path: string, text: string): boolean {
  try {
    writeFileSync(path, text, { flag: 'wx' });
    return true;
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST') return false;
    throw thrown;
  }
}

function replace(path: string, text: string): boolean {
  rmSync(path, { force: true });
  return tryCreate(path, text);
}

function isAbandoned(path: string): boolean {
  try {
    const { pid, start } = JSON.parse(readFileSync(path, 'utf8')) as { pid: number; start: string | null };
    return processStart(pid) === null || processStart(pid) !== start;
  } catch {
    return true; // torn, or gone meanwhile
  }
}
