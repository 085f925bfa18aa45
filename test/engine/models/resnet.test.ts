import { beforeAll, describe, expect, test } from 'vitest';
import { heads } from '../../../common/jobs/train.ts';
import type { Head } from '../../../engine/models/heads.ts';
import { backbones } from '../../../engine/models/index.ts';
import { initialArrays, keptTensors } from '../../../engine/models/initial.ts';
import { fromPytorchLayout, toPytorchLayout } from '../../../engine/models/layout.ts';
import { specsOf } from '../../../engine/models/model.ts';
import { randomAt } from '../../../engine/random.ts';
import { type Tensor4D, tf } from '../../../engine/tf.ts';
import { backendNames, useBackend, whyMissing } from '../../support/backends.ts';
import { normalTensor, relativeDistance } from '../../support/gradients.ts';

const build = (head: Head, stem: 'imagenet' | 'small' = 'small') => {
  const model = backbones.resnet18({ head, outputSize: 16, stem });
  return {
    model,
    parameters: keptTensors(initialArrays(specsOf(model, 'parameter'), 0)),
    buffers: keptTensors(initialArrays(specsOf(model, 'buffer'), 0)),
  };
};

describe('heads', () => {
  const shapesOf = (head: Head) =>
    Object.fromEntries(
      backbones
        .resnet18({ head, outputSize: 128, stem: 'imagenet' })
        .tensors.filter(({ name }) => name.startsWith('fc') && name.endsWith('weight'))
        .map(({ name, shape }) => [name, shape]),
    );

  test("layers under their Sequential's numbers", () => {
    expect(shapesOf('none')).toEqual({ 'fc.weight': [128, 512] });
    expect(shapesOf('simple')).toEqual({ 'fc.0.weight': [512, 512], 'fc.2.weight': [128, 512] });
    expect(shapesOf('deep')).toEqual({
      'fc.0.weight': [512, 512],
      'fc.2.weight': [512, 512],
      'fc.4.weight': [128, 512],
    });
    expect(shapesOf('dropout')).toEqual({ 'fc.0.weight': [512, 512], 'fc.3.weight': [128, 512] });
    expect(shapesOf('wide')).toEqual({ 'fc.0.weight': [1024, 512], 'fc.2.weight': [128, 1024] });
  });
});

describe.each(['resnet18', 'resnet50', 'resnext50_32x4d', 'wide_resnet50_2'] as const)('%s', (arch) => {
  test('the small stem changes the first convolution only', () => {
    const [published, small] = (['imagenet', 'small'] as const).map((stem) =>
      backbones[arch]({ head: 'none', outputSize: 16, stem }).tensors.map(({ name, shape }) => [name, shape]),
    );
    expect(small![0]).toEqual(['conv1.weight', [64, 3, 3, 3]]);
    expect(small!.slice(1)).toEqual(published!.slice(1));
  });

  test.each(heads)('head %s leads from the features to the embedding', (head) => {
    const { tensors, featureSize } = backbones[arch]({ head, outputSize: 16, stem: 'imagenet' });
    const layers = tensors.filter(({ name }) => /^fc.*weight$/.test(name));
    expect(layers[0]!.shape[1]).toBe(featureSize);
    expect(layers.at(-1)!.shape[0]).toBe(16);
  });
});

for (const backend of backendNames) {
  describe.skipIf(await whyMissing(backend))(`ResNet-18 on ${backend}`, () => {
    beforeAll(() => useBackend(backend));

    test('groups of batch norm give what each group gives alone; buffers follow the first', () => {
      const { model, parameters, buffers } = build('none');
      const images = normalTensor<Tensor4D>('images', [8, 16, 16, 3]);
      const forward = (images: Tensor4D, bnSplits: number) =>
        tf.tidy(() => {
          const result = model.forward(parameters, buffers, images, { training: true, bnSplits });
          return { output: result.output, buffers: result.buffers };
        });
      const split = forward(images, 2);
      const [first, second] = tf.split(images, 2).map((group) => forward(group as Tensor4D, 1));
      const alone = tf.concat([first!.output, second!.output]);
      // Convolutions of other batch sizes may sum in another order; 2x2 maps of 4 images amplify that.
      expect(relativeDistance(split.output.dataSync(), alone.dataSync())).toBeLessThan(1e-4);
      const name = 'layer4.1.bn2.running_var';
      expect(relativeDistance(split.buffers[name]!.dataSync(), first!.buffers[name]!.dataSync())).toBeLessThan(1e-4);
      expect(split.buffers['bn1.num_batches_tracked']!.dataSync()[0]).toBe(1);
    });

    test('dropout: half of the hidden layer, by its address; none in evaluation', () => {
      const { model, parameters, buffers } = build('dropout');
      const images = normalTensor<Tensor4D>('images', [4, 16, 16, 3]);
      const output = (training: boolean, step: number) => {
        const dropout = randomAt(0, 'dropout', step);
        return tf.tidy(() => model.forward(parameters, buffers, images, { training, dropout }).output).dataSync();
      };
      expect(output(true, 1)).toEqual(output(true, 1));
      expect(output(true, 1)).not.toEqual(output(true, 2));
      expect(output(false, 1)).toEqual(output(false, 2));
    });

    test('a forward pass leaves nothing behind but what it returns', () => {
      const { model, parameters, buffers } = build('wide', 'imagenet');
      const images = normalTensor<Tensor4D>('images', [2, 64, 64, 3]);
      const before = tf.memory().numTensors;
      const kept = tf.tidy(() => model.forward(parameters, buffers, images, { training: true }).buffers);
      expect(tf.memory().numTensors - before).toBe(Object.keys(buffers).length);
      tf.dispose(kept);
    });
  });
}

describe('layouts', () => {
  beforeAll(() => useBackend('wasm'));

  test('PyTorch to TensorFlow and back changes nothing', () => {
    for (const shape of [[4, 3, 2, 5], [4, 3], [6], []]) {
      const size = shape.reduce((product, length) => product * length, 1);
      const array = { name: 'x', shape, data: Float32Array.from({ length: size }, (_, index) => index + 0.5) };
      expect(toPytorchLayout('x', fromPytorchLayout(array))).toEqual(array);
    }
    const counter = { name: 'count', shape: [], data: BigInt64Array.of(41n) };
    expect(toPytorchLayout('count', fromPytorchLayout(counter))).toEqual(counter);
  });

  test('[out, in, k, k] becomes [k, k, in, out]', () => {
    const data = Float32Array.from({ length: 2 * 3 * 2 * 2 }, (_, index) => index);
    const tensor = fromPytorchLayout({ name: 'x', shape: [2, 3, 2, 2], data });
    expect(tensor.shape).toEqual([2, 2, 3, 2]);
    // out 1, in 2, row 0, column 1
    expect((tensor as Tensor4D).arraySync()[0]![1]![2]![1]).toBe((1 * 3 + 2) * 4 + 1);
  });

  test('an array of another size than its shape is refused', () => {
    expect(() => fromPytorchLayout({ name: 'fc.bias', shape: [3], data: new Float32Array(2) })).toThrow(
      'fc.bias has 2 values for the shape [3]',
    );
  });
});
