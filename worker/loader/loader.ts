import { setImmediate } from 'node:timers/promises';
import { AppError } from '../../common/errors.ts';
import { randomAt } from '../../engine/random.ts';
import type { PipelineConfig } from '../../engine/views/pipeline.ts';
import type { DecodeMode } from '../images/decode.ts';
import { createPathTable, pathAt } from './path-table.ts';
import { createPictureCache, estimateDecodedBytes } from './picture-cache.ts';
import type { LoaderPlan, ThreadReport } from './plan.ts';
import { collectBatch, createSlot, slotField, viewLength } from './slot.ts';
import { startCrew } from './threads.ts';

export interface LoaderOptions {
  /** Paths of the images; `root` (with a separator at its end) is put before each. */
  files: Iterable<string>;
  root?: string;
  /** One for each view of a picture: random views for training, one evaluation pipeline for features. */
  pipelines: PipelineConfig[];
  batchSize: number;
  seed: number;
  /**
   * `shuffled`: another order each epoch, by address (seed, epoch); a broken picture is replaced by the next good one.
   * `sequential`: the order of the files; a broken picture is left out and its batch is smaller.
   */
  order: 'shuffled' | 'sequential';
  /** Leaves out the last, incomplete batch of an epoch. */
  dropLast: boolean;
  decode: DecodeMode;
  /** Threads that decode and augment; 0 does it on this one. */
  threads: number;
  /** Batches made ahead; by default up to 3, fewer where they would take more than 1 GiB. */
  prefetchBatches?: number;
  /** A data set that takes no more than this when decoded is decoded once and kept. Default 512 MiB, 0 for never. */
  cacheBudgetBytes?: number;
  /** Called once for each picture that turns out broken. */
  onBroken?: (picture: BrokenPicture) => void;
  /** What a thread runs: for a packaged application, whose built entry lies elsewhere. */
  threadEntry?: URL | string;
}

export interface BrokenPicture {
  index: number;
  path: string;
  /** In words, with the path. */
  reason: string;
}

export interface LoadedBatch {
  /** Place of the batch within its epoch, from 0. */
  step: number;
  /** The pictures in it, as places in `files`. [batch] */
  indices: Int32Array;
  /** For each pipeline [batch, imageSize, imageSize, 3], normalised. The memory is used again after the next batch is asked for. */
  views: Float32Array[];
  /** How long the caller had to wait for it. */
  waitedMs: number;
}

export interface LoaderStatistics {
  /** Pictures read from files and decoded (the others came from memory). */
  decodedPictures: number;
  waitedMs: number;
  /** Time between asking for an epoch's first batch and its end, over all epochs. */
  elapsedMs: number;
}

export interface Loader {
  /** Pictures of the data set. */
  readonly length: number;
  readonly stepsPerEpoch: number;
  /** Shared memory that it holds at most: batches, decoded pictures, paths. */
  readonly maxBytes: number;
  /** The batches of an epoch from `fromStep` on: the very ones that an uninterrupted epoch has there. */
  epoch(epoch: number, from?: { fromStep?: number }): AsyncGenerator<LoadedBatch, void, void>;
  statistics(): LoaderStatistics;
  /** Ends the threads. */
  close(): Promise<void>;
}

const prefetchBudgetBytes = 2 ** 30;
const defaultCacheBudgetBytes = 512 * 2 ** 20;
// In a checkout the source runs as it is; a bundle has the built thread beside it.
const defaultEntry = new URL(
  import.meta.url.endsWith('.ts') ? './loader-thread.ts' : './loader-thread.js',
  import.meta.url,
);

/**
 * Decodes and augments images ahead of the caller, in parallel. Which bytes a batch holds depends on (seed, epoch, step)
 * alone, not on the threads nor on what was loaded before.
 * Throws AppError `data-invalid` without files, or where all of them are broken.
 */
