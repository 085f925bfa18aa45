import { beforeAll, describe, expect, test } from 'vitest';
import { createMoco, type MocoConfig } from '../../../engine/methods/moco.ts';
import type { NamedArray } from '../../../engine/models/layout.ts';
import { type Tensor4D, tf } from '../../../engine/tf.ts';
import { backendNames, useBackend, whyMissing } from '../../support/backends.ts';
import { normalTensor } from '../../support/gradients.ts';

const config: MocoConfig = {
  arch: 'resnet18',
  stem: 'small',
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
const views = (name = 'a', count = 8) => ({
  query: normalTensor<Tensor4D>(`${name}/query`, [count, 16, 16, 3]),
  key: normalTensor<Tensor4D>(`${name}/key`, [count, 16, 16, 3]),
});

/** Compared whole: element by element, millions of weights take the test runner seconds. */
const bytesOf = ({ data }: NamedArray) => Buffer.from(data.buffer, data.byteOffset, data.byteLength);

function expectSame(found: NamedArray[], wanted: NamedArray[]) {
  expect(found.map(({ name }) => name)).toEqual(wanted.map(({ name }) => name));
  const differing = found.filter((array, at) => !bytesOf(array).equals(bytesOf(wanted[at]!)));
  expect(differing.map(({ name }) => name)).toEqual([]);
}

for (const backend of backendNames) {
  describe.skipIf(await whyMissing(backend))(`MoCo on ${backend}`, () => {
    beforeAll(() => useBackend(backend));
    const moco = createMoco(config);
    let drawn: NamedArray[] | undefined;
    /** Drawn once: 11 million weights take a second. */
    const start = () => {
      drawn ??= moco.stateToNamed(moco.initialState(1));
      return moco.stateFromNamed(drawn);
    };

    test('both encoders start alike, the queue has unit columns', () => {
      const arrays = new Map(moco.stateToNamed(moco.initialState(1)).map((array) => [array.name, array]));
      for (const { name } of moco.model.tensors) {
        expect(bytesOf(arrays.get(`encoder_k.${name}`)!).equals(bytesOf(arrays.get(`encoder_q.${name}`)!))).toBe(true);
      }
      const queue = arrays.get('queue')!;
      expect(queue.shape).toEqual([16, 24]);
      for (let column = 0; column < 24; column++) {
        let squares = 0;
        for (let row = 0; row < 16; row++) squares += (queue.data[row * 24 + column] as number) ** 2;
        expect(squares).toBeCloseTo(1, 5);
      }
      expect(arrays.get('queue_ptr')!.data).toEqual(BigInt64Array.of(0n));
    });

    test('a step changes the queue where its pointer was, and moves on around it', () => {
      let state = start();
      for (const [step, pointer] of [8, 16, 0].entries()) {
        const before = state.queue.arraySync();
        ({ state } = moco.step(state, views(`${step}`), { ...address, step }));
        const changed = state.queue.arraySync().flatMap((row, at) => (row[0] === before[at]![0] ? [] : [at]));
        expect(changed).toEqual(Array.from({ length: 8 }, (_, at) => step * 8 + at));
        expect(state.queuePointer).toBe(pointer);
      }
      moco.disposeState(state);
    });

    test("the key encoder's weights average the query encoder's, its running statistics are its own", () => {
      const first = moco.step(start(), views(), address).state;
      const before = new Map(moco.stateToNamed(first).map((array) => [array.name, array.data as Float32Array]));
      const { state } = moco.step(first, views('b'), { ...address, step: 1 });
      const after = new Map(moco.stateToNamed(state).map((array) => [array.name, array.data as Float32Array]));
      const name = 'layer3.1.conv1.weight';
      const wanted = before
        .get(`encoder_k.${name}`)!
        .map((k, at) => 0.9 * k + 0.1 * before.get(`encoder_q.${name}`)![at]!);
      for (const at of [0, 17, 5000]) expect(after.get(`encoder_k.${name}`)![at]).toBeCloseTo(wanted[at]!, 6);
      expect(after.get('encoder_k.bn1.running_mean')).not.toEqual(after.get('encoder_q.bn1.running_mean'));
      moco.disposeState(state);
    });

    test('keys come back in order: the positive of each query is its own key', () => {
      // Query and key see the same images with the same weights: alike but for the groups of batch norm.
      const { query } = views();
      const { measurements, state } = moco.step(start(), { query, key: query }, address);
      expect(measurements.positiveSimilarity).toBeGreaterThan(0.7);
      expect(Math.abs(measurements.negativeSimilarity)).toBeLessThan(0.3);
      moco.disposeState(state);
    });

    test('goes on from a checkpoint as if it had not stopped', () => {
      let state = start();
      ({ state } = moco.step(state, views('a'), address));
      const saved = moco.stateToNamed(state);
      const copies = saved.map((array) => ({ ...array, data: array.data.slice() }));
      const on = moco.step(state, views('b'), { ...address, step: 1 });
      const again = moco.step(moco.stateFromNamed(saved), views('b'), { ...address, step: 1 });
      expect(again.measurements).toEqual(on.measurements);
      expectSame(moco.stateToNamed(again.state), moco.stateToNamed(on.state));
      // Native tensors may lie on the arrays' own memory: the step must not have written to it.
      expectSame(saved, copies);
      moco.disposeState(on.state);
      moco.disposeState(again.state);
    });

    test('tensors stay as many, step by step, and all of them go', () => {
      const before = tf.memory().numTensors;
      let state = start();
      const batch = views();
      const counts: number[] = [];
      for (let step = 0; step < 4; step++) {
        ({ state } = moco.step(state, batch, { ...address, step }));
        counts.push(tf.memory().numTensors);
      }
      expect(new Set(counts).size).toBe(1);
      moco.disposeState(state);
      tf.dispose([batch.query, batch.key]);
      expect(tf.memory().numTensors).toBe(before);
    });

    test('names what does not fit', () => {
      const state = start();
      expect(() => moco.step(state, views('a', 5), address)).toThrow('24 is not a multiple of the batch of 5');
      expect(() => moco.step(state, views('a', 3), address)).toThrow('a batch of 3 cannot be divided into 2');
      const arrays = moco.stateToNamed(state);
      const without = arrays.filter(({ name }) => name !== 'encoder_k.bn1.weight');
      expect(() => moco.stateFromNamed(without)).toThrow('the checkpoint has no encoder_k.bn1.weight');
      const other = createMoco({ ...config, embeddingDimension: 8 });
      expect(() => other.stateFromNamed(arrays)).toThrow(
        'encoder_q.fc.weight has the shape [16, 512] instead of [8, 512]',
      );
      moco.disposeState(state);
    });
  });
}
