import { beforeAll, describe, expect, test } from 'vitest';
import { createSeed, type SeedConfig, type Teacher } from '../../../engine/methods/seed.ts';
import { embedByTeacher } from '../../../engine/methods/seed-passes.ts';
import { backbones } from '../../../engine/models/index.ts';
import { initialArrays, keptTensors } from '../../../engine/models/initial.ts';
import type { NamedArray } from '../../../engine/models/layout.ts';
import { specsOf } from '../../../engine/models/model.ts';
import { type Tensor2D, type Tensor4D, tf } from '../../../engine/tf.ts';
import { backendNames, useBackend, whyMissing } from '../../support/backends.ts';
import { changedNames, distance } from '../../support/distance.ts';
import { normalTensor } from '../../support/gradients.ts';

const config: SeedConfig = {
  arch: 'mobilenetv3_small',
  stem: 'small',
  studentMlp: false,
  embeddingDimension: 16,
  queueLength: 12,
  temperature: 0.2,
  teacherTemperature: 0.05,
  smallPatches: false,
  bnSplits: 2,
  momentum: 0.9,
  weightDecay: 1e-4,
};
const address = { learningRate: 0.01, seed: 3, epoch: 0, step: 0 };
const images = (name: string, count = 4, side = 8) => normalTensor<Tensor4D>(name, [count, side, side, 3]);

/** Both nets drawn once, and small ones: that takes longer than the steps. */
function makeNets() {
  const model = backbones.mobilenetv3_small({ head: 'simple', stem: 'small', outputSize: 16 });
  const drawn = (kind: 'parameter' | 'buffer') => keptTensors(initialArrays(specsOf(model, kind), 7));
  const teacher: Teacher = { model, parameters: drawn('parameter'), buffers: drawn('buffer') };
  const patched = createSeed({ ...config, smallPatches: true }, teacher);
  const state = patched.initialState(1);
  const start = patched.stateToNamed(state);
  patched.disposeState(state);
  return { teacher, start };
}

