import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backbones } from '../../engine/models/index.ts';
import { initialArrays } from '../../engine/models/initial.ts';
import type { NamedArray } from '../../engine/models/layout.ts';
import { readCheckpoint } from '../../worker/checkpoints/files.ts';
import { openForeign } from '../../worker/checkpoints/foreign-files.ts';
import { readGivenState, readGivenWeights } from '../../worker/checkpoints/foreign-training.ts';
import { exportSeed } from '../../worker/checkpoints/pytorch-export.ts';
import { automatic } from '../../worker/checkpoints/recognise.ts';
import { readTraining, writeTraining } from '../../worker/checkpoints/training.ts';
import { runJob } from '../support/job-run.ts';
import { makePictures } from '../support/pictures.ts';
import { eventOfStep, eventsOfType, makeRunFolder, seriesOf, startWorker, until } from '../support/worker-run.ts';

const device = process.env.CONTRAST_BACKEND === 'wasm' ? 'wasm' : 'auto';

let root: string;
let teacher: string;
let undisturbed: string;
let config: Record<string, unknown>;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'contrast-distill-'));
  await makePictures(join(root, 'data'), { splits: { train: 8, val: 2 }, side: 32 }); // 24 and 6 images
  teacher = await writeTeacher(join(root, 'teacher.safetensors'));
  config = {
    data: join(root, 'data'),
    teacher,
    arch: 'mobilenetv3_small',
    imageSize: 32,
    embeddingDimension: 16,
    queueLength: 16,
    teacherTemperature: 0.05,
    batchSize: 8,
    learningRate: 0.01,
    epochs: 3,
    warmupEpochs: 1,
    probeEvery: 0,
    probeNeighbours: 3,
    probeFit: 'whole',
    seed: 5,
    device,
  };
  undisturbed = await makeRunFolder(join(root, 'undisturbed'), 'distill', config);
  expect(await startWorker(undisturbed).ended).toBe(0);
});

afterAll(() => rm(root, { recursive: true, force: true }));

/** A ResNet-18 as a run of ours leaves it, fresh from its seed. */
async function writeTeacher(path: string): Promise<string> {
  const { tensors } = backbones.resnet18({ head: 'none', outputSize: 16, stem: 'imagenet' });
  const arrays = initialArrays(tensors, 9).map((array) => ({ ...array, name: `encoder_q.${array.name}` }));
  const views = { views: 'ssl-small', jitter: 0.3, greyProbability: 0, blurProbability: 0 };
  await writeTraining(path, arrays, {
    formatVersion: 1,
    kind: 'moco',
    arch: 'resnet18',
    stem: 'imagenet',
    head: 'none',
    imageSize: 32,
    dim: 16,
    epoch: 1,
    step: 3,
    stepInEpoch: 0,
    sums: {},
    probePending: false,
    seed: 9,
    config: { ...views, cropScaleMin: 0.5, cropScaleMax: 1 },
  });
  return path;
}

const losses = (folder: string) => [...seriesOf(folder, 'step', 'loss')];
const messages = (folder: string) => eventsOfType(folder, 'log').map(({ message }) => message);

