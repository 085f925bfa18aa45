import { beforeAll, describe, expect, test } from 'vitest';
import { heads } from '../../../common/jobs/train.ts';
import { createMoco, type MocoConfig } from '../../../engine/methods/moco.ts';
import { initialArrays, initialValues, keptTensors } from '../../../engine/models/initial.ts';
import type { NamedArray } from '../../../engine/models/layout.ts';
import { type Model, specsOf } from '../../../engine/models/model.ts';
import { vitTiny } from '../../../engine/models/vit.ts';
import { randomAt } from '../../../engine/random.ts';
import { type Tensor4D, tf } from '../../../engine/tf.ts';
import { backendNames, useBackend, whyMissing } from '../../support/backends.ts';
import { normalTensor, relativeDistance } from '../../support/gradients.ts';

const build = (options: Partial<Parameters<typeof vitTiny>[0]> = {}) =>
  vitTiny({ head: 'none', outputSize: 16, stem: 'imagenet', ...options });
/** Drawn once: the same for all heads and backends. */
const drawn = new Map<string, NamedArray>();
const valuesOf = (model: Model) => {
  const arrays = specsOf(model, 'parameter').map((spec) => {
    const key = `${spec.name} ${spec.shape}`;
    const array = drawn.get(key) ?? initialArrays([spec], 0)[0]!;
    drawn.set(key, array);
    return array;
  });
  return { parameters: keptTensors(arrays), buffers: {} };
};

describe('tensors', () => {
  test('the patches’ projection alone is frozen', () => {
    const frozen = build().tensors.filter((spec) => spec.frozen);
    expect(frozen.map(({ name }) => name)).toEqual(['to_patch_embedding.1.weight', 'to_patch_embedding.1.bias']);
  });

  test('the small stem cuts patches of 4 px and has places for 96 px', () => {
    const shapes = Object.fromEntries(build({ stem: 'small' }).tensors.map(({ name, shape }) => [name, shape]));
    expect(shapes.pos_embedding).toEqual([1, 24 * 24 + 1, 192]);
    expect(shapes['to_patch_embedding.1.weight']).toEqual([192, 4 * 4 * 3]);
  });

  test('starts as PyTorch’s layers do, embeddings standard normal', () => {
    const model = build();
    const drawn = (name: string) => initialValues(model.tensors.find((spec) => spec.name === name)!, 1) as Float32Array;
    const deviation = (values: Float32Array) =>
      Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length);
    const places = drawn('pos_embedding');
    // Four standard errors of a normal deviation from n draws.
    expect(Math.abs(deviation(places) - 1)).toBeLessThan(4 / Math.sqrt(2 * places.length));
    for (const [name, inputs] of [
      ['to_patch_embedding.1.weight', 768],
      ['transformer.layers.3.0.fn.to_qkv.weight', 192],
      ['transformer.layers.11.1.fn.net.3.weight', 768],
    ] as const) {
      const values = drawn(name);
      const bound = 1 / Math.sqrt(inputs);
      expect(values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)).toBeLessThanOrEqual(bound);
      // A uniform draw's square has the deviation 2/sqrt(5) of its mean, its root about half of that.
      expect(Math.abs(deviation(values) / (bound / Math.sqrt(3)) - 1)).toBeLessThan(
        (4 * 0.45) / Math.sqrt(values.length),
      );
    }
    expect(new Set(drawn('mlp_head.0.weight'))).toEqual(new Set([1]));
    expect(new Set(drawn('mlp_head.0.bias'))).toEqual(new Set([0]));
  });
});

