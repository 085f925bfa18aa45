/** The first steps of a training run on its own data and batch, for what the whole of it would cost. */
import type { TrainConfig } from '../../common/jobs/train.ts';
import { createMoco } from '../../engine/methods/moco.ts';
import { tf } from '../../engine/tf.ts';
import { openBackend } from '../backends.ts';
import type { Job } from '../job.ts';
import { isOutOfMemory, outOfMemory } from '../out-of-memory.ts';
import { openTrainingImages, viewPipelines } from '../training-images.ts';
import { refuseWrongConfig } from './requirements.ts';
import { tryStep } from './train.ts';

/** Long enough for a steady rate, short enough to wait for. */
const mostSteps = 30;
const mostMs = 20_000;
const warmUpSteps = 2;

export const dryRunJob: Job<TrainConfig> = async (config, context) => {
  const { report, wishes } = context;
  refuseWrongConfig(config, null);
  const backend = await openBackend(config.device);
  const images = await openTrainingImages(config, viewPipelines(config), context);
  try {
    refuseWrongConfig(config, images.count);
    return await measureSteps().catch((thrown: unknown) => {
      if (!isOutOfMemory(thrown)) throw thrown;
      const { batchSize, bnSplits } = config;
      const again = backend.name === 'native' ? (size: number) => tryStep(config, size) : undefined;
      throw outOfMemory(thrown, { batchSize, bnSplits, tryStep: again }, report);
    });
  } finally {
    await images.loader.close();
  }

  async function measureSteps(): Promise<'finished'> {
    const { batchSize, imageSize, seed } = config;
    const shape: [number, number, number, number] = [batchSize, imageSize, imageSize, 3];
    const moco = createMoco(config);
    let state = moco.initialState(seed);
    const stepMs: number[] = [];
    let waitedMs = 0;
    const startedMs = performance.now();
    let previousMs = startedMs;
    for await (const { step, views, waitedMs: waited } of images.loader.epoch(0)) {
      wishes.signal.throwIfAborted();
      const batch = { query: tf.tensor4d(views[0]!, shape), key: tf.tensor4d(views[1]!, shape) };
      state = moco.step(state, batch, { learningRate: config.learningRate, seed, epoch: 0, step }).state;
      tf.dispose([batch.query, batch.key]);
      const now = performance.now();
      if (step >= warmUpSteps) {
        stepMs.push(now - previousMs);
        waitedMs += waited;
      }
      previousMs = now;
      report({ type: 'progress', stage: 'trying the first steps', done: step + 1, total: mostSteps });
      const enough = stepMs.length > 0 && now - startedMs > mostMs;
      if (enough || step + 1 >= mostSteps) break;
    }
    moco.disposeState(state);

    const sorted = stepMs.toSorted((a, b) => a - b);
    const medianMs = sorted[Math.floor(sorted.length / 2)] ?? performance.now() - startedMs;
    report({
      type: 'result',
      name: 'dry-run',
      values: {
        device: `${backend.name} ${backend.device}`,
        stepsPerEpoch: images.loader.stepsPerEpoch,
        images: images.count,
        secondsPerStep: medianMs / 1000,
        /** Quartiles, for a range around what the median says. */
        secondsPerStepLow: (sorted[Math.floor(sorted.length / 4)] ?? medianMs) / 1000,
        secondsPerStepHigh: (sorted[Math.floor((sorted.length * 3) / 4)] ?? medianMs) / 1000,
        imagesPerSecond: (batchSize * 1000) / medianMs,
        waitShare: sorted.length ? waitedMs / sorted.reduce((sum, ms) => sum + ms, 0) : 0,
        peakMemoryMiB: Math.round(process.resourceUsage().maxRSS / 1024),
      },
      protocol: { steps: sorted.length },
    });
    return 'finished';
  }
};
