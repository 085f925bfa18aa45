import { beforeAll, describe, expect, test } from 'vitest';
import { createSeed, embedByTeacher, type SeedConfig, type Teacher } from '../../../engine/methods/seed.ts';
import { backbones } from '../../../engine/models/index.ts';
import { initialArrays, keptTensors } from '../../../engine/models/initial.ts';
import type { NamedArray } from '../../../engine/models/layout.ts';
import { specsOf } from '../../../engine/models/model.ts';
import { type Tensor4D, tf } from '../../../engine/tf.ts';
import { backendNames, useBackend, whyMissing } from '../../support/backends.ts';
import { normalTensor } from '../../support/gradients.ts';

const config: SeedConfig = {
  arch: 'resnet18',
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

/** Both nets drawn once: that takes longer than the steps. */
function makeNets() {
  const model = backbones.resnet18({ head: 'simple', stem: 'small', outputSize: 16 });
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
  describe.skipIf(await whyMissing(backend))(`SEED on ${backend}`, { timeout: 120_000 }, () => {
    let teacher: Teacher;
    let start: NamedArray[];
    beforeAll(async () => {
      await useBackend(backend);
      ({ teacher, start } = makeNets());
    }, 120_000);

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
      expect(state.student.buffers['bn1.num_batches_tracked']!.dataSync()[0]).toBe(2);
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
