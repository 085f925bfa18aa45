/** A checkpoint file of a small ResNet-18 of ours, with every tensor filled by its name. */
import type { CheckpointMetadata } from '../../common/checkpoint-metadata.ts';
import { trainConfig } from '../../common/jobs/train.ts';
import type { NamedArray } from '../../engine/models/layout.ts';
import { specsOf } from '../../engine/models/model.ts';
import { modelOf } from '../../worker/checkpoints/backbone.ts';
import { writeTraining } from '../../worker/checkpoints/training.ts';
import { metadataAt } from '../worker/checkpoints/metadata.ts';
import { fillQueue, fillTensor } from './fill.ts';

export async function writeSmallCheckpoint(path: string, changes: Partial<CheckpointMetadata> = {}): Promise<void> {
  const metadata = metadataAt({ config: trainConfig.parse({ data: '/data' }), ...changes });
  const model = modelOf('test', metadata);
  const named = (prefix: string, array: NamedArray): NamedArray => ({ ...array, name: prefix + array.name });
  await writeTraining(
    path,
    [
      ...model.tensors.map((spec) => named('encoder_q.', fillTensor(spec))),
      ...model.tensors.map((spec) => named('encoder_k.', fillTensor(spec, 'key/'))),
      ...specsOf(model, 'parameter').map((spec) => named('optimizer.momentum_buffer.', fillTensor(spec, 'momentum/'))),
      fillQueue(128, 64),
      { name: 'queue_ptr', shape: [1], data: BigInt64Array.of(0n) },
    ],
    metadata,
  );
}
