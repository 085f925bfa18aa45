/** Nets against the published code's: names, shapes, outputs, running statistics, gradients. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BackboneBuilder, backbones, teachers } from '../../engine/models/index.ts';
import { fromPytorchLayout, type NamedArray, toPytorchLayout } from '../../engine/models/layout.ts';
import { type Model, specsOf, trainedSpecs } from '../../engine/models/model.ts';
import { type Tensor, type Tensors, tf } from '../../engine/tf.ts';
import { type BackendName, backendNames, useBackend, whyMissing } from './backends.ts';
import { fillImages, fillTensor } from './fill.ts';
import { rounded } from './moco-case.ts';

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

/** The forward pass alone, of nets whose gradients were not recorded. */
interface PassRecord {
  input: Input;
  output: Vector;
  bn_after_one_forward?: BatchNormRecord[];
}

interface GradientRecord extends PassRecord {
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
  /** Not of nets that are too large to run. */
  eval?: Record<string, { input: Input; output: Vector; features_fc_identity?: Vector }>;
  train?: PassRecord | GradientRecord;
  frozen_bn_gradients?: GradientRecord;
}

const builders: Record<string, BackboneBuilder> = { ...backbones, ...teachers };
const folder = join(process.env.CONTRAST_FIXTURES ?? join(import.meta.dirname, '../fixtures'), 'arch');

/** Each family has a test file of its own, `golden/arch-<family>.test.ts`. */
const families = {
  resnet: /^(wide_)?(resnet|resnext)/,
  mobile: /^(mobilenet|efficientnet)/,
  vit: /^vit/,
  teacher: /^(simclr|swav)/,
};
export type Family = keyof typeof families;

export interface FamilyOptions {
  /** Nets whose gradients and training mode run on wasm too; the others only evaluate there. All, if left out. */
  trainedOnWasm?: readonly string[];
  /** Share of a gradient's length that float32 may be off in training mode (README, "gradients, train mode"). */
  gradientRoom: (arch: string) => number;
}

/** Declares the tests of the nets of a family that are built and have a file in `fixtures/arch`, on all backends. */
export async function testFamily(family: Family, options: FamilyOptions): Promise<void> {
  const fixtures = readdirSync(folder)
    .map((file) => file.replace('.json', ''))
    .filter((arch) => families[family].test(arch) && Object.hasOwn(builders, arch))
    .map((arch) => JSON.parse(readFileSync(join(folder, `${arch}.json`), 'utf8')) as Fixture);
  const missing = new Map<BackendName, string | undefined>();
  for (const backend of backendNames) missing.set(backend, await whyMissing(backend));
  for (const fixture of fixtures) {
    describe(fixture.arch, () => {
      const model = builders[fixture.arch]!({ head: 'none', outputSize: 128, stem: 'imagenet' });
      let arrays: NamedArray[] = [];
      // Once for all backends; half a gigabyte for the largest, gone before the next net comes.
      beforeAll(() => {
        const { prefix, weight_gain } = fixture.fill;
        if (fixture.eval) arrays = model.tensors.map((spec) => fillTensor(spec, prefix, weight_gain));
      });
      afterAll(() => {
        arrays = [];
      });

      testDeclarations(model, fixture);
      if (!fixture.eval) return; // the widest SwAV nets: names and shapes alone
      for (const backend of backendNames) {
        describe.skipIf(missing.get(backend))(`on ${backend}`, () => {
          testNet({ model, fixture, backend, options, arrays: () => arrays });
        });
      }
    });
  }
}

function testDeclarations(model: Model, fixture: Fixture): void {
  test("names and shapes, in state_dict's order", () => {
    expect(model.tensors.map(({ name, shape }) => [name, shape])).toEqual(fixture.state_dict);
    const sizes = specsOf(model, 'parameter').map(({ shape }) => shape.reduce((product, size) => product * size, 1));
    expect(sizes.reduce((sum, size) => sum + size)).toBe(fixture.parameters);
  });
}

interface NetOnBackend {
  model: Model;
  fixture: Fixture;
  backend: BackendName;
  options: FamilyOptions;
  /** The filled tensors, when the tests run. */
  arrays: () => NamedArray[];
}

