/** Logs that were imported before, and whether a log folder goes on from what was taken of it then. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type TakenFile, takenFiles } from '../../common/interop.ts';
import { runConfigFile } from '../../common/records.ts';
import { hashFile } from '../checkpoints/file-source.ts';
import { eventsOf } from './recorded-metrics.ts';

export interface KnownLog {
  id: string;
  name: string;
  /** Its run folder. */
  folder: string;
  taken: TakenFile[];
}

/** What is in the name of each run folder of an imported log, before its id. */
export const logMark = '-tensorboard-';

/** Those that came from this place, the newest first. */
export function knownLogs(into: string, source: string): KnownLog[] {
  const names = readdirSync(into).filter((name) => name.includes(logMark) && !name.startsWith('.'));
  return names
    .map((name) => ({ folder: join(into, name), config: configOf(join(into, name)) }))
    .flatMap(({ folder, config }) =>
      config?.kind === 'tensorboard' && config.config.source === source ? { folder, ...config } : [],
    )
    .sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1))
    .map(({ id, name, folder }) => ({ id, name, folder, taken: takenOf(folder) }));
}

function configOf(folder: string) {
  try {
    return runConfigFile.parse(JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')));
  } catch {
    return null; // somebody else's folder
  }
}

function takenOf(folder: string): TakenFile[] {
  const said = [...eventsOf(folder, 'result')].map(({ event }) => event);
  const last = said.findLast((event) => event.type === 'result' && event.name === 'tensorboard');
  return takenFiles.catch([]).parse(last?.type === 'result' ? last.values.taken : []);
}

/** Whether every byte that was taken is still there, so that what follows is all that is new. */
export async function goesOn(folder: string, { taken }: KnownLog, signal: AbortSignal): Promise<boolean> {
  if (taken.length === 0) return false;
  for (const { name, sizeBytes, sha256 } of taken) {
    const file = join(folder, name);
    const size = statSync(file, { throwIfNoEntry: false })?.size ?? -1;
    if (size < sizeBytes || (await hashFile(file, signal, sizeBytes)) !== sha256) return false;
  }
  return true;
}
