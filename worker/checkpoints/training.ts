/** The state of a training run, into a checkpoint and out of it. */
import type { CheckpointMetadata } from '../../common/checkpoint-metadata.ts';
import { parseMetadata, stringifyMetadata } from '../../common/checkpoint-metadata.ts';
import { AppError } from '../../common/errors.ts';
import type { NamedArray } from '../../engine/models/layout.ts';
import type { WrittenCheckpoint } from './atomic-files.ts';
import { readCheckpoint, writeCheckpoint } from './files.ts';

export function writeTraining(
  path: string,
  arrays: readonly NamedArray[],
  metadata: CheckpointMetadata,
): Promise<WrittenCheckpoint> {
  return writeCheckpoint(path, arrays, stringifyMetadata(metadata));
}

export async function readTraining(path: string): Promise<{ arrays: NamedArray[]; metadata: CheckpointMetadata }> {
  await using file = await readCheckpoint(path);
  const metadata = parseMetadata(path, file.metadata);
  const arrays: NamedArray[] = [];
  for (const { name, shape } of file.tensors.values()) {
    const data = await file.read(name);
    if (!(data instanceof Float32Array || data instanceof BigInt64Array)) {
      throw new AppError('checkpoint-invalid', `${path}: ${name} is neither float32 nor int64.`);
    }
    arrays.push({ name, shape, data });
  }
  return { arrays, metadata };
}

export interface Transplant {
  arrays: NamedArray[];
  /** Tensors of the checkpoint that found no place, and why. */
  dropped: { name: string; why: string }[];
}

/**
 * The reference's `--restart`: of a checkpoint only the encoders' weights that exist and fit are taken, the key encoder
 * starts as the query encoder, and everything else stays fresh.
 */
export function transplantWeights(fresh: readonly NamedArray[], given: readonly NamedArray[]): Transplant {
  const places = new Map(fresh.map((array) => [array.name, array]));
  const dropped: Transplant['dropped'] = [];
  const taken = new Map<string, NamedArray>();
  for (const array of given) {
    const place = places.get(array.name);
    if (!array.name.startsWith('encoder_')) continue; // optimizer and queue start anew
    if (!place) dropped.push({ name: array.name, why: 'there is no such tensor in this model' });
    else if (String(place.shape) !== String(array.shape)) {
      dropped.push({ name: array.name, why: `[${array.shape}] in the checkpoint, [${place.shape}] in this model` });
    } else taken.set(array.name, array);
  }
  const queryOf = (name: string) => name.replace(/^encoder_k\./, 'encoder_q.');
  const isParameter = (name: string) => !/\.(running_mean|running_var|num_batches_tracked)$/.test(name);
  return {
    arrays: fresh.map((array) => {
      // Parameters of the key encoder follow the query encoder; its running statistics are its own.
      const source = isParameter(array.name) ? queryOf(array.name) : array.name;
      const found = taken.get(source) ?? places.get(source)!;
      return { ...array, data: found.data };
    }),
    dropped,
  };
}