function testNet({ model, fixture, backend, options: { trainedOnWasm, gradientRoom }, arrays }: NetOnBackend): void {
  // wasm sums in another order: ten times the room.
  const slack = backend === 'wasm' ? 10 : 1;
  const trains = backend !== 'wasm' || (trainedOnWasm?.includes(fixture.arch) ?? true);
  let parameters: Tensors = {};
  let buffers: Tensors = {};

  beforeAll(async () => {
    await useBackend(backend);
    const buffered = new Set(specsOf(model, 'buffer').map(({ name }) => name));
    const tensorsOf = (chosen: NamedArray[]) =>
      Object.fromEntries(chosen.map((array) => [array.name, fromPytorchLayout(array)]));
    parameters = tensorsOf(arrays().filter(({ name }) => !buffered.has(name)));
    buffers = tensorsOf(arrays().filter(({ name }) => buffered.has(name)));
  });

  afterAll(() => tf.dispose([parameters, buffers]));

  for (const [size, { input, output, features_fc_identity }] of Object.entries(fixture.eval ?? {})) {
    test(`evaluation at ${size} px`, { timeout: 300_000 }, () => {
      tf.tidy(() => {
        const images = fillImages(input.label, input.shape);
        const result = model.forward(parameters, buffers, images, { training: false });
        checkVector(result.output, output, slack * roomOf(output, 1e-5));
        if (features_fc_identity) {
          checkVector(result.features, features_fc_identity, slack * roomOf(features_fc_identity, 1e-5));
        }
      });
    });
  }

  const { train, frozen_bn_gradients: frozen } = fixture;
  if (train && trains) {
    test('training: output, running statistics and gradients', { timeout: 300_000 }, () => {
      withinRoundings((rounding) => {
        const run = hasGradients(train) ? differentiate : runOnce;
        const result = run(train.input, true, rounding);
        checkVector(result.output, train.output, slack * roomOf(train.output, 1e-4, 2e-3));
        for (const record of train.bn_after_one_forward ?? []) checkBatchNorm(record, result.buffers);
        if (hasGradients(train)) {
          checkGradients(result as Differentiated, train, slack * gradientRoom(fixture.arch));
        }
        tf.dispose([result.output, result.buffers]);
      });
    });
  }
  if (frozen && trains) {
    test('gradients with frozen batch norm', { timeout: 300_000 }, () => {
      withinRoundings((rounding) => {
        const result = differentiate(frozen.input, false, rounding);
        checkVector(result.output, frozen.output, slack * roomOf(frozen.output, 1e-5));
        checkGradients(result, frozen, slack * Math.max(1e-4, 20 * frozen.grad_rel_l2_diff_vs_f64.max));
        tf.dispose(result.output);
      });
    });
  }

  /** Both kept by `differentiate`: no tidy disposes them. */
  interface Passed {
    output: Tensor;
    buffers: Tensors;
  }

  interface Differentiated extends Passed {
    loss: number;
    gradients: Map<string, Tensor>;
  }

  function runOnce(input: Input, training: boolean, rounding: number): Passed {
    const images = rounded(fillImages(input.label, input.shape), input.label, rounding);
    return model.forward(parameters, buffers, images, { training, dropout: 'off' });
  }

  /** With the gradients of mean(output^2). */
  function differentiate(input: Input, training: boolean, rounding: number): Differentiated {
    const names = trainedSpecs(model).map(({ name }) => name);
    let passed: Passed | undefined;
    const loss = () => {
      const result = runOnce(input, training, rounding);
      passed = { output: tf.keep(result.output), buffers: result.buffers };
      return tf.mean(tf.square(result.output)) as tf.Scalar;
    };
    const { value, grads } = tf.valueAndGrads(loss)(names.map((name) => parameters[name]!));
    const gradients = new Map(names.map((name, index) => [name, grads[index]!]));
    return { loss: value.dataSync()[0]!, gradients, ...passed! };
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
}

/**
 * A ReLU input within rounding of 0 takes one of two branches, and gradients jump by 1e-4 (resnext50, frozen norms:
 * 1.06e-4 or 3e-7, nothing between). So where the plain run is off, images that differ by at most 1e-7 of each value
 * are tried, and one such run must be right in everything.
 */
function withinRoundings(check: (rounding: number) => void): void {
  let failure: unknown;
  for (let rounding = 0; rounding <= 4; rounding++) {
    try {
      tf.tidy(() => check(rounding));
      return;
    } catch (error) {
      failure ??= error;
    }
  }
  throw failure;
}

function hasGradients(record: PassRecord | GradientRecord): record is GradientRecord {
  return 'grad_l2' in record;
}

function checkGradients(
  result: { loss: number; gradients: Map<string, Tensor> },
  record: GradientRecord,
  room: number,
): void {
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

/** 20 times the distance that float32 has from float64 there, or the least room of the fixtures' README. */
function roomOf({ rel_l2_diff_vs_f64 }: Vector, least: number, withoutFloat64 = 10 * least): number {
  return rel_l2_diff_vs_f64 === undefined ? withoutFloat64 : Math.max(least, 20 * rel_l2_diff_vs_f64);
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
