/** Backbones against the published code's: names, shapes, outputs, running statistics, gradients. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Architecture } from '../../common/architectures.ts';
import { extractFeatures } from '../../engine/models/features.ts';
import { backbones } from '../../engine/models/index.ts';
import { fromPytorchLayout, toPytorchLayout } from '../../engine/models/layout.ts';
import { type Model, specsOf, trainedSpecs } from '../../engine/models/model.ts';
import { type Tensor, type Tensors, tf } from '../../engine/tf.ts';
import { backendNames, useBackend, whyMissing } from '../support/backends.ts';
import { fillHash, fillImages, fillQueue, fillTensor } from '../support/fill.ts';

interface Vector {
  shape: number[];
  first: number[];
  mean: number;
  l2: number;
  min: number;
  max: number;
  row_l2?: number[];
  row_first4?: number[][];
  rel_l2_diff_vs_f64?: number;
}

interface Input {
  label: string;
  shape: [number, number, number, number];
}

interface GradientRecord {
  input: Input;
  output: Vector;
  loss_mean_square: number;
  /** Null for frozen parameters. */
  grad_l2: [string, number | null][];
  grad_total_l2: number;
  grad_rel_l2_diff_vs_f64: { max: number };
  grad_samples: Record<string, Vector>;
}

interface BatchNormRecord {
  name: string;
  running_mean_l2: number;
  running_var_l2: number;
  running_mean_first8: number[];
  running_var_first8: number[];
  num_batches_tracked: number;
}

interface Fixture {
  arch: string;
  fill: { prefix: string; weight_gain: number };
  parameters: number;
  buffers: number;
  state_dict: [string, number[]][];
  eval: Record<string, { input: Input; output: Vector; features_fc_identity: Vector }>;
  train: GradientRecord & { bn_after_one_forward?: BatchNormRecord[] };
  frozen_bn_gradients: GradientRecord;
}

const folder = join(process.env.CONTRAST_FIXTURES ?? join(import.meta.dirname, '../fixtures'), 'arch');
const fixtures = readdirSync(folder)
  .filter((file) => Object.hasOwn(backbones, file.replace('.json', '')))
  .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Fixture);

test('the fill rule gives the numbers of its check table', () => {
  expect(fillHash('conv1.weight', 9407)).toBe(1538135437);
  const value = (name: string, shape: number[], index: number) => fillTensor({ name, shape }).data[index];
  expect(value('conv1.weight', [64, 3, 7, 7], 0)).toBeCloseTo(0.129833952, 9);
  expect(value('layer4.1.conv2.weight', [512, 512, 3, 3], 2359295)).toBeCloseTo(0.00120822457, 11);
  expect(value('bn1.weight', [64], 0)).toBeCloseTo(0.606887877, 8);
  expect(value('bn1.bias', [64], 63)).toBeCloseTo(0.0332135856, 9);
  expect(value('bn1.running_mean', [64], 5)).toBeCloseTo(0.0747910663, 9);
  expect(value('bn1.running_var', [64], 5)).toBeCloseTo(1.43168092, 7);
  expect(fillHash('queue', 4095)).toBe(2852401129);
  expect(fillQueue(128, 32).shape).toEqual([128, 32]);
});

