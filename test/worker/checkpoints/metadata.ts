import type { CheckpointMetadata } from '../../../common/checkpoint-metadata.ts';

/** Metadata of a small run, with what a test wants to see changed. */
export function metadataAt(changes: Partial<CheckpointMetadata>): CheckpointMetadata {
  return {
    ...{ formatVersion: 1, kind: 'moco', arch: 'resnet18', stem: 'small', head: 'wide', imageSize: 32, dim: 128 },
    ...{ epoch: 1, step: 62, stepInEpoch: 0, sums: {}, probePending: false, seed: 3, config: { temperature: 0.1 } },
    ...changes,
  };
}
