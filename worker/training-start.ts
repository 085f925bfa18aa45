/** Where a training run begins: at its own newest checkpoint, at one that it was given, or from nothing. */
import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { AppError } from '../common/errors.ts';
import { resumeFile } from '../common/records.ts';
import { atTheBeginning, type Position } from '../engine/train.ts';
import { readGivenState } from './checkpoints/foreign-training.ts';
import { takeCheckpoint } from './checkpoints/recorded.ts';
import type { RunCheckpoints } from './checkpoints/run-checkpoints.ts';
import { readTraining } from './checkpoints/training.ts';
import type { JobContext } from './job.ts';
import type { TrainingConfig, TrainingMethod } from './training-job.ts';

export interface StartingPoint<State> {
  state: State;
  position: Position;
  /** The checkpoint that it was taken from. */
  from: string | null;
}

export async function startingPoint<State>(
  method: TrainingMethod<State>,
  config: TrainingConfig,
  checkpoints: RunCheckpoints,
  context: JobContext,
): Promise<StartingPoint<State>> {
  const { folder, report } = context;
  const own = chosenCheckpoint(folder) ?? (await newest());
  if (own !== null) return continued(method, own);
  if (config.resume === '') {
    requireEpochsLeft(config);
    const position = { ...atTheBeginning, epoch: config.startEpoch };
    return { state: method.initialState(config.seed), position, from: null };
  }
  const { file, choice } = await takeCheckpoint(config.resume, 'resume', context);
  if (method.restart) {
    return { state: await method.restart(file, choice, report), position: atTheBeginning, from: file };
  }
  const { arrays, position } = await readGivenState(file, method.about.kind);
  return { state: method.stateFromNamed(arrays), position, from: file };

  async function newest(): Promise<string | null> {
    const { latest, skipped } = await checkpoints.latest();
    for (const { path, error } of skipped) {
      report({
        type: 'log',
        level: 'warning',
        message: `passed over the damaged checkpoint ${path}: ${error.message}`,
      });
    }
    return latest?.path ?? null;
  }
}

function requireEpochsLeft({ startEpoch, epochs }: TrainingConfig): void {
  if (startEpoch < epochs) return;
  throw new AppError('config-invalid', `Training would begin at epoch ${startEpoch}, but ends after ${epochs}.`, {
    field: 'startEpoch',
    cure: 'Begin earlier, or train longer.',
  });
}

/** Somebody asked to go on from a certain checkpoint of the run (docs/run-folder.md). */
function chosenCheckpoint(folder: string): string | null {
  const path = join(folder, 'resume.json');
  if (!existsSync(path)) return null;
  const { checkpoint } = resumeFile.parse(JSON.parse(readFileSync(path, 'utf8')));
  return isAbsolute(checkpoint) ? checkpoint : join(folder, checkpoint);
}

async function continued<State>(method: TrainingMethod<State>, path: string): Promise<StartingPoint<State>> {
  const { arrays, metadata } = await readTraining(path);
  const { epoch, stepInEpoch, sums, probePending } = metadata;
  return { state: method.stateFromNamed(arrays), position: { epoch, stepInEpoch, sums, probePending }, from: path };
}
