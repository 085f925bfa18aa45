/** best-NN of a checkpoint on a labelled image folder (ssl-small's eval.knn). */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { KnnConfig } from '../../common/jobs/knn.ts';
import { stringifyNumbers } from '../../common/numbers.ts';
import { bestNeighbours } from '../../engine/evaluations/neighbours.ts';
import { writeAtomically } from '../../system/write-atomically.ts';
import { openBackend } from '../backends.ts';
import { loadBackbone } from '../checkpoints/backbone.ts';
import { recordEnvironment } from '../environment.ts';
import { backboneExtractor, collectFeatures, loaderThreads } from '../features.ts';
import type { Job } from '../job.ts';
import { openProbeSet } from '../probe-set.ts';

export const knnJob: Job<KnnConfig> = async (config, { folder, report, segment, wishes }) => {
  const { signal } = wishes;
  const backend = await openBackend(config.device);
  const backbone = await loadBackbone(config.pretrained, config.encoder);
  const environment = recordEnvironment(folder, backend, { data: config.data });
  report({ type: 'segment', segment, epoch: 0, step: 0, resumedFrom: null, environment: { ...environment } });

  const set = await openProbeSet(config.data, {
    limit: 0,
    signal,
    onFolders: (done) => report({ type: 'progress', stage: 'scanning images', done, total: null }),
  });
  const probe = set.probes[0]!;
  const imageSize = config.imageSize || backbone.metadata.imageSize;
  const extractor = backboneExtractor(backbone.model, backbone.parameters, backbone.buffers, imageSize);
  const collect = (files: typeof probe) =>
    collectFeatures(files, extractor, {
      transform: { imageSize, fit: config.fit },
      decode: config.decode,
      batchSize: config.batchSize,
      threads: loaderThreads(config.workers),
      signal,
      onProgress: (done, total) => report({ type: 'progress', stage: `features of ${files.name}`, done, total }),
      onBroken: ({ reason }) => report({ type: 'log', level: 'warning', message: `left out: ${reason}` }),
    });
  const result = await bestNeighbours({
    train: await collect(set.bank),
    probe: await collect(probe),
    dimension: extractor.dimension,
    space: config.space,
    kMax: config.maxNeighbours,
    signal,
    onProgress: (done) => report({ type: 'progress', stage: 'searching neighbours', done, total: 1 }),
  });

  const { bestAccuracy, bestK, accuracyByK, trainImages, probeImages } = result;
  const values = { bestAccuracy, bestK, accuracyByK, trainImages, valImages: probeImages };
  const protocol = {
    measure: 'best-NN',
    space: config.space,
    distance: 'euclidean',
    maxNeighbours: config.maxNeighbours,
    imageSize,
    fit: config.fit,
    decode: config.decode,
    encoder: config.encoder,
  };
  mkdirSync(join(folder, 'results'), { recursive: true });
  writeAtomically(join(folder, 'results', 'knn.json'), `${stringifyNumbers({ values, protocol }, 2)}\n`);
  report({ type: 'result', name: 'knn', values, protocol });
  return 'finished';
};
