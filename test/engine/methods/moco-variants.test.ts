import { beforeAll, describe, expect, test } from 'vitest';
import { normaliseRows } from '../../../engine/kernels/dense.ts';
import { adversarialViews } from '../../../engine/methods/adversarial-views.ts';
import { createMoco, type MocoConfig, type MocoState } from '../../../engine/methods/moco.ts';
import { contrastiveLogits, withoutFalseNegatives } from '../../../engine/objectives/info-nce.ts';
import { type Tensor2D, type Tensor4D, tf } from '../../../engine/tf.ts';
import { imagenet } from '../../../engine/views/normalise.ts';
import { backendNames, useBackend, whyMissing } from '../../support/backends.ts';
import { changedNames, distance } from '../../support/distance.ts';
import { normalTensor } from '../../support/gradients.ts';

const config: MocoConfig = {
  arch: 'resnet18',
  stem: 'imagenet',
  mlp: 'none',
  embeddingDimension: 16,
  queueLength: 24,
  keyMomentum: 0.9,
  temperature: 0.1,
  bnSplits: 2,
  momentum: 0.9,
  weightDecay: 1e-4,
};
const address = { learningRate: 0.01, seed: 3, epoch: 0, step: 0 };
const side = 32;
const images = (name: string, count = 8) => normalTensor<Tensor4D>(name, [count, side, side, 3]);
const batchOf = (name: string, count = 8) => ({
  query: images(`${name}/query`, count),
  key: images(`${name}/key`, count),
});