describe('a distillation', () => {
  it('records its steps, what they are read against, and its result', () => {
    expect(losses(undisturbed).map(([step]) => step)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    const chance = eventsOfType(undisturbed, 'reference').find(({ series }) => series === 'step/loss');
    expect(chance!.value).toBeCloseTo(Math.log(17), 12);
    const [result] = eventsOfType(undisturbed, 'result');
    expect(result).toMatchObject({ name: 'distill', values: { epochs: 3 }, protocol: { method: 'seed' } });
    expect(Object.keys(result!.values)).toEqual(expect.arrayContaining(['loss', 'divergence', 'similarity', 'knn']));
    expect(messages(undisturbed).join()).toContain('cannot be kept: its views are random');
    // One epoch of warm-up, then the cosine at the unshifted epoch.
    const rates = [...seriesOf(undisturbed, 'step', 'learningRate').values()];
    expect(rates[0]).toBe(0.01);
    expect(rates[8]).toBeCloseTo(0.005 * (1 + Math.cos((Math.PI * 2) / 3)), 15);
  });

  it('leaves a checkpoint with student, teacher and queue, and what the teacher is', async () => {
    await using file = await readCheckpoint(join(undisturbed, 'checkpoints', 'checkpoint_0002.safetensors'));
    expect(file.metadata).toMatchObject({ kind: 'seed', arch: 'mobilenetv3_small', head: 'simple' });
    expect(JSON.parse(file.metadata.teacher!)).toMatchObject({
      arch: 'resnet18',
      method: 'moco',
      views: { jitter: 0.3 },
    });
    expect(file.tensors.get('queue')!.shape).toEqual([16, 16]);
    await using given = await readCheckpoint(teacher);
    expect(await file.read('teacher.layer1.0.conv1.weight')).toEqual(
      await given.read('encoder_q.layer1.0.conv1.weight'),
    );
    expect(file.tensors.has('student.fc.2.weight')).toBe(true);
  });

  it("goes out under SEED's keys, and comes back as a teacher and as a start for MoCo", async () => {
    const checkpoint = join(undisturbed, 'checkpoints', 'checkpoint_0002.safetensors');
    const exported = join(root, 'exported.pth.tar');
    await exportSeed(checkpoint, exported);
    await using ours = await readCheckpoint(checkpoint);
    await using theirs = await openForeign(exported);
    const names = [...ours.tensors.keys()].filter((name) => !name.startsWith('optimizer.'));
    expect(theirs.tensors.map(({ name }) => name).sort()).toEqual(names.map((name) => `module.${name}`).sort());
    for (const name of ['student.fc.2.weight', 'teacher.layer2.0.conv1.weight', 'queue', 'queue_ptr']) {
      expect(await theirs.readBytes(`module.${name}`)).toEqual(await ours.readBytes(name));
    }
    expect(theirs.facts).toMatchObject({ epoch: 3, arch: 'mobilenetv3_small' });

    // Read again it is the same state, buffers of the optimizer too: a distillation goes on from it.
    const given = await readGivenState(exported, 'seed');
    expect(given.position).toMatchObject({ epoch: 3, stepInEpoch: 0 });
    const found = new Map(given.arrays.map((array) => [array.name, array]));
    const { arrays: own } = await readTraining(checkpoint);
    expect([...found.keys()].sort()).toEqual(own.map(({ name }) => name).sort());
    const bytes = ({ data }: NamedArray) => Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    for (const array of own) expect(bytes(found.get(array.name)!).equals(bytes(array)), array.name).toBe(true);
    await expect(readGivenState(exported, 'moco')).rejects.toThrow('is no state of MoCo');

    // The student of either file is the query encoder of a MoCo that starts from its weights only.
    for (const path of [checkpoint, exported]) {
      const weights = await readGivenWeights(path, automatic);
      expect(weights.every(({ name }) => name.startsWith('encoder_q.'))).toBe(true);
      const first = weights.find(({ name }) => name === 'encoder_q.features.0.0.weight')!;
      expect(first.data).toEqual(await ours.read('student.features.0.0.weight'));
    }
  });

  it('goes on after kill -9 with the very losses of the run that was never stopped, its teacher gone meanwhile', async () => {
    const own = join(root, 'own-teacher.safetensors');
    await writeFile(own, await readFile(teacher));
    const folder = await makeRunFolder(join(root, 'killed'), 'distill', { ...config, teacher: own });
    const first = startWorker(folder, { stopAfter: eventOfStep(4) });
    await until(() => seriesOf(folder, 'step', 'loss').size > 4);
    first.child.kill('SIGKILL');
    expect(await first.ended).toBe('SIGKILL');
    await rename(own, `${own}.moved`);
    expect(await startWorker(folder).ended).toBe(0);
    expect(eventsOfType(folder, 'segment')).toHaveLength(2);
    expect(losses(folder)).toEqual(losses(undisturbed));
  });

  it("keeps the teacher's embeddings of plain views, also with small patches, in parts and out of a TSV", async () => {
    const folder = join(root, 'tsv');
    await makePictures(folder, { splits: { train: 8 }, side: 32 }, ['red']);
    const pictures = join(folder, 'train', 'red');
    const rows = (await readdir(pictures)).map(
      (name, at) => `${name}\t0\t${readFileSync(join(pictures, name)).toString('base64')}${at === 3 ? '!' : ''}\n`,
    );
    await writeFile(join(folder, 'train.tsv'), rows.join(''));
    const change = {
      data: folder,
      epochs: 1,
      views: 'plain',
      smallPatches: true,
      patchCount: 2,
      patchSize: 16,
      batchSize: 4,
      bnSplits: 2,
      accumulate: 2,
      notFinite: 'skip',
    };
    const run = await makeRunFolder(join(root, 'plain'), 'distill', { ...config, ...change });
    expect(await startWorker(run).ended).toBe(0);
    expect(messages(run).join()).toContain('The embeddings of the teacher are kept');
    expect(messages(run).join()).toContain('train.tsv, line 4: its last column is not base64');
    expect(losses(run)).toHaveLength(2);
    const part = (name: string) => [...seriesOf(run, 'step', name).values()][0]!;
    expect([...seriesOf(run, 'step', 'skipped').values()]).toEqual([0, 0]);
    expect(part('viewLoss') + part('patchLoss')).toBeCloseTo(part('loss'), 4);
  });
});

describe('a distillation that cannot start', () => {
  const start = (name: string, change: Record<string, unknown>) =>
    runJob('distill', join(root, name), { ...config, ...change });

  it('says which teacher is missing, or what of it does not fit', async () => {
    await expect(start('none', { teacher: '' })).rejects.toThrow('A teacher is needed');
    await expect(start('gone', { teacher: join(root, 'gone.pth') })).rejects.toThrow('gone.pth');
    await expect(start('dimension', { embeddingDimension: 32 })).rejects.toMatchObject({
      code: 'config-invalid',
      cure: 'Take an embedding dimension of 16.',
    });
  });
});