for (const backend of backendNames) {
  describe.skipIf(await whyMissing(backend))(`ViT on ${backend}`, () => {
    beforeAll(() => useBackend(backend));

    test('every head, either stem, and nothing is left behind', () => {
      for (const head of heads) {
        const model = build({ head, stem: head === 'wide' ? 'small' : 'imagenet' });
        const { parameters, buffers } = valuesOf(model);
        const images = normalTensor<Tensor4D>('images', [2, 32, 32, 3]);
        const before = tf.memory().numTensors;
        tf.tidy(() => {
          const dropout = randomAt(0, 'dropout');
          const { features, output } = model.forward(parameters, buffers, images, { training: true, dropout });
          expect([features.shape, output.shape]).toEqual([
            [2, 192],
            [2, 16],
          ]);
        });
        expect(tf.memory().numTensors).toBe(before);
        tf.dispose([parameters, images]);
      }
    });

    test('dropout by its address; none in evaluation', () => {
      const model = build();
      const { parameters, buffers } = valuesOf(model);
      const images = normalTensor<Tensor4D>('images', [2, 32, 32, 3]);
      const output = (training: boolean, step: number) => {
        const dropout = randomAt(0, 'dropout', step);
        return tf.tidy(() => model.forward(parameters, buffers, images, { training, dropout }).output).dataSync();
      };
      expect(output(true, 1)).toEqual(output(true, 1));
      expect(output(true, 1)).not.toEqual(output(true, 2));
      expect(output(false, 1)).toEqual(output(false, 2));
    });

    test('images of part of a patch, or larger than its places, are refused', () => {
      const model = build();
      const { parameters, buffers } = valuesOf(model);
      const forward = (size: number) =>
        tf.tidy(() => model.forward(parameters, buffers, tf.zeros([1, size, size, 3]), { training: false }).output);
      expect(() => forward(40)).toThrow('40 x 40 px are not a whole number of patches of 16 px');
      expect(() => forward(240)).toThrow('240 x 240 px are more than this net has places for');
    });

    test('the gradient of the images, where it is asked for', () => {
      const model = build();
      const { parameters, buffers } = valuesOf(model);
      const images = normalTensor<Tensor4D>('images', [1, 16, 16, 3]);
      const direction = normalTensor<Tensor4D>('direction', [1, 16, 16, 3]);
      const value = (images: Tensor4D) =>
        tf.sum(
          model.forward(parameters, buffers, images, { training: false, imageGradient: true }).output,
        ) as tf.Scalar;
      const exact = tf.sum(tf.mul(tf.grad(value as (x: tf.Tensor) => tf.Tensor)(images), direction)).dataSync()[0]!;
      const at = (distance: number) => value(tf.add(images, tf.mul(direction, distance))).dataSync()[0]!;
      const numeric = (at(1e-2) - at(-1e-2)) / 2e-2;
      // Rounding of about 1e-6 in sums of size 1, over 0.02; curvature is small at this step.
      expect(relativeDistance([exact], [numeric])).toBeLessThan(1e-2);
    });
  });
}

describe('training', async () => {
  // The step itself is tested on both.
  const backend = (await whyMissing('native')) ? 'wasm' : 'native';
  beforeAll(() => useBackend(backend));

  test('a MoCo step moves everything but the frozen projection, which has no momentum', () => {
    const config: MocoConfig = {
      arch: 'vit_tiny',
      stem: 'imagenet',
      mlp: 'none',
      embeddingDimension: 16,
      queueLength: 8,
      keyMomentum: 0.9,
      temperature: 0.1,
      bnSplits: 1,
      momentum: 0.9,
      weightDecay: 0.1,
    };
    const moco = createMoco(config);
    const views = {
      query: normalTensor<Tensor4D>('query', [4, 32, 32, 3]),
      key: normalTensor<Tensor4D>('key', [4, 32, 32, 3]),
    };
    let state = moco.initialState(1);
    const before = new Map(moco.stateToNamed(state).map(({ name, data }) => [name, data]));
    for (const step of [0, 1]) ({ state } = moco.step(state, views, { learningRate: 0.1, seed: 1, epoch: 0, step }));
    const after = new Map(moco.stateToNamed(state).map(({ name, data }) => [name, data]));
    for (const { name, frozen } of moco.model.tensors) {
      for (const encoder of ['encoder_q.', 'encoder_k.']) {
        if (frozen) expect(after.get(encoder + name), name).toEqual(before.get(encoder + name));
        else expect(after.get(encoder + name), name).not.toEqual(before.get(encoder + name));
      }
      expect(after.has(`optimizer.momentum_buffer.${name}`), name).toBe(!frozen);
    }
    const again = moco.stateFromNamed(moco.stateToNamed(state));
    expect(Object.keys(again.momentum)).toEqual(Object.keys(state.momentum));
    moco.disposeState(again);
    moco.disposeState(state);
  });
});