// The arithmetic of a step is the same as the golden cases'; here it is what a step does with its state.
for (const backend of backendNames) {
  describe.skipIf(await whyMissing(backend))(`SEED on ${backend}`, { timeout: 300_000 }, () => {
    let teacher: Teacher;
    let start: NamedArray[];
    beforeAll(async () => {
      await useBackend(backend);
      ({ teacher, start } = makeNets());
    });

    test('the queue takes what the teacher makes of the views, from the pointer on', () => {
      const seed = createSeed(config, teacher);
      const first = seed.stateFromNamed(start);
      const before = first.queue.arraySync();
      const view = images('a');
      const embeddings = tf.tidy(() => embedByTeacher(teacher, view).arraySync());
      const { state, measurements } = seed.step(first, { view }, address);
      const after = state.queue.arraySync();
      expect(after.slice(0, 4).flat().map(Math.fround)).toEqual(embeddings.flat().map(Math.fround));
      expect(after.slice(4)).toEqual(before.slice(4));
      expect(state.queuePointer).toBe(4);
      expect(measurements.divergence).toBeGreaterThan(0);
      expect(measurements.divergence).toBeLessThan(measurements.loss);
      // Embeddings that are known already give the same step.
      const again = seed.step(seed.stateFromNamed(start), { view, embeddings: tf.tensor2d(embeddings) }, address);
      expect(again.measurements).toEqual(measurements);
    });

    test('each patch counts, only the first of an image is queued, and the norms see two batches', () => {
      const seed = createSeed({ ...config, smallPatches: true, bnSplits: 1 }, teacher);
      const [view, patches] = [images('a'), images('patches', 12, 4)];
      const { state, measurements } = seed.step(seed.stateFromNamed(start), { view, patches }, address);
      const embedded = tf.tidy(() => embedByTeacher(teacher, patches).arraySync());
      expect(state.smallQueue!.arraySync().slice(0, 4)).toEqual([0, 3, 6, 9].map((row) => embedded[row]));
      expect(measurements.viewLoss! + measurements.patchLoss!).toBeCloseTo(measurements.loss, 5);
      expect(state.student.buffers['features.0.1.num_batches_tracked']!.dataSync()[0]).toBe(2);
      // The views alone give their own part of the loss.
      const alone = createSeed({ ...config, bnSplits: 1 }, teacher);
      const plain = alone.step(alone.stateFromNamed(start), { view }, address);
      expect(measurements.viewLoss).toBeCloseTo(plain.measurements.loss, 5);
      expect(measurements.similarity).toBeCloseTo(plain.measurements.similarity, 5);
    });

    test('steps lower the loss of the same batch; the teacher stays as it is', () => {
      const seed = createSeed(config, teacher);
      const held = teacher.parameters['fc.0.weight']!.dataSync().slice();
      let state = seed.stateFromNamed(start);
      const view = images('a');
      const losses: number[] = [];
      for (let step = 0; step < 4; step++) {
        const done = seed.step(state, { view }, { ...address, step, learningRate: 0.05 });
        state = done.state;
        losses.push(done.measurements.similarity);
      }
      expect(losses.at(-1)!).toBeGreaterThan(losses[0]!);
      expect(teacher.parameters['fc.0.weight']!.dataSync()).toEqual(held);
    });

    test('goes on from a checkpoint as if it had not stopped, and leaves no tensor behind', () => {
      const seed = createSeed({ ...config, smallPatches: true }, teacher);
      const batch = { view: images('a'), patches: images('patches', 8, 4) };
      const before = tf.memory().numTensors;
      const first = seed.step(seed.stateFromNamed(start), batch, address).state;
      const saved = seed.stateToNamed(first);
      const counted = tf.memory().numTensors;
      const on = seed.step(first, batch, { ...address, step: 1 });
      expect(tf.memory().numTensors).toBe(counted);
      const again = seed.step(seed.stateFromNamed(saved), batch, { ...address, step: 1 });
      expect(again.measurements).toEqual(on.measurements);
      expect(saved.map(({ name }) => name)).toEqual(expect.arrayContaining(['teacher.fc.2.bias', 'small_queue']));
      seed.disposeState(on.state);
      seed.disposeState(again.state);
      expect(tf.memory().numTensors).toBe(before);
    });

    test('parts that would cut groups of batch norm are refused, and such as do not divide the batch', () => {
      const step = (accumulate: number) => {
        const seed = createSeed({ ...config, accumulate }, teacher);
        seed.step(seed.stateFromNamed(start), { view: images('a') }, address);
      };
      expect(() => step(4)).toThrow('2 batch-norm groups cannot be divided among 4 parts');
      expect(() => step(3)).toThrow('a batch of 4 cannot be divided into 3 equal parts');
    });

    test('a step whose loss is not finite is skipped where that is wanted: nothing has changed', () => {
      const seed = createSeed({ ...config, smallPatches: true, notFinite: 'skip', accumulate: 2 }, teacher);
      const patches = images('patches', 8, 4);
      const first = seed.step(seed.stateFromNamed(start), { view: images('a'), patches }, address);
      expect(first.measurements.skipped).toBe(0);
      const before = seed.stateToNamed(first.state);
      const count = tf.memory().numTensors;
      const broken = tf.fill([4, 8, 8, 3], Number.NaN) as Tensor4D;
      const { state, measurements } = seed.step(first.state, { view: broken, patches }, { ...address, step: 1 });
      expect(measurements.skipped).toBe(1);
      expect(tf.memory().numTensors).toBe(count + 1); // the broken views
      expect(changedNames(before, seed.stateToNamed(state))).toEqual([]);
      seed.disposeState(state);
    });

    test('names what does not fit', () => {
      const other = { ...teacher, model: { ...teacher.model, outputSize: 8 } };
      expect(() => createSeed(config, other)).toThrow('the teacher gives 8 numbers for an image');
      const seed = createSeed(config, teacher);
      const state = seed.stateFromNamed(start);
      const step = (count: number) => seed.step(state, { view: images('b', count) }, address);
      expect(() => step(5)).toThrow('12 is not a multiple of the batch of 5');
      expect(() => step(3)).toThrow('a batch of 3 cannot be divided into 2');
    });
  });
}

// On one backend: what differs between them is tested with the plain step.
const [native, wasm] = backendNames;
test('a batch in parts of whole groups is the undivided batch: loss, weights, statistics, queues', {
  timeout: 300_000,
}, async () => {
  await useBackend((await whyMissing(native)) ? wasm : native);
  const { teacher } = makeNets();
  const batch = { view: images('a', 8), patches: images('patches', 16) };
  const stepOf = (accumulate: number) => {
    // Four images a group: with two, batch norm is so steep that its rounding shows.
    const change = { arch: 'resnet18', queueLength: 16, smallPatches: true, accumulate } as const;
    const seed = createSeed({ ...config, ...change }, teacher);
    const rows: number[] = [];
    const inspect = (_: string, logits: Tensor2D) => rows.push(logits.shape[0]);
    const before = tf.memory().numTensors;
    const { state, measurements } = seed.step(seed.initialState(1), batch, { ...address, inspect });
    const arrays = seed.stateToNamed(state);
    seed.disposeState(state);
    expect(tf.memory().numTensors).toBe(before);
    return { rows, measurements, arrays };
  };
  const whole = stepOf(1);
  const parts = stepOf(2);
  expect(whole.rows).toEqual([8, 16]);
  expect(parts.rows).toEqual([4, 8, 4, 8]);
  for (const name of ['loss', 'viewLoss', 'patchLoss', 'divergence', 'similarity', 'agreement'] as const)
    expect(parts.measurements[name], name).toBeCloseTo(whole.measurements[name]!, 5);
  for (const [at, { name, data }] of whole.arrays.entries()) {
    const other = parts.arrays[at]!.data;
    if (data instanceof Float32Array && other instanceof Float32Array)
      // The same sums in another order: 1e-6 or so of a tensor's length.
      expect(distance(data, other), name).toBeLessThan(1e-4);
    else expect(other, name).toEqual(data);
  }
});
