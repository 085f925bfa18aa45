import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePictures } from '../support/pictures.ts';
import { curvesOf, eventFilesOf, readEventFile } from '../support/tensorboard-file.ts';
import {
  eventOfStep,
  eventsOf,
  eventsOfType,
  makeRunFolder,
  seriesOf,
  startWorker,
  until,
} from '../support/worker-run.ts';

const device = process.env.CONTRAST_BACKEND === 'wasm' ? 'wasm' : 'auto';

let root: string;
let undisturbed: string;
let config: Record<string, unknown>;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'contrast-train-'));
  await makePictures(join(root, 'data'), { splits: { train: 24, val: 4 }, side: 32 }); // 72 and 12 images
  config = {
    data: join(root, 'data'),
    imageSize: 32,
    mlp: 'simple',
    embeddingDimension: 16,
    queueLength: 32,
    keyMomentum: 0.9,
    batchSize: 8,
    bnSplits: 2,
    learningRate: 0.01,
    epochs: 3,
    probeNeighbours: 5,
    probeFit: 'whole',
    seed: 5,
    device,
  };
  undisturbed = await makeRunFolder(join(root, 'undisturbed'), 'train', config);
  expect(await startWorker(undisturbed).ended).toBe(0);
});

afterAll(() => rm(root, { recursive: true, force: true }));

const stateOf = (folder: string) => JSON.parse(readFileSync(join(folder, 'state.json'), 'utf8'));
const losses = (folder: string) => [...seriesOf(folder, 'step', 'loss')];
const probes = (folder: string) => [...seriesOf(folder, 'probe', 'bestAccuracy')];

describe('a training run', () => {
  it('records each step, epoch and probe, what they are read against, and its result', () => {
    expect(losses(undisturbed).map(([step]) => step)).toEqual(Array.from({ length: 27 }, (_, step) => step));
    expect([...seriesOf(undisturbed, 'epoch', 'loss').keys()]).toEqual([9, 18, 27]);
    expect(probes(undisturbed).map(([step]) => step)).toEqual([0, 9, 18, 27]);
    const references = eventsOfType(undisturbed, 'reference');
    const level = (series: string, name: string) =>
      references.find((event) => event.series === series && event.name === name)?.value;
    expect(level('step/loss', 'chance')).toBeCloseTo(Math.log(33), 12);
    expect(level('probe/bestAccuracy', 'chance')).toBeCloseTo(100 / 3, 12);
    expect(level('probe/bestAccuracy', 'untrained net')).toBe(probes(undisturbed)[0]![1]);
    const [result] = eventsOfType(undisturbed, 'result');
    expect(result!.values).toMatchObject({ epochs: 3, loss: [...seriesOf(undisturbed, 'epoch', 'loss').values()][2] });
    expect(eventsOf(undisturbed).map(({ seq }) => seq)).toEqual(eventsOf(undisturbed).map((_, index) => index));
    expect(stateOf(undisturbed)).toMatchObject({ state: 'finished', epoch: 3, step: 27, totalSteps: 27 });
  });

  it('means of an epoch are those of its steps', () => {
    const steps = losses(undisturbed).slice(9, 18);
    const mean = steps.reduce((sum, [, loss]) => sum + loss, 0) / steps.length;
    expect(seriesOf(undisturbed, 'epoch', 'loss').get(18)).toBeCloseTo(mean, 12);
  });

  it('keeps the last two checkpoints and the best', () => {
    const kept = readdirSync(join(undisturbed, 'checkpoints')).sort();
    const [result] = eventsOfType(undisturbed, 'result');
    const named = (result!.values.checkpoints as string[]).map((path) => path.split('/').at(-1));
    expect(kept).toEqual(named);
    expect(kept).toEqual(expect.arrayContaining(['checkpoint_0001.safetensors', 'checkpoint_0002.safetensors']));
  });

  it('does not grow over steps', () => {
    const tensors = [...seriesOf(undisturbed, 'step', 'tensors').values()];
    expect(tensors.length).toBe(2);
    expect(tensors[1]).toBe(tensors[0]);
  });
});