export async function openLoader(options: LoaderOptions): Promise<Loader> {
  const { pipelines, batchSize, seed, order, dropLast, threads } = options;
  const paths = createPathTable(options.files, options.root ?? '');
  const length = paths.ends.length - 1;
  const stepsPerEpoch = dropLast ? Math.floor(length / batchSize) : Math.ceil(length / batchSize);
  if (length === 0) throw new AppError('data-invalid', 'There are no images to load.');
  if (stepsPerEpoch === 0) {
    throw new AppError('config-invalid', `A batch of ${batchSize} needs more than the ${length} images there are.`, {
      field: 'batchSize',
      cure: `Choose a batch of ${length} or fewer.`,
    });
  }

  const slotBytes = batchSize * pipelines.reduce((sum, pipeline) => sum + viewLength(pipeline) * 4, 0);
  const prefetch = options.prefetchBatches ?? Math.max(1, Math.min(3, Math.floor(prefetchBudgetBytes / slotBytes) - 1));
  const slotCount = Math.min(Math.max(1, prefetch), stepsPerEpoch) + 1;
  const cacheBudget = options.cacheBudgetBytes ?? defaultCacheBudgetBytes;
  const cached = (await estimateDecodedBytes(paths, length)) <= cacheBudget;
  const plan: LoaderPlan = {
    paths,
    length,
    pipelines,
    decode: options.decode,
    seed,
    broken: order === 'shuffled' ? 'replace' : 'skip',
    slots: Array.from({ length: slotCount }, () => createSlot(pipelines, batchSize)),
    cache: cached ? createPictureCache(length, cacheBudget) : undefined,
    brokenFlags: new Uint8Array(new SharedArrayBuffer(length)),
    decoded: new Int32Array(new SharedArrayBuffer(4)),
  };

  const waiting = plan.slots.map(() => ({ done: true, settle: () => {} }));
  const statistics = { waitedMs: 0, elapsedMs: 0 };
  let failure: AppError | undefined;
  let busy = false;
  let closed = false;
  const crew = startCrew(plan, threads, options.threadEntry ?? defaultEntry, receive);

  function receive(report: ThreadReport): void {
    if (report.type === 'broken') {
      options.onBroken?.({ index: report.index, path: report.path, reason: report.reason });
    } else if (report.type === 'done') {
      finish(report.slot);
    } else {
      failure ??= new AppError(report.code, report.message);
      for (const slot of waiting) slot.settle();
    }
  }

  function finish(slot: number): void {
    waiting[slot]!.done = true;
    waiting[slot]!.settle();
  }

  /** Resolves when the slot's batch is complete; on a failure too, unless the slot is to be drained. */
  async function settled(slot: number): Promise<void> {
    const state = waiting[slot]!;
    while (!state.done && !failure) {
      await new Promise<void>((resolve) => {
        state.settle = resolve;
      });
    }
  }

  function publish(epoch: number, step: number, permutation: Int32Array | undefined): void {
    const number = step % slotCount;
    const { control, indices } = plan.slots[number]!;
    const start = step * batchSize;
    const count = Math.min(batchSize, length - start);
    for (let position = 0; position < count; position++) {
      indices[position] = permutation ? permutation[start + position]! : start + position;
    }
    control[slotField.epoch] = epoch;
    waiting[number]!.done = false;
    Atomics.store(control, slotField.unfinished, count);
    Atomics.store(control, slotField.untaken, count); // last: from here on the threads take from it
    crew.wake(number);
  }

  /** Takes back what no thread has begun, and waits for what one has. */
  async function drain(): Promise<void> {
    for (const [number, { control }] of plan.slots.entries()) {
      if (waiting[number]!.done) continue;
      const untaken = Math.max(0, Atomics.exchange(control, slotField.untaken, 0));
      if (Atomics.sub(control, slotField.unfinished, untaken) === untaken) finish(number);
      await settled(number);
    }
  }

  async function* epochBatches(epoch: number, fromStep: number): AsyncGenerator<LoadedBatch, void, void> {
    if (busy || closed) throw new Error(closed ? 'The loader is closed.' : 'The loader is within another epoch.');
    busy = true;
    const startedMs = performance.now();
    const permutation = order === 'shuffled' ? randomAt(seed, 'order', epoch).permutation(length) : undefined;
    try {
      let published = fromStep;
      let loaded = 0;
      for (let step = fromStep; step < stepsPerEpoch; step++) {
        for (; published < Math.min(step + slotCount, stepsPerEpoch); published++)
          publish(epoch, published, permutation);
        const askedMs = performance.now();
        await settled(step % slotCount);
        if (failure) throw failure;
        const waitedMs = performance.now() - askedMs;
        // Batches that are ready ahead would let step follow step without the process ever hearing a signal or a timer.
        await setImmediate();
        statistics.waitedMs += waitedMs;
        const batch = collectBatch(
          plan.slots[step % slotCount]!,
          pipelines,
          Math.min(batchSize, length - step * batchSize),
        );
        loaded += batch.indices.length;
        if (batch.indices.length > 0) yield { step, waitedMs, ...batch };
      }
      if (loaded === 0 && fromStep === 0)
        throw new AppError('data-invalid', `All images are broken, e.g. ${pathAt(paths, 0)}.`);
    } finally {
      await drain();
      statistics.elapsedMs += performance.now() - startedMs;
      busy = false;
    }
  }

  return {
    length,
    stepsPerEpoch,
    maxBytes: slotBytes * slotCount + (cached ? cacheBudget + length * 12 : 0) + paths.bytes.length + length * 9,
    epoch: (epoch, { fromStep = 0 } = {}) => epochBatches(epoch, fromStep),
    statistics: () => ({ ...statistics, decodedPictures: plan.decoded[0]! }),
    async close() {
      if (closed) return;
      closed = true;
      await drain();
      await crew.dismiss();
    },
  };
}
