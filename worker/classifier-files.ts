/** A classifier in training, as its run folder keeps it: the newest state to go on from, and the best so far. */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type ClassifierProgress, classifierProgress } from '../common/classifier.ts';
import { AppError } from '../common/errors.ts';
import { stringifyNumbers } from '../common/numbers.ts';
import type { NamedArray } from '../engine/models/layout.ts';
import { readCheckpoint, writeCheckpoint } from './checkpoints/files.ts';

export interface SavedClassifier {
  path: string;
  arrays: NamedArray[];
  progress: ClassifierProgress;
}

export const newestClassifier = join('checkpoints', 'classifier.safetensors');
export const bestClassifier = join('checkpoints', 'classifier_best.safetensors');

export async function saveClassifier(
  folder: string,
  name: string,
  arrays: readonly NamedArray[],
  progress: ClassifierProgress,
): Promise<void> {
  await mkdir(join(folder, 'checkpoints'), { recursive: true });
  await writeCheckpoint(join(folder, name), arrays, { progress: stringifyNumbers(progress) });
}

/** Null where there is none yet. Throws `checkpoint-invalid` where it is not what was written. */
export async function readClassifier(folder: string, name: string): Promise<SavedClassifier | null> {
  const path = join(folder, name);
  if (!existsSync(path)) return null;
  await using file = await readCheckpoint(path);
  const parsed = classifierProgress.safeParse(parseJson(file.metadata.progress));
  if (!parsed.success) throw new AppError('checkpoint-invalid', `${path} is no classifier of a run.`);
  const arrays: NamedArray[] = [];
  for (const { name, shape } of file.tensors.values()) {
    const data = await file.read(name);
    if (!(data instanceof Float32Array || data instanceof BigInt64Array)) {
      throw new AppError('checkpoint-invalid', `${path}: ${name} is neither float32 nor int64.`);
    }
    arrays.push({ name, shape, data });
  }
  return { path, arrays, progress: parsed.data };
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return null;
  }
}
