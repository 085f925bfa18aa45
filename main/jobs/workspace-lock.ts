/** `studio.lock`: the process in it is the application of the workspace and the only writer of its database. */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../common/errors.ts';
import { processStart } from '../../system/process-start.ts';

const lockFile = z.object({
  pid: z.int(),
  processStart: z.string().nullable(),
  /** Where the studio answers, and the token that it wants. */
  url: z.string().nullable(),
  token: z.string().nullable(),
});
export type WorkspaceHolder = z.infer<typeof lockFile>;

export interface WorkspaceLock {
  /** The one before was left behind: its process ended without closing. */
  takenOver: boolean;
  announce(address: { url: string; token: string }): void;
  release(): void;
}

const nameOf = (workspace: string) => join(workspace, 'studio.lock');

/** The application that has the workspace now, if one is alive. */
export function holderOf(workspace: string): WorkspaceHolder | undefined {
  const holder = read(nameOf(workspace));
  const start = holder && processStart(holder.pid);
  return start && (holder.processStart === null || start === holder.processStart) ? holder : undefined;
}

export function takeWorkspace(workspace: string): WorkspaceLock {
  const path = nameOf(workspace);
  const own: WorkspaceHolder = { pid: process.pid, processStart: processStart(process.pid), url: null, token: null };
  let takenOver = false;
  while (!place(path, own)) {
    const holder = holderOf(workspace);
    if (holder) throw taken(workspace, holder);
    // Renaming is for one alone: of two that find a left lock, the second fails here and looks again.
    const left = `${path}.${process.pid}.left`;
    if (renameOrNot(path, left)) takenOver = true;
    const moved = read(left);
    rmSync(left, { force: true });
    const start = moved && processStart(moved.pid);
    // Between looking and renaming, another one may have taken its place: it gets it back.
    if (moved && start && start === moved.processStart) place(path, moved);
  }
  return {
    takenOver,
    announce(address) {
      const temporary = `${path}.${process.pid}.tmp`;
      writeFileSync(temporary, JSON.stringify({ ...own, ...address }), { mode: 0o600 });
      renameSync(temporary, path);
    },
    release() {
      if (read(path)?.pid === process.pid) rmSync(path, { force: true });
    },
  };
}

function taken(workspace: string, { pid, url }: WorkspaceHolder): AppError {
  const where = url ? ` It answers at ${url}.` : '';
  return new AppError('conflict', `The workspace ${workspace} is in use by another studio, process ${pid}.${where}`, {
    cure: 'Use that one, end it first, or name another folder with --workspace.',
  });
}

/** Puts the lock there with all that is in it, or not at all when there is one. The token is for this user alone. */
function place(path: string, holder: WorkspaceHolder): boolean {
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, JSON.stringify(holder), { mode: 0o600 });
  try {
    linkSync(temporary, path);
    return true;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'EEXIST') return false;
    // A file system without links: the same with a smaller promise.
    return writeIfAbsent(path, holder);
  } finally {
    rmSync(temporary, { force: true });
  }
}

function writeIfAbsent(path: string, holder: WorkspaceHolder): boolean {
  try {
    writeFileSync(path, JSON.stringify(holder), { mode: 0o600, flag: 'wx' });
    return true;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw thrown;
  }
}

function renameOrNot(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch {
    return false; // gone meanwhile
  }
}

function read(path: string): WorkspaceHolder | undefined {
  try {
    return lockFile.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
}