/** Drawn, and looked at, in a fraction of the time; for what does not hang on the net. */
const smallNet: Partial<MocoConfig> = { arch: 'mobilenetv3_small' };
/** Patches instead of batch norm: running statistics of a new net say nothing, and every map of noise is alike to it. */
const patchNet: Partial<MocoConfig> = { arch: 'vit_tiny', bnSplits: 1 };
// On one backend: what differs between them is tested with the plain step.
const [native, wasm] = backendNames;
for (const backend of [(await whyMissing(native)) ? wasm : native]) {
  describe(`variants of MoCo on ${backend}`, { timeout: 300_000 }, () => {
    beforeAll(() => useBackend(backend));

    test('a batch in parts of whole groups is the undivided batch: loss, weights, statistics, queue', () => {
      const drawn = createMoco(config);
      const start = drawn.stateToNamed(drawn.initialState(1));
      const steps = (accumulate: number) => {
        const moco = createMoco({ ...config, accumulate });
        let state = moco.stateFromNamed(start);
        const losses = [0, 1].map((step) => {
          const done = moco.step(state, batchOf(`${step}`), { ...address, step });
          state = done.state;
          return done.measurements.loss;
        });
        const arrays = moco.stateToNamed(state);
        moco.disposeState(state);
        return { losses, arrays };
      };
      const whole = steps(1);
      const parts = steps(2);
      // The same sums in another order. The second step follows from gradients through 17 batch norms of small maps,
      // which carry 1e-2 in float32 (the fixtures' README, "gradients, train mode").
      expect(parts.losses[0]).toBeCloseTo(whole.losses[0]!, 4);
      expect(Math.abs(parts.losses[1]! / whole.losses[1]! - 1)).toBeLessThan(1e-2);
      for (const [at, { name, data }] of whole.arrays.entries()) {
        const other = parts.arrays[at]!.data;
        if (data instanceof Float32Array && other instanceof Float32Array)
          expect(distance(data, other), name).toBeLessThan(name.startsWith('optimizer') ? 5e-2 : 1e-3);
        else expect(other, name).toEqual(data);
      }
    });

    test('parts that would cut groups of batch norm are refused, and such as do not divide the batch', () => {
      const state = createMoco({ ...config, ...smallNet }).initialState(1);
      const step = (accumulate: number) =>
        createMoco({ ...config, ...smallNet, accumulate }).step(state, batchOf('a'), address);
      expect(() => step(8)).toThrow('2 batch-norm groups cannot be divided among 8 parts');
      expect(() => step(3)).toThrow('a batch of 8 cannot be divided into 3 equal parts');
    });

    test('what is too similar to the key is no negative', () => {
      const unit = (rows: number[][]) => normaliseRows(tf.tensor2d(rows));
      const keys = unit([
        [1, 0],
        [0, 1],
      ]);
      const queue = unit([
        [1, 0.1],
        [-1, 0],
        [0, 1],
      ]);
      const logits = contrastiveLogits(keys, keys, queue, 0.5);
      const { kept, share } = withoutFalseNegatives(logits, keys, queue, 0.9);
      const all = logits.arraySync();
      expect(kept.arraySync()).toEqual([
        [all[0]![0], -1e4, all[0]![2], all[0]![3]],
        [all[1]![0], all[1]![1], all[1]![2], -1e4],
      ]);
      expect(share.dataSync()[0]).toBeCloseTo((100 * 2) / 6, 4);
      expect(withoutFalseNegatives(logits, keys, queue, 1).kept).toBe(logits);
    });

    test('without negatives nothing is left to tell apart: the loss is 0', () => {
      const moco = createMoco({ ...config, ...smallNet, falseNegativeSimilarity: -0.999 });
      const { state, measurements } = moco.step(moco.initialState(1), batchOf('a'), address);
      expect(measurements.falseNegatives).toBe(100);
      expect(measurements.loss).toBe(0);
      moco.disposeState(state);
    });

    test('adversarial views agree less, within their radius and between black and white', () => {
      const moco = createMoco({ ...config, ...patchNet });
      const state = moco.initialState(1);
      const options = { steps: 5, stepSize: 0.008, radius: 0.0157 };
      const clamp = (views: Tensor4D) => tf.clipByValue(views, -1.5, 1.5) as Tensor4D;
      const views = { query: clamp(images('q', 3)), key: clamp(images('k', 3)) };
      const moved = adversarialViews(moco.model, state, views, options);
      const before = agreements(state, views);
      const after = agreements(state, moved);
      for (const [image, value] of before.entries()) expect(after[image]).toBeLessThan(value);
      for (const view of ['query', 'key'] as const) {
        const difference = tf.abs(tf.sub(moved[view], views[view])).dataSync();
        expect(Math.max(...difference)).toBeLessThan(0.0157 + 1e-6);
        expect(Math.max(...difference)).toBeGreaterThan(0.0156);
      }

      // An image's views do not depend on its neighbours.
      const alone = adversarialViews(moco.model, state, firstOf(views), options);
      const together = firstOf(moved).query.dataSync();
      const different = alone.query.dataSync().filter((value, at) => Math.abs(value - together[at]!) > 1e-6);
      // A gradient of nearly 0 has the sign of its rounding.
      expect(different.length / together.length).toBeLessThan(0.01);

      const white = imagenet.mean.map((mean, channel) => (1 - mean) / imagenet.deviation[channel]!);
      const bright = tf.tile(tf.reshape(tf.tensor1d(white), [1, 1, 1, 3]), [2, side, side, 1]) as Tensor4D;
      const clamped = adversarialViews(moco.model, state, { query: bright, key: bright }, { ...options, steps: 2 });
      for (const channel of [0, 1, 2]) {
        const values = tf.slice(clamped.query, [0, 0, 0, channel], [-1, -1, -1, 1]).dataSync();
        expect(Math.max(...values)).toBeLessThanOrEqual(white[channel]! + 1e-6);
      }
      moco.disposeState(state);

      function agreements({ query, key }: MocoState, { query: left, key: right }: typeof views): number[] {
        return tf.tidy(() => {
          const embed = ({ parameters, buffers }: MocoState['query'], images: Tensor4D): Tensor2D =>
            normaliseRows(moco.model.forward(parameters, buffers, images, { training: false }).output);
          return [...tf.sum(tf.mul(embed(query, left), embed(key, right)), 1).dataSync()];
        });
      }
      function firstOf({ query, key }: typeof views) {
        const first = (images: Tensor4D) => tf.slice(images, [0, 0, 0, 0], [1, -1, -1, -1]);
        return { query: first(query), key: first(key) };
      }
    });

    test('adversarial views raise the loss, and leave no tensors behind', () => {
      const drawn = createMoco({ ...config, ...patchNet });
      const start = drawn.stateToNamed(drawn.initialState(1));
      const losses = [false, true].map((adversarial) => {
        const moco = createMoco({ ...config, ...patchNet, adversarial, accumulate: 2 });
        let { state } = moco.step(moco.stateFromNamed(start), batchOf('a', 4), address);
        const before = tf.memory().numTensors;
        const batch = batchOf('b', 4);
        const done = moco.step(state, batch, { ...address, step: 1, dropout: 'off' });
        state = done.state;
        tf.dispose([batch.query, batch.key]);
        expect(tf.memory().numTensors).toBe(before);
        moco.disposeState(state);
        return done.measurements.loss;
      });
      expect(losses[1]).toBeGreaterThan(losses[0]!);
    });

    test('a step whose loss is not finite is skipped where that is wanted: nothing has changed', () => {
      const moco = createMoco({ ...config, ...smallNet, notFinite: 'skip' });
      const first = moco.step(moco.initialState(1), batchOf('a'), address);
      expect(first.measurements.skipped).toBe(0);
      const before = moco.stateToNamed(first.state);
      const count = tf.memory().numTensors;
      const broken = tf.fill([8, side, side, 3], Number.NaN) as Tensor4D;
      const { state, measurements } = moco.step(first.state, { query: broken, key: images('k') }, address);
      expect(measurements.skipped).toBe(1);
      // The key encoder has gone on to the query encoder before the step was computed.
      const changed = changedNames(before, moco.stateToNamed(state));
      expect(changed.filter((name) => !name.startsWith('encoder_k'))).toEqual([]);
      expect(tf.memory().numTensors).toBe(count + 2); // the batch
      const after = moco.step(state, batchOf('b'), { ...address, step: 2 });
      expect(Number.isFinite(after.measurements.loss)).toBe(true);
      moco.disposeState(after.state);
    });
  });
}
