/** kNN accuracy of a checkpoint on a labelled image folder: best-NN (ssl-small's eval.knn), or by weighted votes. */
import type { KnnConfig } from '../../common/jobs/knn.ts';
import { bestNeighbours } from '../../engine/evaluations/neighbours.ts';
import { heldWithin } from '../../engine/evaluations/rows.ts';
import { weightedNeighbours, weightedVotes } from '../../engine/evaluations/weighted-neighbours.ts';
import { writeConfusion } from '../confusion-file.ts';
import { openEvaluation } from '../evaluation.ts';
import type { Job } from '../job.ts';
import { listTrainAndVal } from '../labelled-split.ts';
import { writeNeighbours } from '../neighbours-file.ts';

export const knnJob: Job<KnnConfig> = async (config, context) => {
  const { report, wishes } = context;
  const evaluation = await openEvaluation(config, context);
  const { train: bank, val: probe } = await listTrainAndVal(config.data, context);

  const { heldBytes, blockBytes } = evaluation.memory(2);
  const train = await evaluation.features(bank);
  await using _train = train.rows;
  const val = await evaluation.features(probe);
  await using _val = val.rows;
  const request = {
    train: { features: await heldWithin(train.rows, heldBytes), labels: train.labels },
    probe: { features: await heldWithin(val.rows, heldBytes), labels: val.labels },
    dimension: evaluation.dimension,
    blockBytes,
    signal: wishes.signal,
    onProgress: (done: number) => report({ type: 'progress', stage: 'searching neighbours', done, total: 1 }),
  };
  const { values, found, protocol } = await measure(config, request);
  const images = {
    train: { listing: bank, images: train.images, labels: train.labels },
    probe: { listing: probe, images: val.images, labels: val.labels },
  };
  const kept = config.keepNeighbours;
  const files = {
    ...writeConfusion(context.folder, bank.classes, val.labels, found.predicted),
    ...(kept > 0 && { neighbours: writeNeighbours(context.folder, found, images, kept) }),
  };
  evaluation.record('knn', { ...values, ...files }, { ...protocol, ...evaluation.protocol });
  return 'finished';
};

type Request = Omit<Parameters<typeof weightedNeighbours>[0], 'neighbours' | 'temperature'>;

async function measure({ vote, space: named, maxNeighbours }: KnnConfig, request: Request) {
  if (vote === 'best-nn') {
    const space = named === 'shifted-norm' ? 'shift-norm' : named;
    const { predicted, neighbours, ...found } = await bestNeighbours({ ...request, space, kMax: maxNeighbours });
    const protocol = { measure: 'best-NN', space, distance: 'euclidean', maxNeighbours };
    return { values: asValues(found), found: { ...neighbours, predicted, space }, protocol };
  }
  const { neighbours: asked, temperature } = weightedVotes[vote];
  const result = await weightedNeighbours({ ...request, neighbours: asked, temperature });
  const { predicted, neighbours, ...found } = result;
  const protocol = { measure: 'weighted kNN', vote, space: 'norm', distance: 'cosine', neighbours: asked, temperature };
  return { values: asValues(found), found: { ...neighbours, predicted, space: 'norm' }, protocol };
}

function asValues<Found extends { probeImages: number }>({ probeImages, ...found }: Found) {
  return { ...found, valImages: probeImages };
}
