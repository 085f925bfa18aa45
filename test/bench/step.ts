/**
 * The MoCo step (ResNet-18, wide head) beside the same step in PyTorch on the same cores, in turn; then memory and
 * tensors over many steps, which must stay flat.
 *
 *   step [--rounds N] [--sizes 64x32,224x16] [--memory-steps 200] [--backend native|wasm] [--peer-python PATH]
 */
import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { createMoco, type Moco, type MocoBatch } from '../../engine/methods/moco.ts';
import { randomAt } from '../../engine/random.ts';
import { type Tensor4D, tf } from '../../engine/tf.ts';
import { type BackendName, useBackend } from '../support/backends.ts';

const queueLength = 4096;

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: 'string', default: '5' },
      sizes: { type: 'string', default: '64x32,224x16' },
      'memory-steps': { type: 'string', default: '200' },
      backend: { type: 'string', default: 'native' },
      'peer-python': { type: 'string' },
    },
  });
  await useBackend(values.backend as BackendName);
  console.log(`MoCo, ResNet-18, wide head, K ${queueLength}, ${values.backend}, ${availableParallelism()} cores`);
  const moco = createMoco({
    arch: 'resnet18',
    stem: 'imagenet',
    mlp: 'wide',
    embeddingDimension: 128,
    queueLength,
    keyMomentum: 0.999,
    temperature: 0.1,
    bnSplits: 1,
    momentum: 0.9,
    weightDecay: 1e-4,
  });
  for (const text of values.sizes.split(',')) {
    const [size, batch] = text.split('x').map(Number) as [number, number];
    const steps = size > 128 ? 3 : 8;
    await compare(moco, { size, batch, steps, rounds: Number(values.rounds), python: values['peer-python'] });
  }
  measureMemory(moco, Number(values['memory-steps']));
}

interface Comparison {
  size: number;
  batch: number;
  steps: number;
  rounds: number;
  python: string | undefined;
}

async function compare(moco: Moco, { size, batch, steps, rounds, python }: Comparison): Promise<void> {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(median(timeSteps(moco, size, batch, steps)));
    if (python) theirs.push(await timePeer(python, size, batch, steps));
  }
  const line = (name: string, times: number[]) => {
    const rate = ((batch * 1000) / median(times)).toFixed(1);
    const range = `${Math.min(...times).toFixed(0)} to ${Math.max(...times).toFixed(0)}`;
    console.log(`  ${name.padEnd(6)} ${median(times).toFixed(0)} ms a step (${range}), ${rate} images/s`);
  };
  console.log(`${size} px, batch ${batch}, medians of ${rounds} rounds of ${steps} steps`);
  line('ours', ours);
  if (!python) return;
  line('torch', theirs);
  // Of rounds that ran one after the other: what else the machine does then weighs on both alike.
  const ratios = ours.map((milliseconds, round) => theirs[round]! / milliseconds);
  console.log(`  ratio  ${median(ratios).toFixed(2)} of PyTorch's images/s`);
}

/** Milliseconds of each step, after three that warm up. */
function timeSteps(moco: Moco, size: number, batch: number, steps: number): number[] {
  const views = drawViews(size, batch);
  let state = moco.initialState(0);
  const times: number[] = [];
  for (let step = 0; step < 3 + steps; step++) {
    const started = performance.now();
    ({ state } = moco.step(state, views, { learningRate: 0.06, seed: 0, epoch: 0, step }));
    times.push(performance.now() - started);
  }
  moco.disposeState(state);
  tf.dispose([views.query, views.key]);
  return times.slice(3);
}

async function timePeer(python: string, size: number, batch: number, steps: number): Promise<number> {
  const script = join(import.meta.dirname, 'peers/torch-step.py');
  const settings = { size, batch, steps, queue: queueLength, threads: availableParallelism() };
  const options = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const { stdout } = await promisify(execFile)(python, [script, ...options]);
  return (JSON.parse(stdout) as { msPerStep: number }).msPerStep;
}

function measureMemory(moco: Moco, steps: number): void {
  if (steps === 0) return;
  const [size, batch] = [64, 32];
  const views = drawViews(size, batch);
  let state = moco.initialState(0);
  console.log(`memory over ${steps} steps at ${size} px, batch ${batch}`);
  for (let step = 1; step <= steps; step++) {
    ({ state } = moco.step(state, views, { learningRate: 0.06, seed: 0, epoch: 0, step }));
    if (step !== 1 && step % Math.ceil(steps / 8) !== 0 && step !== steps) continue;
    const residentMiB = process.memoryUsage().rss / 2 ** 20;
    console.log(
      `  step ${String(step).padStart(4)}  ${tf.memory().numTensors} tensors  ${residentMiB.toFixed(0)} MiB resident`,
    );
  }
  moco.disposeState(state);
  tf.dispose([views.query, views.key]);
}

function drawViews(size: number, batch: number): MocoBatch {
  const draw = (name: string) => {
    const random = randomAt(0, name);
    const values = Float32Array.from({ length: batch * size * size * 3 }, () => random.uniform(-2, 2));
    return tf.tensor4d(values, [batch, size, size, 3]) as Tensor4D;
  };
  return { query: draw('query'), key: draw('key') };
}

function median(values: number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)]!;
}

if (import.meta.main) await run(process.argv.slice(2));