for (const backend of backendNames) {
  // wasm sums in another order: ten times the room.
  const slack = backend === 'wasm' ? 10 : 1;
  describe.skipIf(await whyMissing(backend)).each(fixtures)(`$arch on ${backend}`, (fixture) => {
    let model: Model;
    let parameters: Tensors;
    let buffers: Tensors;

    beforeAll(async () => {
      await useBackend(backend);
      model = backbones[fixture.arch as Architecture]({ head: 'none', outputSize: 128, stem: 'imagenet' });
      const fill = (kind: 'parameter' | 'buffer') =>
        Object.fromEntries(
          specsOf(model, kind).map((spec) => {
            const array = fillTensor(spec, fixture.fill.prefix, fixture.fill.weight_gain);
            return [spec.name, fromPytorchLayout(array)];
          }),
        );
      parameters = fill('parameter');
      buffers = fill('buffer');
    });

    test("names and shapes, in state_dict's order", () => {
      expect(model.tensors.map(({ name, shape }) => [name, shape])).toEqual(fixture.state_dict);
      const sizes = specsOf(model, 'parameter').map(({ shape }) => shape.reduce((product, size) => product * size, 1));
      expect(sizes.reduce((sum, size) => sum + size)).toBe(fixture.parameters);
    });

    for (const [size, record] of Object.entries(fixture.eval)) {
      test(`evaluation at ${size} px`, () => {
        const images = fillImages(record.input.label, record.input.shape);
        const output = tf.tidy(() => model.forward(parameters, buffers, images, { training: false }).output);
        checkVector(output, record.output, slack * roomOf(record.output, 1e-5));
        const features = extractFeatures(model, parameters, buffers, images);
        checkVector(features, record.features_fc_identity, slack * roomOf(record.features_fc_identity, 1e-5));
      });
    }

    test('training: output, running statistics and gradients', () => {
      const result = differentiate(fixture.train.input, true);
      checkVector(result.output, fixture.train.output, slack * roomOf(fixture.train.output, 1e-4));
      for (const record of fixture.train.bn_after_one_forward ?? []) checkBatchNorm(record, result.buffers);
      // README, "gradients, train mode": resnet18 1e-2.
      checkGradients(result, fixture.train, slack * 1e-2);
    });

    test('gradients with frozen batch norm', () => {
      const record = fixture.frozen_bn_gradients;
      const result = differentiate(record.input, false);
      checkVector(result.output, record.output, slack * roomOf(record.output, 1e-5));
      checkGradients(result, record, slack * Math.max(1e-4, 20 * record.grad_rel_l2_diff_vs_f64.max));
    });

    /** The gradients of mean(output^2). */
    function differentiate(input: Input, training: boolean) {
      const images = fillImages(input.label, input.shape);
      const names = trainedSpecs(model).map(({ name }) => name);
      let output: Tensor | undefined;
      let buffersAfter: Tensors = {};
      const loss = () => {
        const result = model.forward(parameters, buffers, images, { training, dropout: 'off' });
        output = tf.keep(result.output);
        buffersAfter = result.buffers;
        return tf.mean(tf.square(result.output)) as tf.Scalar;
      };
      const { value, grads } = tf.valueAndGrads(loss)(names.map((name) => parameters[name]!));
      const gradients = new Map(names.map((name, index) => [name, grads[index]!]));
      return { loss: value.dataSync()[0]!, output: output!, buffers: buffersAfter, gradients };
    }

    function checkBatchNorm(record: BatchNormRecord, after: Tensors): void {
      for (const part of ['mean', 'var'] as const) {
        const values = after[`${record.name}.running_${part}`]!.dataSync();
        const length = record[`running_${part}_l2`];
        const room = slack * 1e-4 * length;
        expect(Math.abs(norm(values) - length)).toBeLessThan(room);
        for (const [index, value] of record[`running_${part}_first8`].entries()) {
          expect(Math.abs(values[index]! - value)).toBeLessThan(room);
        }
      }
      expect(after[`${record.name}.num_batches_tracked`]!.dataSync()[0]).toBe(record.num_batches_tracked);
    }

    function checkGradients(result: ReturnType<typeof differentiate>, record: GradientRecord, room: number): void {
      expect(Math.abs(result.loss - record.loss_mean_square)).toBeLessThan(room * record.loss_mean_square);
      for (const [name, length] of record.grad_l2) {
        expect(result.gradients.has(name), name).toBe(length !== null);
        if (length === null) continue;
        const size = Math.max(length, 1e-3 * record.grad_total_l2);
        const actual = norm(result.gradients.get(name)!.dataSync());
        expect(Math.abs(actual - length), name).toBeLessThan(room * size);
      }
      for (const [name, sample] of Object.entries(record.grad_samples)) {
        const { shape, data } = toPytorchLayout(name, result.gradients.get(name)!);
        checkArray({ shape, values: data as Float32Array }, sample, room);
      }
    }
  });
}

/** 20 times the distance that float32 has from float64 there, or the least room of the fixtures' README. */
function roomOf({ rel_l2_diff_vs_f64 }: Vector, least: number): number {
  return rel_l2_diff_vs_f64 === undefined ? 10 * least : Math.max(least, 20 * rel_l2_diff_vs_f64);
}

/** Every number of the block, with a room relative to the vector's length. */
function checkVector(tensor: Tensor, expected: Vector, room: number): void {
  checkArray({ shape: tensor.shape, values: tensor.dataSync() as Float32Array }, expected, room);
}

function checkArray(
  { shape, values }: { shape: readonly number[]; values: Float32Array },
  expected: Vector,
  room: number,
) {
  expect(shape).toEqual(expected.shape);
  const near = (actual: number, wanted: number, what: string) =>
    expect(Math.abs(actual - wanted), what).toBeLessThanOrEqual(room * expected.l2);
  for (const [index, value] of expected.first.entries()) near(values[index]!, value, `entry ${index}`);
  near(norm(values), expected.l2, 'length');
  near(
    values.reduce((least, value) => Math.min(least, value)),
    expected.min,
    'smallest',
  );
  near(
    values.reduce((most, value) => Math.max(most, value)),
    expected.max,
    'largest',
  );
  near(values.reduce((sum, value) => sum + value, 0) / values.length, expected.mean, 'mean');
  const columns = values.length / shape[0]!;
  for (const [row, wanted] of (expected.row_l2 ?? []).entries()) {
    near(norm(values.subarray(row * columns, (row + 1) * columns)), wanted, `length of row ${row}`);
  }
  for (const [row, wanted] of (expected.row_first4 ?? []).entries()) {
    for (const [column, value] of wanted.entries()) near(values[row * columns + column]!, value, `[${row}, ${column}]`);
  }
}

function norm(values: ArrayLike<number>): number {
  let squares = 0;
  for (let index = 0; index < values.length; index++) squares += values[index]! ** 2;
  return Math.sqrt(squares);
}
