/**
 * `<workspace>/checkpoints/.incoming/`: files on their way in, each in a folder named after the process that writes it,
 * so that what a killed process left can be told from what is under way.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { processStart } from './process-start.ts';

export const incomingName = '.incoming';

/** A new folder of this process. What processes that are gone have left is removed first. */
export function newIncoming(checkpoints: string): string {
  removeAbandoned(checkpoints);
  const { pid } = process;
  const start = Buffer.from(processStart(pid) ?? '').toString('hex');
  const folder = join(checkpoints, incomingName, `${pid}-${start}-${randomBytes(6).toString('hex')}`);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Removes what was on its way in when its process ended. */
export function removeAbandoned(checkpoints: string): void {
  const incoming = join(checkpoints, incomingName);
  for (const name of namesIn(incoming)) {
    const [pid, start] = name.split('-');
    const now = processStart(Number(pid));
    if (now !== null && Buffer.from(now).toString('hex') === start) continue;
    rmSync(join(incoming, name), { recursive: true, force: true, maxRetries: 3 });
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // nothing was ever imported
  }
}
