import { readdirSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EventOf, JobEvent } from '../../common/events.ts';
import { decodeImage } from '../../worker/images/decode.ts';
import { writeSmallCifar } from '../support/cifar-files.ts';
import { runJob } from '../support/job-run.ts';
import { makePictures } from '../support/pictures.ts';
import { writeSmallCheckpoint } from '../support/small-checkpoint.ts';

const device = process.env.CONTRAST_BACKEND === 'wasm' ? 'wasm' : 'auto';
const patience = 300_000;

let root: string;
let config: Record<string, unknown>;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'contrast-transfer-'));
  await writeSmallCheckpoint(join(root, 'checkpoint.safetensors'), { arch: 'mobilenetv3_small', head: 'simple' });
  config = { pretrained: join(root, 'checkpoint.safetensors'), fit: 'whole', batchSize: 20, epochs: 1, device };
}, patience);

afterAll(() => rm(root, { recursive: true, force: true }));

const losses = (events: JobEvent[]) =>
  events
    .filter((event): event is EventOf<'metrics'> => event.type === 'metrics' && event.group === 'step')
    .map(({ step, values }) => [step, values.loss]);

test(
  "CIFAR out of Python's files and out of binary ones: the same images, the same numbers",
  async () => {
    const folders = writeSmallCifar(join(root, 'cifar'));
    const pickle = await runJob('transfer', join(root, 'runs/pickle'), { ...config, data: folders.pickle });
    const binary = await runJob('transfer', join(root, 'runs/binary'), { ...config, data: folders.binary });
    expect(pickle.protocol).toMatchObject({
      dataset: 'cifar10',
      format: 'pickle',
      finetune: false,
      interpolation: 'bicubic',
    });
    expect(pickle.protocol.optimizer).toMatchObject({ learningRate: 3, weightDecay: 1e-4 });
    expect(pickle.values).toMatchObject({ trainImages: 50, valImages: 10, classes: 10, backboneUnchanged: true });
    expect(losses(pickle.events)).toHaveLength(3); // the last one of ten images
    expect(losses(pickle.events).every(([, loss]) => Number.isFinite(loss))).toBe(true);
    expect(losses(binary.events)).toEqual(losses(pickle.events));
    expect(binary.values.top1).toBe(pickle.values.top1);

    const unpacked = join(root, 'cache/datasets');
    const folder = readdirSync(unpacked).find((name) => name.startsWith('cifar10-'))!;
    expect(readdirSync(join(unpacked, folder, 'train'))).toContain('automobile');
    // Picture 3 of the test batch has the label 21 mod 10 = 1; its level is around 20 to 75.
    const picture = await decodeImage(join(unpacked, folder, 'test/automobile/00003.png'), 'pil');
    expect([picture.width, picture.height]).toEqual([32, 32]);
    expect(picture.data.every((value) => value >= 20 && value < 76)).toBe(true);

    const wrong = runJob('transfer', join(root, 'runs/wrong'), {
      ...config,
      data: folders.pickle,
      dataset: 'cifar100',
    });
    await expect(wrong).rejects.toThrow('does not hold the files of cifar100: they are of cifar10');
    writeFileSync(join(folders.pickle, 'data_batch_2'), Buffer.from('\x80\x02cos\nsystem\n(S', 'latin1'));
    const evil = runJob('transfer', join(root, 'runs/evil'), { ...config, data: folders.pickle });
    await expect(evil).rejects.toThrow(/data_batch_2.*os\.system is refused/);
  },
  patience,
);

test(
  'a backbone that is trained along: batch norm follows the first epoch, and a stopped run goes on exactly',
  async () => {
    await makePictures(join(root, 'data'), { splits: { train: 4, test: 2 }, side: 32 });
    const tuned = { ...config, data: join(root, 'data'), finetune: true, epochs: 2, batchSize: 6, learningRate: 0.01 };
    const whole = await runJob('transfer', join(root, 'runs/whole'), tuned);
    expect(whole.values).toMatchObject({ trainImages: 12, valImages: 6 });
    expect(whole.values).not.toHaveProperty('backboneUnchanged');
    const steps = whole.events.filter(({ type }) => type === 'metrics');
    const tensors = steps.map((event) => event.type === 'metrics' && event.values.tensors).filter(Boolean);
    expect(tensors.length).toBeGreaterThan(0);

    const folder = join(root, 'runs/stopped');
    const stop = (event: JobEvent) => event.type === 'metrics' && event.group === 'step' && event.step === 2;
    const first = await runJob('transfer', folder, tuned, stop);
    const second = await runJob('transfer', folder, tuned);
    expect(losses(whole.events).every(([, loss]) => Number.isFinite(loss))).toBe(true);
    expect([...losses(first.events), ...losses(second.events)]).toEqual(losses(whole.events));
    expect(second.values.perEpoch).toEqual(whole.values.perEpoch);
  },
  patience,
);

test(
  'Caltech-101 without a split is divided by the seed, its clutter left out',
  async () => {
    const folder = join(root, 'caltech/101_ObjectCategories');
    await makePictures(join(root, 'loose'), { splits: { all: 5 }, side: 32 }, ['BACKGROUND_Google', 'ant', 'bass']);
    await mkdir(join(root, 'caltech'));
    await rename(join(root, 'loose/all'), folder);
    const found = await runJob('transfer', join(root, 'runs/caltech'), {
      ...config,
      data: join(root, 'caltech'),
      trainPerClass: 3,
    });
    expect(found.protocol).toMatchObject({ dataset: 'caltech101', trainPerClass: 3 });
    expect(found.values).toMatchObject({ trainImages: 6, valImages: 4, classes: 2 });
    const few = runJob('transfer', join(root, 'runs/few'), {
      ...config,
      data: join(root, 'caltech'),
      trainPerClass: 5,
    });
    await expect(few).rejects.toThrow('/ant has 5 images');
  },
  patience,
);
