/** The checkpoints of one training run: written, kept as the policy says, and found again. */
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { basename, isAbsolute, join, relative } from 'node:path';
import type { CheckpointMetadata } from '../../common/checkpoint-metadata.ts';
import { type EventOf, type JobEvent, recordedEvent } from '../../common/events.ts';
import type { NamedArray } from '../../engine/models/layout.ts';
import { readLines } from '../../system/read-lines.ts';
import { removePartials } from './atomic-files.ts';
import { type LatestValid, latestValid } from './latest.ts';
import { decideRetention, type RetentionCandidate, type RetentionPolicy } from './retention.ts';
import { writeTraining } from './training.ts';

export interface RunCheckpoints {
  /** Writes one, and removes what the policy no longer keeps. */
  save(arrays: readonly NamedArray[], metadata: CheckpointMetadata): AsyncGenerator<JobEvent, void>;
  /** The accuracy of the last one saved, once it is known: it may make another one superfluous. */
  judge(knnAccuracy: number): AsyncGenerator<JobEvent, void>;
  latest(): Promise<LatestValid>;
  /** Paths of those that are on the disk, oldest first. */
  kept(): string[];
}

/** `folder` is absolute, or below the run folder; a run that goes on finds its earlier checkpoints in its events. */
export async function openRunCheckpoints(
  runFolder: string,
  folder: string,
  policy: RetentionPolicy,
): Promise<RunCheckpoints> {
  await mkdir(folder, { recursive: true });
  await removePartials(folder);
  const { candidates, hashes } = readWritten(runFolder);
  let best: string | undefined;
  /** As events name it: relative to the run folder where it lies inside. */
  const named = (path: string) => {
    const inside = relative(runFolder, path);
    return inside.startsWith('..') || isAbsolute(inside) ? path : inside;
  };

  async function* retain(): AsyncGenerator<JobEvent, void> {
    const { keep, remove } = decideRetention([...candidates.values()], policy);
    for (const { path } of remove) {
      await rm(path, { force: true });
      candidates.delete(path);
      yield { type: 'checkpoint-removed', path: named(path) };
    }
    const nowBest = keep.find(
      ({ reasons, checkpoint }) => reasons.includes('best') && checkpoint.knnAccuracy !== undefined,
    );
    if (nowBest && nowBest.checkpoint.path !== best) {
      best = nowBest.checkpoint.path;
      yield { type: 'checkpoint-best', path: named(best), by: 'probe/bestAccuracy' };
    }
  }

  return {
    async *save(arrays, metadata) {
      const { epoch, step, stepInEpoch } = metadata;
      const path = join(folder, fileName(metadata));
      const { sizeBytes, sha256 } = await writeTraining(path, arrays, metadata);
      hashes.set(basename(path), sha256);
      yield { type: 'checkpoint', epoch, step, path: named(path), sizeBytes, sha256 };
      candidates.set(path, { path, epoch, step, stepInEpoch });
      yield* retain();
    },
    async *judge(knnAccuracy) {
      const newest = [...candidates.values()].sort((a, b) => a.step - b.step).at(-1);
      if (newest) newest.knnAccuracy = knnAccuracy;
      yield* retain();
    },
    async latest() {
      const found = await latestValid(folder, hashes);
      for (const { path } of found.skipped) candidates.delete(path); // damaged: not one of the last that are kept
      return found;
    },
    kept: () => [...candidates.values()].sort((a, b) => a.step - b.step).map(({ path }) => path),
  };
}

/** The reference numbers the checkpoint of its first epoch 0. One inside an epoch carries its step as well. */
function fileName({ epoch, step, stepInEpoch }: CheckpointMetadata): string {
  const digits = (number: number, count: number) => String(number).padStart(count, '0');
  if (stepInEpoch > 0) return `checkpoint_${digits(epoch, 4)}_step_${digits(step, 8)}.safetensors`;
  return `checkpoint_${digits(Math.max(0, epoch - 1), 4)}.safetensors`;
}

/** What earlier segments of the run wrote, from its events. */
function readWritten(runFolder: string) {
  const candidates = new Map<string, RetentionCandidate>();
  const hashes = new Map<string, string>();
  const path = join(runFolder, 'events.jsonl');
  const absolute = (named: string) => (isAbsolute(named) ? named : join(runFolder, named));
  let stepsPerEpoch = 0;
  for (const { text } of readLines(path)) {
    if (!/"type":"(checkpoint|checkpoint-removed|plan)"|"group":"probe"/.test(text)) continue;
    const event = recordedEvent.safeParse(JSON.parse(text)).data;
    if (event?.type === 'plan') stepsPerEpoch = event.stepsPerEpoch;
    if (event?.type === 'checkpoint') {
      hashes.set(basename(event.path), event.sha256);
      candidates.set(absolute(event.path), candidateOf(event, absolute(event.path), stepsPerEpoch));
    }
    if (event?.type === 'checkpoint-removed') candidates.delete(absolute(event.path));
    if (event?.type === 'metrics' && event.values.bestAccuracy !== undefined) {
      for (const candidate of candidates.values()) {
        if (candidate.step === event.step) candidate.knnAccuracy = event.values.bestAccuracy;
      }
    }
  }
  for (const path of candidates.keys()) if (!existsSync(path)) candidates.delete(path);
  return { candidates, hashes };
}

function candidateOf(event: EventOf<'checkpoint'>, path: string, stepsPerEpoch: number): RetentionCandidate {
  const { epoch, step } = event;
  return { path, epoch, step, stepInEpoch: step - epoch * stepsPerEpoch };
}
