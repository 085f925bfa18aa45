/** What every evaluation of a frozen backbone does: opens it, takes features through the store, records its result. */
import { mkdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { CheckpointRole } from '../common/checkpoints.ts';
import { AppError } from '../common/errors.ts';
import type { EvaluationConfig } from '../common/jobs/evaluation.ts';
import { stringifyNumbers } from '../common/numbers.ts';
import type { DatasetListing } from '../engine/datasets/list.ts';
import { defaultBlockBytes } from '../engine/evaluations/rows.ts';
import { writeAtomically } from '../system/write-atomically.ts';
import { openBackend } from './backends.ts';
import { changedTensor, type FrozenBackbone, loadBackbone } from './checkpoints/backbone.ts';
import { takeCheckpoint } from './checkpoints/recorded.ts';
import { stampDataset } from './datasets/fingerprint.ts';
import { recordEnvironment } from './environment.ts';
import { type StoredFeatures, storedFeatures } from './feature-store.ts';
import { backboneExtractor, collectFeatures, loaderThreads } from './features.ts';
import type { JobContext } from './job.ts';

/** Another checkpoint that sees the same pixels as the one that is measured. */
export interface BesideNet {
  dimension: number;
  checkpointSha256: string;
  features(images: DatasetListing): Promise<StoredFeatures>;
}

export interface Evaluation {
  backbone: FrozenBackbone;
  /** Length of a feature. */
  dimension: number;
  /** How images become features: a part of each result's protocol. */
  protocol: Record<string, unknown>;
  /**
   * Of the images of a split; the caller closes their rows. Broken images are reported and left out. `fit` is for images
   * that are prepared in another way than the rest.
   */
  features(images: DatasetListing, fit?: EvaluationConfig['fit']): Promise<StoredFeatures>;
  /** Memory that the features of one of `parts` sets may take, and a block of rows that are compared; of the whole budget. */
  memory(parts: number): { heldBytes: number; blockBytes: number };
  /** Side of the images that the net sees, px. */
  imageSize: number;
  /** Of one image, [dimension]. Throws `data-invalid` where it cannot be read. */
  featuresOfFile(path: string): Promise<Float32Array>;
  /** What it is of is read from its file, unless its import says so; it is recorded as used in this role. */
  beside(path: string, role: CheckpointRole): Promise<BesideNet>;
  /** Counts the images of a split among what the numbers come from, without computing their features. */
  identify(images: DatasetListing): Promise<void>;
  /** Throws where the backbone is no longer, bit for bit, what the checkpoint holds. */
  requireUnchanged(): Promise<void>;
  /** Writes `results/<name>.json` and reports it; adds what the numbers come from. */
  record(name: string, values: Record<string, unknown>, protocol: Record<string, unknown>): void;
}

/** Where an evaluation goes on that has steps. */
export interface EvaluationStart {
  epoch: number;
  step: number;
  resumedFrom: string | null;
  /** Time that its earlier segments took. */
  elapsedMs: number;
}

const atTheStart: EvaluationStart = { epoch: 0, step: 0, resumedFrom: null, elapsedMs: 0 };

export async function openEvaluation(
  config: EvaluationConfig,
  context: JobContext,
  { elapsedMs, ...start }: EvaluationStart = atTheStart,
): Promise<Evaluation> {
  const { folder, report, segment, wishes } = context;
  const { signal } = wishes;
  const startedMs = performance.now() - elapsedMs;
  const backend = await openBackend(config.device);
  const taken = await takeCheckpoint(config.pretrained, 'pretrained', context, config);
  const checkpointSha256 = taken.sha256;
  const backbone = await loadBackbone(taken.file, taken.choice);
  tellUnused(backbone, report);
  const environment = recordEnvironment(folder, backend, { checkpointSha256 });
  report({ type: 'segment', segment, ...start, environment: { ...environment } });

  const { encoder, decode, fit, interpolation } = config;
  const imageSize = config.imageSize || backbone.metadata.imageSize;
  const extractor = backboneExtractor(backbone.model, backbone.parameters, backbone.buffers, imageSize);
  const transform = { imageSize, fit, interpolation };
  const data: Record<string, unknown>[] = [];
  const cache = join(cacheFolder(folder), 'features');

  const progress = (stage: string) => (done: number, total: number) => report({ type: 'progress', stage, done, total });

  type Net = { backbone: FrozenBackbone; checkpointSha256: string; extractor: typeof extractor };

  async function featuresBy(net: Net, images: DatasetListing, otherFit = fit): Promise<StoredFeatures> {
    const name = images.split ?? 'the images';
    const found = await storedFeatures(cache, {
      images,
      identity: {
        checkpoint: net.checkpointSha256,
        net: net.backbone.metadata.arch,
        ...net.backbone.source,
        backend: backend.name,
      },
      extractor: net.extractor,
      transform: { ...transform, fit: otherFit },
      decode,
      batchSize: config.batchSize,
      threads: loaderThreads(config.workers),
      signal,
      onStamp: progress(`looking up ${name}`),
      onWaiting: () =>
        report({ type: 'progress', stage: `waiting for another run's features of ${name}`, done: 0, total: null }),
      onProgress: progress(`features of ${name}`),
      onBroken: ({ reason }) => report({ type: 'log', level: 'warning', message: `left out: ${reason}` }),
    });
    const { rows, imagesPerSecond } = found;
    const speed = imagesPerSecond === null ? 'computed before' : `${imagesPerSecond.toFixed(1)} images/s`;
    report({ type: 'log', level: 'info', message: `${rows.count} features of ${name}: ${speed}` });
    return found;
  }

  return {
    backbone,
    dimension: extractor.dimension,
    imageSize,
    protocol: { ...transform, decode, encoder },
    memory(parts) {
      const budget = config.memory * 2 ** 20;
      // Half is for sets that are held; a search takes about eight blocks at a time.
      return { heldBytes: budget / 2 / parts, blockBytes: Math.min(defaultBlockBytes, budget / 16) };
    },
    async features(images, otherFit = fit) {
      const found = await featuresBy({ backbone, checkpointSha256, extractor }, images, otherFit);
      const { rows, stamp, imagesPerSecond } = found;
      data.push({ split: images.split ?? null, images: rows.count, sha256: stamp.sha256, imagesPerSecond });
      return found;
    },
    async beside(path, role) {
      const { encoder } = config;
      const other = await takeCheckpoint(path, role, context, { encoder });
      const backbone = await loadBackbone(other.file, other.choice);
      tellUnused(backbone, report);
      const extractor = backboneExtractor(backbone.model, backbone.parameters, backbone.buffers, imageSize);
      const net = { backbone, checkpointSha256: other.sha256, extractor };
      return {
        dimension: extractor.dimension,
        checkpointSha256: other.sha256,
        features: (images) => featuresBy(net, images),
      };
    },
    async featuresOfFile(path) {
      const set = { name: path, files: [path], labels: Int32Array.of(-1) };
      const { features } = await collectFeatures(set, extractor, {
        transform,
        decode,
        batchSize: 1,
        threads: 0,
        signal,
        onBroken({ reason }) {
          throw new AppError('data-invalid', reason, { field: 'image' });
        },
      });
      return features;
    },
    async identify(images) {
      const name = images.split ?? 'the images';
      const stamp = await stampDataset(images.root, images.files, {
        signal,
        onProgress: progress(`looking up ${name}`),
      });
      data.push({ split: images.split ?? null, images: images.files.length, sha256: stamp.sha256 });
    },
    async requireUnchanged() {
      const changed = await changedTensor(backbone, await loadBackbone(taken.file, taken.choice));
      if (changed === null) return;
      throw new AppError('job-failed', `${changed} of the frozen backbone is not what ${taken.file} holds any more.`, {
        cure: 'The result is void. If the file was not written to meanwhile, report this as a defect.',
      });
    },
    record(name, values, protocol) {
      const provenance = {
        checkpointSha256,
        data,
        software: { application: environment.application, ...environment.versions, backend: environment.backend },
        elapsedSeconds: (performance.now() - startedMs) / 1000,
        measuredAt: new Date().toISOString(),
      };
      const all = { ...values, checkpoint: config.pretrained, provenance };
      mkdirSync(join(folder, 'results'), { recursive: true });
      const text = `${stringifyNumbers({ values: all, protocol }, 2)}\n`;
      writeAtomically(join(folder, 'results', `${name}.json`), text);
      report({ type: 'result', name, values: all, protocol });
    },
  };
}

/** Heads do not matter to features, but a person should see what was not taken. */
function tellUnused({ metadata, source, unused }: FrozenBackbone, report: JobContext['report']): void {
  const { layout, prefix } = source;
  const heads =
    unused.length > 0 ? ` Not used: ${unused.slice(0, 8).join(', ')}${unused.length > 8 ? ', ...' : ''}.` : '';
  const message = `The backbone is a ${metadata.arch} (${layout}, ${prefix || 'no prefix'}).${heads}`;
  report({ type: 'log', level: 'info', message });
}

/** What runs of a workspace share; a run folder that lies elsewhere keeps its own. */
export function cacheFolder(run: string): string {
  const parent = dirname(run);
  if (basename(parent) === 'runs') return join(dirname(parent), 'cache');
  return basename(parent) === 'tasks' ? dirname(parent) : join(run, 'cache');
}
