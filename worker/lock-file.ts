/** A file that says which process is at something. */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { processStart } from '../system/process-start.ts';

export interface LockFile extends Disposable {
  /** False where another living process holds it. */
  held: boolean;
}

/** Takes the lock, also one that was left by a process that is gone. */
export function lockFile(path: string): LockFile {
  const mine = JSON.stringify({ pid: process.pid, start: processStart(process.pid) });
  const held = place(path, mine) || (isAbandoned(path) && takeOver(path, mine));
  return {
    held,
    [Symbol.dispose]() {
      if (held) rmSync(path, { force: true });
    },
  };
}

/** Puts it there with all that is in it, or not at all where there is one: nobody ever finds an empty one. */
function place(path: string, text: string): boolean {
  const temporary = `${path}.${process.pid}.new`;
  writeFileSync(temporary, text);
  try {
    linkSync(temporary, path);
    return true;
  } catch (thrown) {
    if (codeOf(thrown) === 'EEXIST') return false;
    return writeIfAbsent(path, text); // a file system without links: the same with a smaller promise
  } finally {
    rmSync(temporary, { force: true });
  }
}

function writeIfAbsent(path: string, text: string): boolean {
  try {
    writeFileSync(path, text, { flag: 'wx' });
    return true;
  } catch (thrown) {
    if (codeOf(thrown) === 'EEXIST') return false;
    throw thrown;
  }
}

/** Renaming is for one alone: of two that find a left lock, the second finds it gone. */
function takeOver(path: string, mine: string): boolean {
  const left = `${path}.${process.pid}.left`;
  try {
    renameSync(path, left);
  } catch {
    return place(path, mine); // gone meanwhile
  }
  // Between looking and renaming, another one may have taken its place: it gets it back.
  const isOurs = isAbandoned(left);
  if (!isOurs) place(path, readFileSync(left, 'utf8'));
  rmSync(left, { force: true });
  return isOurs && place(path, mine);
}

function isAbandoned(path: string): boolean {
  try {
    const { pid, start } = JSON.parse(readFileSync(path, 'utf8')) as { pid: number; start: string | null };
    return processStart(pid) === null || processStart(pid) !== start;
  } catch {
    return true; // torn by a crash, or gone meanwhile
  }
}

function codeOf(thrown: unknown): unknown {
  return thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
}
