/** Runs the cases of `fixtures/seed`: the published code's own steps, compared entry by entry. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Architecture } from '../../common/architectures.ts';
import { createSeed, type Seed, type SeedConfig, type SeedState, type Teacher } from '../../engine/methods/seed.ts';
import { type BackboneBuilder, backbones, teachers } from '../../engine/models/index.ts';
import { fromPytorchLayout, type NamedArray } from '../../engine/models/layout.ts';
import { type Model, specsOf, type TensorSpec } from '../../engine/models/model.ts';
import { type Tensor2D, type Tensors, tf } from '../../engine/tf.ts';
import { fillImages, fillQueue, fillTensor } from './fill.ts';
import { type BatchNormNorms, checkQueue, norm, type QueueCheck, rounded, total } from './moco-case.ts';

interface LogitBlock {
  shape: number[];
  first: number[];
  mean: number;
  l2: number;
  min: number;
  max: number;
}

interface StepRecord {
  step: number;
  loss: number;
  loss_f64: number;
  /** Of the view and of the patches. */
  loss_parts?: [number, number];
  logit_s: LogitBlock;
  /** The targets. */
  logit_t: LogitBlock;
  small_logit_s?: LogitBlock;
  small_logit_t?: LogitBlock;
  student_l2: Record<string, number>;
  student_total_l2: number;
  bn_student: BatchNormNorms[];
  queue_ptr: number;
  queue_check: Omit<QueueCheck, 'total_sum_f64'>;
  small_queue_sum?: number;
}

interface SeedCase {
  case: {
    kind: 'plain' | 'small_patch';
    student: string;
    teacher: string;
    /** How the teacher learnt. The small-patch builder takes SwAV's whatever it says. */
    stu: 'moco' | 'simclr' | 'swav';
    student_mlp: boolean;
    dim: number;
    K: number;
    t: number;
    distill_t: number;
    batch: number;
    size: number;
    lr: number;
    momentum: number;
    weight_decay: number;
  };
  fill: { student_gain: number; teacher_gain: number };
  inputs: { label: string; shape: [number, number, number, number]; small_shape?: number[] };
  head_keys: { student: [string, number[]][]; teacher: [string, number[]][] };
  after_step: StepRecord[];
}

const folder = join(process.env.CONTRAST_FIXTURES ?? join(import.meta.dirname, '../fixtures'), 'seed');

export const seedCases = (existsSync(folder) ? readdirSync(folder) : [])
  .filter((file) => file.endsWith('.json') && file !== 'teachers.json')
  .map((file) => ({ file, fixture: JSON.parse(readFileSync(join(folder, file), 'utf8')) as SeedCase }));

const nets: Record<string, BackboneBuilder> = { ...backbones, ...teachers };

/** Why a case cannot run yet. */
export function whyUnsupported({ case: settings }: SeedCase): string | undefined {
  if (!Object.hasOwn(backbones, settings.student)) return `${settings.student} is not built`;
  return Object.hasOwn(nets, settings.teacher) ? undefined : `${settings.teacher} is not built`;
}

export interface CaseOptions {
  /** Times the tolerances of the fixtures' README. */
  slack: number;
  /** Runs with other roundings that are tried before a difference counts as an error (moco-case.ts, checkCase). */
  roundings: number;
  /** Of those that the file has. */
  steps: number;
}

export function checkCase(fixture: SeedCase, { slack, roundings, steps }: CaseOptions): void {
  let failure: unknown;
  for (let rounding = 0; rounding <= roundings; rounding++) {
    try {
      tf.engine().startScope();
      runCase(fixture, rounding, slack, steps);
      return;
    } catch (error) {
      failure ??= error;
    } finally {
      tf.engine().endScope();
    }
  }
  throw failure;
}

