import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { confusionFile } from '../../common/confusion.ts';
import type { EventOf, JobEvent } from '../../common/events.ts';
import { runJob } from '../support/job-run.ts';
import { makePictures } from '../support/pictures.ts';
import { writeSmallCheckpoint } from '../support/small-checkpoint.ts';

const device = process.env.CONTRAST_BACKEND === 'wasm' ? 'wasm' : 'auto';
const patience = 300_000;

let root: string;
let config: Record<string, unknown>;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'contrast-linear-'));
  await makePictures(join(root, 'data'), { splits: { train: 7, val: 3 }, side: 32 });
  await writeSmallCheckpoint(join(root, 'checkpoint.safetensors'));
  const pretrained = join(root, 'checkpoint.safetensors');
  config = { data: join(root, 'data'), pretrained, fit: 'whole', batchSize: 8, epochs: 3, schedule: [2], device };
}, patience);

afterAll(() => rm(root, { recursive: true, force: true }));

const metrics = (events: JobEvent[], group: string) =>
  events.filter((event): event is EventOf<'metrics'> => event.type === 'metrics' && event.group === group);
const losses = (events: JobEvent[]) =>
  metrics(events, 'step').map(({ step, values }) => [step, values.loss, values.learningRate]);

test(
  'a linear evaluation that was stopped goes on with the very losses of one that was not',
  async () => {
    const whole = await runJob('linear', join(root, 'runs/whole'), config);
    expect(losses(whole.events).map(([step]) => step)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(losses(whole.events).map(([, , rate]) => Number(rate!.toFixed(9)))).toEqual([
      30, 30, 30, 30, 30, 30, 3, 3, 3,
    ]);
    const perEpoch = whole.values.perEpoch as { epoch: number; top1: number; top5: number }[];
    expect(perEpoch.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
    expect(whole.values).toMatchObject({
      top1: perEpoch[2]!.top1,
      top5: 100, // of three classes
      bestTop1: Math.max(...perEpoch.map(({ top1 }) => top1)),
      trainImages: 21,
      valImages: 9,
      backboneUnchanged: true,
    });
    expect(whole.protocol).toMatchObject({ measure: 'linear evaluation', views: 'crops', cropScale: [0.08, 1] });
    expect((whole.values.provenance as { data: object[] }).data).toMatchObject([
      { split: 'val', images: 9 },
      { split: 'train', images: 21 },
    ]);

    const folder = join(root, 'runs/stopped');
    const atStep = (wanted: number) => (event: JobEvent) =>
      event.type === 'metrics' && event.group === 'step' && event.step === wanted;
    const first = await runJob('linear', folder, config, atStep(4));
    expect(first.ending).toBe('stopped');
    const second = await runJob('linear', folder, config);
    expect([...losses(first.events), ...losses(second.events)]).toEqual(losses(whole.events));
    expect(second.values.perEpoch).toEqual(perEpoch);
    expect(second.events.find(({ type }) => type === 'segment')).toMatchObject({ epoch: 1, step: 5 });

    const confusion = confusionFile.parse(JSON.parse(readFileSync(join(folder, 'results/confusion.json'), 'utf8')));
    expect(confusion.images).toEqual([3, 3, 3]);
    const right = confusion.correct.reduce((sum, count) => sum + count, 0);
    expect((100 * right) / 9).toBeCloseTo(whole.values.bestTop1 as number, 9);
    const wrong = confusion.confusions.reduce((sum, [, , count]) => sum + count, 0);
    expect(right + wrong).toBe(9);
    expect(existsSync(join(folder, 'checkpoints/classifier_best.safetensors'))).toBe(true);
  },
  patience,
);

test(
  'on cached features it is another protocol, and goes on as exactly',
  async () => {
    const cached = { ...config, cachedFeatures: true, batchSize: 5, learningRate: 3 };
    const whole = await runJob('linear', join(root, 'runs/cached'), cached);
    expect(whole.protocol).toMatchObject({ measure: 'linear probe on cached features' });
    expect(losses(whole.events)).toHaveLength(15); // 21 images in batches of 5
    const folder = join(root, 'runs/cached-stopped');
    const validated = (event: JobEvent) => event.type === 'progress' && event.stage === 'validation after epoch 2';
    const first = await runJob('linear', folder, cached, validated);
    const second = await runJob('linear', folder, cached);
    expect([...losses(first.events), ...losses(second.events)]).toEqual(losses(whole.events));
    expect(second.values.perEpoch).toEqual(whole.values.perEpoch);
  },
  patience,
);
