/** Folders of runs that are over, by the same code that a studio and its workers write them with. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { JobEvent } from '../../common/events.ts';
import type { JobKind } from '../../common/jobs/index.ts';
import { createRunFolder } from '../../main/jobs/run-folder.ts';
import { openRunLog } from '../../worker/run-log.ts';

export interface FinishedRun {
  id: string;
  kind?: JobKind;
  name: string;
  createdAt?: string;
  config: Record<string, unknown>;
  events?: JobEvent[];
}

/** Returns the path of the folder. */
export function writeFinishedRun(
  workspace: string,
  { id, kind = 'train', name, config, ...more }: FinishedRun,
): string {
  const runs = join(workspace, 'runs');
  mkdirSync(runs, { recursive: true });
  const createdAt = more.createdAt ?? '2026-01-01T00:00:00.000Z';
  const file = { id, kind, name, createdAt, recipe: null, parent: null, config };
  const folder = createRunFolder(runs, { file, command: `npx contrast ${kind}`, state: 'preparing' });
  const log = openRunLog(folder);
  for (const event of more.events ?? []) log.record(event);
  log.record({ type: 'ended', state: 'finished' });
  log.setState('finished', { stage: 'finished', pid: null, processStart: null });
  log.close();
  return folder;
}

interface Training {
  epochs: number;
  stepsPerEpoch: number;
  /** kNN accuracy in percent after an epoch. */
  knn(epoch: number): number;
  loss(step: number): number;
}

/** What a training reports from its first step to its last. */
export function trainingEvents({ epochs, stepsPerEpoch, knn, loss }: Training): JobEvent[] {
  const totalSteps = epochs * stepsPerEpoch;
  const events: JobEvent[] = [
    { type: 'segment', segment: 0, epoch: 0, step: 0, resumedFrom: null, environment: { device: 'cpu' } },
    { type: 'plan', epochs, stepsPerEpoch, totalSteps, images: stepsPerEpoch * 8 },
  ];
  for (let step = 0; step < totalSteps; step++) {
    const epoch = Math.floor(step / stepsPerEpoch);
    events.push({ type: 'metrics', group: 'step', epoch, step, values: { loss: loss(step) } });
    if ((step + 1) % stepsPerEpoch > 0) continue;
    const done = { epoch: epoch + 1, step: step + 1 };
    events.push({ type: 'metrics', group: 'epoch', ...done, values: { loss: loss(step) } });
    events.push({ type: 'metrics', group: 'probe', ...done, values: { bestAccuracy: knn(epoch + 1), bestK: 1 } });
  }
  return events;
}