function runCase(fixture: SeedCase, rounding: number, slack: number, steps: number): void {
  const { case: settings, inputs } = fixture;
  const config: SeedConfig = {
    arch: settings.student as Architecture,
    stem: 'imagenet',
    studentMlp: settings.student_mlp,
    embeddingDimension: settings.dim,
    queueLength: settings.K,
    temperature: settings.t,
    teacherTemperature: settings.distill_t,
    smallPatches: settings.kind === 'small_patch',
    bnSplits: 1,
    momentum: settings.momentum,
    weightDecay: settings.weight_decay,
  };
  const teacher = filledTeacher(fixture);
  const seed = createSeed(config, teacher);
  expect(headKeys(seed.model)).toEqual(fixture.head_keys.student);
  expect(headKeys(teacher.model)).toEqual(fixture.head_keys.teacher);
  let state = filledState(seed, teacher, fixture);
  for (const record of fixture.after_step.slice(0, steps)) {
    const where = `step ${record.step}`;
    const label = `${inputs.label.split('/step')[0]}/step${record.step - 1}`;
    const image = (part: string, shape: number[]) => {
      const flat = [shape.slice(0, -3).reduce((a, b) => a * b, 1), ...shape.slice(-3)];
      return rounded(fillImages(`${label}/${part}`, flat as [number, number, number, number]), part, rounding);
    };
    // The files allow five times more with each further step: by then rounding has gone through the updates.
    const room = slack * 5 ** (record.step - 1);
    const inspected: [LogitBlock, ArrayLike<number>, string][] = [];
    const done = seed.step(
      state,
      {
        view: image('x', inputs.shape),
        ...(inputs.small_shape && { patches: image('small', inputs.small_shape) }),
      },
      {
        learningRate: settings.lr,
        seed: 0,
        epoch: 0,
        step: record.step - 1,
        dropout: 'off',
        inspect(part, logits, targets) {
          const blocks =
            part === 'view' ? [record.logit_s, record.logit_t] : [record.small_logit_s, record.small_logit_t];
          for (const [at, tensor] of ([logits, targets] as Tensor2D[]).entries()) {
            expect(tensor.shape).toEqual(blocks[at]!.shape);
            inspected.push([blocks[at]!, tensor.dataSync(), `${where}: ${part} ${at === 0 ? 'logits' : 'targets'}`]);
          }
        },
      },
    );
    state = done.state;
    const { measurements } = done;
    const lossRoom = room * Math.max(1e-4 * record.loss, 20 * Math.abs(record.loss - record.loss_f64));
    expect(Math.abs(measurements.loss - record.loss), `${where}: loss`).toBeLessThanOrEqual(lossRoom);
    for (const [at, wanted] of (record.loss_parts ?? []).entries()) {
      const part = at === 0 ? measurements.viewLoss! : measurements.patchLoss!;
      expect(Math.abs(part - wanted), `${where}: part ${at} of the loss`).toBeLessThanOrEqual(lossRoom);
    }
    for (const [block, values, what] of inspected) {
      // Similarities are off by 1e-5 or so; the target's temperature magnifies that.
      const magnified = what.includes('targets') ? 1 + 0.01 / settings.distill_t : 1;
      checkBlock(values, block, room * 1e-4 * magnified, what);
    }
    checkState(seed, state, record, { room: Math.max(room * 1e-4, lossRoom / record.loss), where });
  }
  seed.disposeState(state);
}

function headKeys(model: Model) {
  return model.tensors
    .filter(({ name }) => /^(fc|projection_head)\b/.test(name))
    .map(({ name, shape }) => [name, shape]);
}

/** The cases share their nets, and filling one takes longer than a step. */
const filled = new Map<string, NamedArray>();

function filledOnce(spec: TensorSpec, prefix: string, gain: number): NamedArray {
  const key = `${prefix}${spec.name} ${spec.shape} ${gain}`;
  const array = filled.get(key) ?? fillTensor(spec, prefix, gain);
  filled.set(key, array);
  return array;
}

