/** What MobileNetV3 and EfficientNet do beside the numbers of the fixtures: small stems, dropout, batch-norm groups. */
import { beforeAll, describe, expect, test } from 'vitest';
import { backbones } from '../../../engine/models/index.ts';
import { initialArrays, keptTensors } from '../../../engine/models/initial.ts';
import { fromPytorchLayout } from '../../../engine/models/layout.ts';
import { dropPath } from '../../../engine/models/mobile-layers.ts';
import { type ForwardOptions, type Model, specsOf } from '../../../engine/models/model.ts';
import { randomAt } from '../../../engine/random.ts';
import { type Tensor4D, type Tensors, tf } from '../../../engine/tf.ts';
import { useBackend, whyMissing } from '../../support/backends.ts';
import { fillImages, fillTensor } from '../../support/fill.ts';
import { normalTensor, relativeDistance } from '../../support/gradients.ts';

type Net = 'mobilenetv3_small' | 'efficientnet_b0' | 'efficientnet_b2';

const started = (net: Net) => {
  const model = backbones[net]({ head: 'none', outputSize: 16, stem: 'small' });
  const tensors = (kind: 'parameter' | 'buffer') => keptTensors(initialArrays(specsOf(model, kind), 0));
  return { model, parameters: tensors('parameter'), buffers: tensors('buffer') };
};

const filled = (net: Net) => {
  const model = backbones[net]({ head: 'none', outputSize: 128, stem: 'small' });
  const tensors = (kind: 'parameter' | 'buffer'): Tensors =>
    Object.fromEntries(specsOf(model, kind).map((spec) => [spec.name, fromPytorchLayout(fillTensor(spec, '', 1.3))]));
  return { model, parameters: tensors('parameter'), buffers: tensors('buffer') };
};

const reason = await whyMissing('native');

describe.skipIf(reason)('mobile nets', () => {
  beforeAll(() => useBackend('native'));

  /**
   * The published nets with nothing but their first convolution changed (stride 1, padding 1), by PyTorch on the CPU:
   * filled weights, the fill's images `arch/small-stem` of 32 px in evaluation. Float32 is 4e-7 away from float64.
   */
  test.each<[Net, number, number[]]>([
    ['mobilenetv3_small', 1.88668334, [0.0651279986, 0.0473224297, -0.089746356, 0.0318390429]],
    ['efficientnet_b0', 2.18982506, [0.119630933, -0.161318839, 0.0102134347, 0.095833905]],
    ['efficientnet_b2', 2.37876558, [-0.0632982105, 0.0214177426, -0.0498343706, 0.075125508]],
  ])('%s with the small stem', (net, length, first) => {
    const { model, parameters, buffers } = filled(net);
    const images = fillImages('arch/small-stem', [2, 3, 32, 32]);
    const output = tf.tidy(() => model.forward(parameters, buffers, images, { training: false }).output);
    const values = output.dataSync();
    first.forEach((value, index) => {
      expect(Math.abs(values[index]! - value)).toBeLessThan(1e-5 * length);
    });
    expect(Math.abs(tf.norm(output).dataSync()[0]! - length)).toBeLessThan(1e-5 * length);
  });

  describe.each<Net>(['mobilenetv3_small', 'efficientnet_b0'])('%s', (net) => {
    let model: Model;
    let parameters: Tensors;
    let buffers: Tensors;
    beforeAll(() => {
      ({ model, parameters, buffers } = started(net));
    });
    const images = () => normalTensor<Tensor4D>('images', [4, 32, 32, 3]);
    const forward = (images: Tensor4D, options: Omit<ForwardOptions, 'training'>) =>
      tf.tidy(() => {
        const { output, buffers: after } = model.forward(parameters, buffers, images, { training: true, ...options });
        return { output, buffers: after };
      });

    test('groups of batch norm give what each group gives alone; buffers follow the first', () => {
      const all = images();
      const split = forward(all, { bnSplits: 2, dropout: 'off' });
      const [first, second] = tf.split(all, 2).map((group) => forward(group as Tensor4D, { dropout: 'off' }));
      const alone = tf.concat([first!.output, second!.output]);
      // Convolutions of other batch sizes may sum in another order; 2x2 maps of 2 images amplify that.
      expect(relativeDistance(split.output.dataSync(), alone.dataSync())).toBeLessThan(1e-3);
      for (const [name, after] of Object.entries(first!.buffers)) {
        if (!name.endsWith('running_var')) continue;
        expect(relativeDistance(split.buffers[name]!.dataSync(), after.dataSync()), name).toBeLessThan(1e-3);
      }
    });

    test('what is dropped goes by its address; without draws nothing runs, in evaluation nothing is dropped', () => {
      const output = (step: number) => forward(images(), { dropout: randomAt(0, 'dropout', step) }).output.dataSync();
      expect(output(1)).toEqual(output(1));
      expect(output(1)).not.toEqual(output(2));
      expect(() => forward(images(), {})).toThrow('random draws');
      const evaluated = (options: ForwardOptions) =>
        tf.tidy(() => model.forward(parameters, buffers, images(), options).output).dataSync();
      expect(evaluated({ training: false })).toEqual(evaluated({ training: false, dropout: randomAt(0, 'dropout') }));
    });

    test('a forward pass leaves nothing behind but what it returns', () => {
      const given = images();
      const before = tf.memory().numTensors;
      const kept = tf.tidy(
        () => model.forward(parameters, buffers, given, { training: true, dropout: randomAt(0, 'dropout') }).buffers,
      );
      expect(tf.memory().numTensors - before).toBe(Object.keys(buffers).length);
      tf.dispose(kept);
    });
  });

  test('drop path: whole images, as often as asked, the others scaled to keep the mean', () => {
    const pass = { parameters: {}, buffers: {}, newBuffers: {}, training: true, dropout: randomAt(0, 'dropout') };
    const x = tf.ones([4000, 1, 2, 1]) as Tensor4D;
    const pairs = dropPath(pass, x, 0.2).reshape([4000, 2]).arraySync() as number[][];
    expect(pairs.every(([left, right]) => left === right)).toBe(true);
    expect(new Set(pairs.map(([value]) => value))).toEqual(new Set([0, Math.fround(1.25)]));
    const dropped = pairs.filter(([value]) => value === 0).length / 4000;
    expect(Math.abs(dropped - 0.2)).toBeLessThan(4 * Math.sqrt((0.2 * 0.8) / 4000)); // four standard errors
    expect(dropPath({ ...pass, training: false }, x, 0.2)).toBe(x);
    expect(dropPath({ ...pass, dropout: 'off' }, x, 0.2)).toBe(x);
  });
});
