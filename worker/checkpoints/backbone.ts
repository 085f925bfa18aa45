/** A frozen backbone out of a checkpoint, for evaluations. */
import type { CheckpointMetadata } from '../../common/checkpoint-metadata.ts';
import { parseMetadata } from '../../common/checkpoint-metadata.ts';
import { AppError } from '../../common/errors.ts';
import type { Head } from '../../engine/models/heads.ts';
import { type BackboneBuilder, backbones } from '../../engine/models/index.ts';
import { fromPytorchLayout } from '../../engine/models/layout.ts';
import type { Model } from '../../engine/models/model.ts';
import type { Tensor } from '../../engine/tf.ts';
import { readCheckpoint } from './files.ts';

export interface FrozenBackbone {
  model: Model;
  parameters: Record<string, Tensor>;
  buffers: Record<string, Tensor>;
  metadata: CheckpointMetadata;
}

/** The network that a checkpoint of ours holds. Throws `checkpoint-invalid` where its architecture is not known. */
export function modelOf(path: string, metadata: CheckpointMetadata): Model {
  const build = (backbones as Record<string, BackboneBuilder | undefined>)[metadata.arch];
  if (!build) throw new AppError('checkpoint-invalid', `${path} is of a "${metadata.arch}", which is not known here.`);
  return build({ stem: metadata.stem as 'imagenet' | 'small', head: metadata.head as Head, outputSize: metadata.dim });
}

export async function loadBackbone(path: string, encoder: 'q' | 'k'): Promise<FrozenBackbone> {
  await using file = await readCheckpoint(path);
  const metadata = parseMetadata(path, file.metadata);
  const model = modelOf(path, metadata);
  const tensors: Record<'parameter' | 'buffer', Record<string, Tensor>> = { parameter: {}, buffer: {} };
  for (const { name, kind, shape } of model.tensors) {
    const data = await file.read(`encoder_${encoder}.${name}`);
    if (!(data instanceof Float32Array || data instanceof BigInt64Array)) {
      throw new AppError('checkpoint-invalid', `${path}: encoder_${encoder}.${name} is neither float32 nor int64.`);
    }
    tensors[kind][name] = fromPytorchLayout({ name, shape, data });
  }
  return { model, parameters: tensors.parameter, buffers: tensors.buffer, metadata };
}
