/** Linear CKA and the overlap of nearest neighbours between two checkpoints on the same images. */
import { AppError } from '../../common/errors.ts';
import type { DriftConfig } from '../../common/jobs/drift.ts';
import { listDataset } from '../../engine/datasets/list.ts';
import { inSpace } from '../../engine/evaluations/feature-space.ts';
import { checkedRows } from '../../engine/evaluations/neighbours.ts';
import { linearCka, neighbourOverlap } from '../../engine/evaluations/representation-drift.ts';
import { heldWithin } from '../../engine/evaluations/rows.ts';
import { diskReader } from '../datasets/folder-reader.ts';
import { openEvaluation } from '../evaluation.ts';
import type { Job, JobContext } from '../job.ts';

export const driftJob: Job<DriftConfig> = async (config, context) => {
  const { report, wishes } = context;
  const { signal } = wishes;
  const evaluation = await openEvaluation(config, context);
  const other = await evaluation.beside(config.against, 'against');
  const images = await listImages(config, context);
  const left = await evaluation.features(images);
  await using _left = left.rows;
  const right = await other.features(images);
  await using _right = right.rows;
  if (!sameImages(left.images, right.images)) {
    throw new AppError('data-invalid', `The images of ${config.data} changed while they were read.`, {
      cure: 'Start it again when nothing is written there.',
    });
  }

  const { heldBytes, blockBytes } = evaluation.memory(2);
  const { labels } = left;
  const rows = {
    left: await checkedRows(
      'given',
      { features: await heldWithin(left.rows, heldBytes), labels },
      evaluation.dimension,
    ),
    right: await checkedRows('given', { features: await heldWithin(right.rows, heldBytes), labels }, other.dimension),
  };
  const progress = (stage: string) => (done: number) => report({ type: 'progress', stage, done, total: 1 });
  const cka = await linearCka(rows.left, rows.right, {
    blockBytes,
    signal,
    onProgress: progress('comparing features'),
  });
  const queries = evenly(labels.length, config.queries);
  const overlap = await neighbourOverlap(
    await inSpace(rows.left, config.space, { blockBytes }),
    await inSpace(rows.right, config.space, { blockBytes }),
    { queries, k: config.neighbours, blockBytes, signal, onProgress: progress('comparing neighbours') },
  );
  const broken = left.broken.map(({ path, reason }) => ({ path, why: reason }));
  evaluation.record(
    'drift',
    {
      cka,
      overlap,
      images: labels.length,
      queries: queries.length,
      dimensions: [evaluation.dimension, other.dimension],
      against: config.against,
      againstSha256: other.checkpointSha256,
      broken,
    },
    {
      measure: 'linear CKA, neighbour overlap',
      against: other.checkpointSha256.slice(0, 12),
      neighbours: config.neighbours,
      queries: queries.length,
      space: config.space,
      distance: 'euclidean',
      ...evaluation.protocol,
    },
  );
  return 'finished';
};

async function listImages({ data, split }: DriftConfig, { report, wishes }: JobContext) {
  const list = (name: string | undefined) =>
    listDataset(data, diskReader, {
      split: name,
      emptyClass: 'warn',
      signal: wishes.signal,
      onProgress: ({ files }) => report({ type: 'progress', stage: 'scanning images', done: files, total: null }),
    });
  const first = await list(split || undefined);
  const hasVal = first.splits.some((name) => /^(val|test)/.test(name));
  return split === '' && hasVal ? list('val') : first;
}

function sameImages(left: Int32Array, right: Int32Array): boolean {
  return left.length === right.length && left.every((image, row) => image === right[row]);
}

/** At most `most` of `count` places, at even distances. */
function evenly(count: number, most: number): Int32Array {
  const taken = Math.min(count, most);
  return Int32Array.from({ length: taken }, (_, at) => Math.floor((at * count) / taken));
}
