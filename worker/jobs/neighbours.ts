/** The nearest images of one image. */
import { AppError } from '../../common/errors.ts';
import type { NeighboursConfig } from '../../common/jobs/neighbours.ts';
import { listDataset } from '../../engine/datasets/list.ts';
import { inSpace } from '../../engine/evaluations/feature-space.ts';
import { nearestNeighbours } from '../../engine/evaluations/nearest.ts';
import { checkedRows } from '../../engine/evaluations/neighbours.ts';
import { heldWithin } from '../../engine/evaluations/rows.ts';
import { diskReader } from '../datasets/folder-reader.ts';
import { openEvaluation } from '../evaluation.ts';
import type { Job } from '../job.ts';
import { shortened } from '../neighbours-file.ts';

export const neighboursJob: Job<NeighboursConfig> = async (config, context) => {
  const { report, wishes } = context;
  const evaluation = await openEvaluation(config, context);
  const query = await evaluation.featuresOfFile(config.image);
  const bank = await listDataset(config.data, diskReader, {
    split: 'train',
    signal: wishes.signal,
    onProgress: ({ files }) => report({ type: 'progress', stage: 'scanning images', done: files, total: null }),
  });
  const found = await evaluation.features(bank);
  await using _rows = found.rows;
  const { heldBytes, blockBytes } = evaluation.memory(1);
  const { space, neighbours: k } = config;
  const { labels, images } = found;
  if (k > labels.length) {
    throw new AppError('config-invalid', `${k} neighbours are asked for, but there are ${labels.length} images.`, {
      field: 'neighbours',
      cure: `Ask for at most ${labels.length}.`,
    });
  }
  const { dimension } = evaluation;
  const train = await checkedRows('train', { features: await heldWithin(found.rows, heldBytes), labels }, dimension);
  const probe = await checkedRows('given', { features: query, labels: Int32Array.of(-1) }, dimension);
  const { indices, squaredDistances } = await nearestNeighbours(
    { train: await inSpace(train, space, { blockBytes }), probe: await inSpace(probe, space), blockBytes },
    k,
    {
      signal: wishes.signal,
      onProgress: (done) => report({ type: 'progress', stage: 'searching neighbours', done, total: 1 }),
    },
  );
  const neighbours = Array.from(indices, (row, place) => ({
    path: `${bank.root}/${bank.files.path(images[row]!)}`,
    class: bank.classes[labels[row]!] ?? null,
    distance: shortened(Math.sqrt(squaredDistances[place]!)),
  }));
  const protocol = { measure: 'nearest neighbours of one image', space, distance: 'euclidean', k };
  evaluation.record(
    'neighbours',
    { image: config.image, neighbours, images: labels.length },
    { ...protocol, ...evaluation.protocol },
  );
  return 'finished';
};
