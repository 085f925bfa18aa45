/** Where a training run begins: at its own newest checkpoint, at one that it was given, or from nothing. */
import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { AppError } from '../common/errors.ts';
import type { TrainConfig } from '../common/jobs/train.ts';
import { resumeFile } from '../common/records.ts';
import type { Moco, MocoState } from '../engine/methods/moco.ts';
import { atTheBeginning, type Position } from '../engine/train.ts';
import type { RunCheckpoints } from './checkpoints/run-checkpoints.ts';
import { readTraining, transplantWeights } from './checkpoints/training.ts';
import type { JobContext } from './job.ts';

export interface StartingPoint {
  state: MocoState;
  position: Position;
  /** The checkpoint that it was taken from. */
  from: string | null;
}

export async function startingPoint(
  moco: Moco,
  config: TrainConfig,
  checkpoints: RunCheckpoints,
  { folder, report }: JobContext,
): Promise<StartingPoint> {
  const own = chosenCheckpoint(folder) ?? (await newest());
  if (own !== null) return continued(moco, own);
  if (config.resume === '') return { state: moco.initialState(config.seed), position: atTheBeginning, from: null };
  if (!existsSync(config.resume)) {
    throw new AppError('not-found', `There is no checkpoint ${config.resume}.`, {
      cure: 'Check the path, or leave "Start from" empty to train from scratch.',
      field: 'resume',
    });
  }
  return config.restart ? restarted(moco, config, report) : continued(moco, config.resume);

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

/** Somebody asked to go on from a certain checkpoint of the run (docs/run-folder.md). */
function chosenCheckpoint(folder: string): string | null {
  const path = join(folder, 'resume.json');
  if (!existsSync(path)) return null;
  const { checkpoint } = resumeFile.parse(JSON.parse(readFileSync(path, 'utf8')));
  return isAbsolute(checkpoint) ? checkpoint : join(folder, checkpoint);
}

async function continued(moco: Moco, path: string): Promise<StartingPoint> {
  const { arrays, metadata } = await readTraining(path);
  const { epoch, stepInEpoch, sums, probePending } = metadata;
  return { state: moco.stateFromNamed(arrays), position: { epoch, stepInEpoch, sums, probePending }, from: path };
}

/** `--restart`: the weights that fit, everything else fresh. */
async function restarted(moco: Moco, config: TrainConfig, report: JobContext['report']): Promise<StartingPoint> {
  const fresh = moco.initialState(config.seed);
  const { arrays } = await readTraining(config.resume);
  const transplant = transplantWeights(moco.stateToNamed(fresh), arrays);
  moco.disposeState(fresh);
  for (const { name, why } of transplant.dropped) {
    report({ type: 'log', level: 'warning', message: `left out of the checkpoint: ${name} (${why})` });
  }
  return { state: moco.stateFromNamed(transplant.arrays), position: atTheBeginning, from: config.resume };
}