function filledTeacher({ case: settings, fill }: SeedCase): Teacher {
  const head = settings.stu === 'moco' && settings.student_mlp ? 'simple' : 'none';
  const model = nets[settings.teacher]!({ head, outputSize: settings.dim, stem: 'imagenet' });
  const tensors = (kind: TensorSpec['kind']): Tensors =>
    Object.fromEntries(
      specsOf(model, kind).map((spec) => {
        return [spec.name, fromPytorchLayout(filledOnce(spec, 'teacher.', fill.teacher_gain))];
      }),
    );
  return { model, parameters: tensors('parameter'), buffers: tensors('buffer') };
}

function filledState(seed: Seed, teacher: Teacher, { case: { dim, K, kind }, fill }: SeedCase): SeedState {
  const student = seed.model.tensors.map((spec): NamedArray => {
    const array = filledOnce(spec, 'student.', fill.student_gain);
    return { ...array, name: `student.${array.name}` };
  });
  const queues = [fillQueue(dim, K)];
  if (kind === 'small_patch') queues.push({ ...fillQueue(dim, K, 'small_'), name: 'small_queue' });
  const pointer: NamedArray = { name: 'queue_ptr', shape: [1], data: BigInt64Array.of(0n) };
  expect(teacher.model.tensors.length).toBeGreaterThan(0);
  return seed.stateFromNamed([...student, ...queues, pointer]);
}

function checkBlock(values: ArrayLike<number>, expected: LogitBlock, relative: number, what: string): void {
  const room = relative * Math.max(Math.abs(expected.min), Math.abs(expected.max));
  const near = (actual: number, wanted: number, part: string) =>
    expect(Math.abs(actual - wanted), `${what}, ${part}`).toBeLessThanOrEqual(room);
  for (const [index, value] of expected.first.entries()) near(values[index]!, value, `entry ${index}`);
  const all = Array.from(values);
  near(Math.min(...all), expected.min, 'smallest');
  near(Math.max(...all), expected.max, 'largest');
  near(total(values) / values.length, expected.mean, 'mean');
  near(norm(values) / Math.sqrt(values.length), expected.l2 / Math.sqrt(values.length), 'length');
}

function checkState(
  seed: Seed,
  state: SeedState,
  record: StepRecord,
  { room, where }: { room: number; where: string },
): void {
  const arrays = new Map(seed.stateToNamed(state).map((array) => [array.name, array]));
  const values = (name: string) => arrays.get(name)!.data as Float32Array;
  const near = (actual: number, wanted: number, what: string, size = Math.abs(wanted)) =>
    expect(Math.abs(actual - wanted), `${where}: ${what}`).toBeLessThanOrEqual(room * size);

  for (const [name, wanted] of Object.entries(record.student_l2)) near(norm(values(`student.${name}`)), wanted, name);
  const squares = specsOf(seed.model, 'parameter').map(({ name }) => norm(values(`student.${name}`)) ** 2);
  near(Math.sqrt(total(squares)), record.student_total_l2, 'student');
  for (const { name, running_mean_l2, running_var_l2, num_batches_tracked } of record.bn_student) {
    near(norm(values(`student.${name}.running_mean`)), running_mean_l2, `${name}.running_mean`);
    near(norm(values(`student.${name}.running_var`)), running_var_l2, `${name}.running_var`);
    expect(arrays.get(`student.${name}.num_batches_tracked`)!.data).toEqual(
      BigInt64Array.of(BigInt(num_batches_tracked)),
    );
  }
  checkQueue(arrays.get('queue')!, { ...record.queue_check, total_sum_f64: record.queue_check.total_sum }, near);
  if (record.small_queue_sum !== undefined) {
    // A sum of thousands of numbers of either sign: a share of what they would come to if they were independent.
    const { shape } = arrays.get('small_queue')!;
    near(total(values('small_queue')), record.small_queue_sum, 'sum of the small queue', Math.sqrt(shape[1]!));
  }
  expect(Number(arrays.get('queue_ptr')!.data[0])).toBe(record.queue_ptr);
}