describe('a run that is interrupted', () => {
  it('goes on after kill -9 in mid-epoch with the very losses of the run that was never stopped', async () => {
    const folder = await makeRunFolder(join(root, 'killed'), 'train', config);
    const first = startWorker(folder, { stopAfter: eventOfStep(13) });
    await until(() => seriesOf(folder, 'step', 'loss').size > 13);
    first.child.kill('SIGKILL');
    expect(await first.ended).toBe('SIGKILL');
    expect(stateOf(folder).state).toBe('running'); // what the application turns into interrupted

    // A torn last line, as a kill in mid-write leaves it.
    const events = join(folder, 'events.jsonl');
    await truncate(events, readFileSync(events).length - 3);

    expect(await startWorker(folder).ended).toBe(0);
    const segments = eventsOfType(folder, 'segment');
    expect(segments.map(({ step }) => step)).toEqual([0, 9]);
    expect(segments[1]!.resumedFrom).toMatch(/checkpoint_0000\.safetensors$/);
    expect(losses(folder)).toEqual(losses(undisturbed));
    expect(probes(folder)).toEqual(probes(undisturbed));
    expect([...seriesOf(folder, 'epoch', 'loss')]).toEqual([...seriesOf(undisturbed, 'epoch', 'loss')]);

    // TensorBoard's files tell the same, without what the second worker repeated.
    const files = eventFilesOf(folder);
    expect(files).toHaveLength(2);
    const shown = curvesOf(files.flatMap(readEventFile)).get('step/loss');
    expect(shown).toEqual(losses(undisturbed).map(([step, loss]) => [step + 1, Math.fround(loss)]));
  });

  it('stops within the epoch when asked, and goes on from that very step', async () => {
    const folder = await makeRunFolder(join(root, 'paused'), 'train', config);
    const first = startWorker(folder, { stopAfter: eventOfStep(11) });
    await until(() => seriesOf(folder, 'step', 'loss').size > 11);
    await writeFile(join(folder, 'control.json'), JSON.stringify({ id: 'a', command: 'pause' }));
    await sleep(300); // a worker looks five times a second: the next step is one at which it does
    first.child.kill('SIGCONT');
    expect(await first.ended).toBe(0);
    expect(stateOf(folder).state).toBe('paused');
    const stoppedAt = losses(folder).length;
    expect(existsSync(join(folder, 'control.json'))).toBe(false);
    expect(readdirSync(join(folder, 'checkpoints')).some((name) => name.includes('_step_'))).toBe(true);

    expect(await startWorker(folder).ended).toBe(0);
    expect(eventsOfType(folder, 'segment')[1]!.step).toBe(stoppedAt);
    expect(losses(folder)).toEqual(losses(undisturbed));
    expect([...seriesOf(folder, 'epoch', 'acc5')]).toEqual([...seriesOf(undisturbed, 'epoch', 'acc5')]);
  });

  it('saves first on SIGTERM and ends as interrupted, with the exit code of a terminated command', async () => {
    const folder = await makeRunFolder(join(root, 'terminated'), 'train', config);
    const { child, ended } = startWorker(folder, { stopAfter: eventOfStep(2) });
    await until(() => seriesOf(folder, 'step', 'loss').size > 2);
    child.kill('SIGTERM');
    child.kill('SIGCONT');
    expect(await ended).toBe(143);
    expect(stateOf(folder).state).toBe('interrupted');
    expect(eventsOfType(folder, 'checkpoint')).toHaveLength(1);
  });

  it('passes over a checkpoint that was damaged since, and says so', async () => {
    const folder = await makeRunFolder(join(root, 'damaged'), 'train', { ...config, epochs: 2 });
    expect(await startWorker(folder).ended).toBe(0);
    const newest = join(folder, 'checkpoints', 'checkpoint_0001.safetensors');
    await truncate(newest, readFileSync(newest).length - 1);
    expect(await startWorker(folder).ended).toBe(0);
    expect(eventsOfType(folder, 'segment')[1]!.resumedFrom).toMatch(/checkpoint_0000/);
    const warnings = eventsOfType(folder, 'log').map(({ message }) => message);
    expect(warnings.some((message) => message.includes('checkpoint_0001'))).toBe(true);
  });
});

describe('a run that cannot start', () => {
  const failureOf = async (name: string, change: Record<string, unknown>) => {
    const folder = await makeRunFolder(join(root, name), 'train', { ...config, ...change });
    const code = await startWorker(folder).ended;
    return { code, failure: eventsOfType(folder, 'failed')[0]!, state: stateOf(folder) };
  };

  it('names the queue and the batch when one is no multiple of the other', async () => {
    const { code, failure, state } = await failureOf('queue', { queueLength: 30 });
    expect(code).toBe(2);
    expect(failure.message).toContain('The queue (30) must be a multiple of the batch (8)');
    expect(failure.cure).toContain('32');
    expect(state).toMatchObject({ state: 'failed', error: { code: 'config-invalid' } });
  });

  it('ends with the exit code of a health stop once it is beyond numbers, and saves nothing of it', async () => {
    const { code, failure, state } = await failureOf('diverged', { learningRate: 1e30 });
    expect(code).toBe(5);
    expect(failure).toMatchObject({ code: 'health-stop' });
    expect(eventsOfType(join(root, 'diverged'), 'alarm')[0]).toMatchObject({ rule: 'not-finite' });
    expect(eventsOfType(join(root, 'diverged'), 'checkpoint')).toEqual([]);
    expect(state).toMatchObject({ state: 'failed', error: { code: 'health-stop' } });
  });

  it('names the folder that is not there', async () => {
    const { code, failure } = await failureOf('nowhere', { data: join(root, 'nowhere-to-be-found') });
    expect(code).toBe(3);
    expect(failure.message).toContain('nowhere-to-be-found');
  });

  it('refuses a checkpoint to start from that does not exist, instead of training from scratch', async () => {
    const { code, failure } = await failureOf('resume', { resume: join(root, 'gone.safetensors') });
    expect(code).toBe(2);
    expect(failure.message).toContain('gone.safetensors');
  });
});
