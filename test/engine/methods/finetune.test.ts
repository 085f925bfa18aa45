import { beforeAll, describe, expect, test } from 'vitest';
import { crossEntropy } from '../../../engine/kernels/cross-entropy.ts';
import { createFinetune, type FinetuneState } from '../../../engine/methods/finetune.ts';
import { initialEncoder } from '../../../engine/methods/named-state.ts';
import { backbones } from '../../../engine/models/index.ts';
import { type Tensor4D, type Tensors, tf } from '../../../engine/tf.ts';
import { useBackend } from '../../support/backends.ts';
import { normalTensor } from '../../support/gradients.ts';

const backend = process.env.CONTRAST_BACKEND === 'wasm' ? 'wasm' : 'native';

describe('a classifier whose backbone is trained along', () => {
  beforeAll(() => useBackend(backend));
  const model = backbones.resnet18({ head: 'none', outputSize: 16, stem: 'small' });
  const options = { featureSize: 512, classes: 3, normalised: true, momentum: 0, weightDecay: 0 };
  const finetune = createFinetune(model, options);
  const images = () => normalTensor<Tensor4D>('images', [4, 16, 16, 3]);
  const valuesOf = (tensors: Tensors) =>
    Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, tensor.dataSync().slice()]));
  const lossOf = (state: FinetuneState, batch: Tensor4D, labels: tf.Tensor1D) =>
    tf.tidy(() => crossEntropy(finetune.logits(state, batch), labels).dataSync()[0]!);

  test('batch norm follows the batches in the first epoch and is fixed afterwards', () => {
    const [batch, labels] = [images(), tf.tensor1d([0, 1, 2, 0], 'int32')];
    let state = finetune.initialState(initialEncoder(model, 1), 1);
    const at = (epoch: number) => ({ learningRate: 0.01, seed: 1, epoch, step: 0 });
    const fresh = valuesOf(state.encoder.buffers);
    state = finetune.step(state, batch, labels, at(0)).state;
    const followed = valuesOf(state.encoder.buffers);
    expect(followed['bn1.running_mean']).not.toEqual(fresh['bn1.running_mean']);
    const live = tf.memory().numTensors;
    state = finetune.step(state, batch, labels, at(1)).state;
    expect(valuesOf(state.encoder.buffers)).toEqual(followed);
    expect(tf.memory().numTensors).toBe(live); // nothing grows over steps
    // The net's own last layer takes no part.
    expect(Object.keys(state.momentum)).not.toContain('fc.weight');
    finetune.disposeState(state);
    tf.dispose([batch, labels]);
  });

  test('a small step without momentum lowers the loss by rate x squared length of the gradient', () => {
    const [batch, labels] = [images(), tf.tensor1d([0, 1, 2, 0], 'int32')];
    let state = finetune.initialState(initialEncoder(model, 2), 2);
    const before = lossOf(state, batch, labels);
    const all = { ...valuesOf(state.encoder.parameters), ...valuesOf(state.head) };
    const learningRate = 1e-4;
    const done = finetune.step(state, batch, labels, { learningRate, seed: 2, epoch: 1, step: 0 });
    state = done.state;
    expect(done.measurements.loss).toBeCloseTo(before, 5);
    let squares = 0;
    for (const [name, now] of Object.entries({ ...valuesOf(state.encoder.parameters), ...valuesOf(state.head) })) {
      for (const [at, value] of now.entries()) squares += (value - all[name]![at]!) ** 2;
    }
    const expected = squares / learningRate; // the step is -rate x gradient
    // The second order of so short a step, and float32 of the loss, stay within a tenth.
    expect((before - lossOf(state, batch, labels)) / expected).toBeGreaterThan(0.9);
    expect((before - lossOf(state, batch, labels)) / expected).toBeLessThan(1.1);
    finetune.disposeState(state);
    tf.dispose([batch, labels]);
  });
});
