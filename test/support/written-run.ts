/** A run that has ended, as its folder holds it: what a studio finds in a workspace. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JobEvent } from '../../common/events.ts';
import type { JobKind } from '../../common/jobs/index.ts';
import type { RunStateFile } from '../../common/records.ts';
import { createRunFolder, writeState } from '../../main/jobs/run-folder.ts';

interface WrittenRun {
  id: string;
  kind: JobKind;
  name: string;
  config: Record<string, unknown>;
  state: 'finished' | 'failed';
  /** Between its beginning and its end; given the folder, so that files may be put there. */
  events(folder: string): Promise<JobEvent[]> | JobEvent[];
}

/** @returns the run folder */
export async function writeRun(workspace: string, { state, events, ...run }: WrittenRun): Promise<string> {
  const createdAt = new Date().toISOString();
  const file = { ...run, createdAt, recipe: null, parent: null };
  const folder = createRunFolder(join(workspace, 'runs'), { file, command: '', state: 'preparing' });
  const all: JobEvent[] = [
    { type: 'segment', segment: 0, epoch: 0, step: 0, resumedFrom: null, environment: { device: 'cpu' } },
    ...(await events(folder)),
    { type: 'ended', state },
  ];
  const lines = all.map((event, seq) => JSON.stringify({ seq, time: createdAt, ...event }));
  writeFileSync(join(folder, 'events.jsonl'), `${lines.join('\n')}\n`);
  const ended: RunStateFile = {
    ...{ state, pid: null, processStart: null, updatedAt: createdAt, epoch: 0, step: 0, totalSteps: null },
    ...{ stage: state, device: 'cpu', error: null },
  };
  writeState(folder, ended);
  return folder;
}
