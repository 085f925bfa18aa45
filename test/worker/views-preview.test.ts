/** The lab's worker against the loader of training: the same views, byte by byte. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { distillConfig } from '../../common/jobs/distill.ts';
import { trainConfig } from '../../common/jobs/train.ts';
import {
  answerName,
  numberedRequest,
  type PreviewAnswer,
  type PreviewRequest,
  previewAnswer,
  requestName,
} from '../../common/views-preview.ts';
import { intersectionOverUnion } from '../../engine/views/crop-pairs.ts';
import { imagenet, normaliseTable, readNormalised } from '../../engine/views/normalise.ts';
import type { PipelineConfig } from '../../engine/views/pipeline.ts';
import { writeAtomically } from '../../system/write-atomically.ts';
import { distillPipelines } from '../../worker/distillation-views.ts';
import type { Ending } from '../../worker/job.ts';
import { viewsPreviewJob } from '../../worker/jobs/views-preview.ts';
import { openLoader } from '../../worker/loader/loader.ts';
import { viewPipelines } from '../../worker/training-images.ts';
import { makePictures } from '../support/pictures.ts';
import { until } from '../support/worker-run.ts';

const size = 40;
const seed = 5;
const patience = { timeout: 300_000 };

let root: string;
let data: string;
let folder: string;
let job: Promise<Ending>;
let number = 0;
const abort = new AbortController();

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'contrast-lab-'));
  data = join(root, 'data');
  folder = join(root, 'task');
  await makePictures(data, { splits: { train: 4 }, side: 64 });
  await sharp({ create: { width: 16, height: 8, channels: 3, background: '#336699' } })
    .png()
    .toFile(join(root, 'one.png'));
  mkdirSync(folder);
  job = viewsPreviewJob(
    { idleSeconds: 600 },
    {
      folder,
      segment: 0,
      report() {},
      wishes: { signal: abort.signal, current: () => null, interruptedBy: () => null, close() {} },
    },
  );
});
afterAll(async () => {
  abort.abort();
  expect(await job).toBe('stopped');
  expect(existsSync(join(folder, 'tiles'))).toBe(false);
  rmSync(root, { recursive: true, force: true });
});

async function ask(config: Record<string, unknown>, change: Partial<PreviewRequest> = {}): Promise<PreviewAnswer> {
  number++;
  const base = { number, kind: 'train', epoch: 3, images: 5, choice: 0 };
  const request = numberedRequest.parse({ ...base, config: { data, imageSize: size, seed, ...config }, ...change });
  writeAtomically(join(folder, requestName), JSON.stringify(request));
  let answer: PreviewAnswer | undefined;
  await until(() => {
    if (!existsSync(join(folder, answerName))) return false;
    answer = previewAnswer.parse(JSON.parse(readFileSync(join(folder, answerName), 'utf8')));
    return answer.number === number;
  });
  return answer!;
}

const pixelsOf = (file: string) => sharp(join(folder, file)).raw().toBuffer();

/** What training is given in an epoch: for each image the floats of its views. */
async function trained(pipelines: PipelineConfig[], epoch: number): Promise<Map<number, Float32Array[]>> {
  const files = ['blue', 'green', 'red'].flatMap((name) =>
    [0, 1, 2, 3].map((index) => join(data, 'train', name, `${index}.png`)),
  );
  const options = { batchSize: 4, seed, order: 'shuffled', dropLast: true, decode: 'pil', threads: 0 } as const;
  const loader = await openLoader({ ...options, files, pipelines });
  const views = new Map<number, Float32Array[]>();
  for await (const batch of loader.epoch(epoch)) {
    for (const [place, index] of batch.indices.entries()) {
      const own = batch.views.map((all, view) => {
        const length = pipelines[view]!.imageSize ** 2 * 3;
        return all.slice(place * length, (place + 1) * length);
      });
      views.set(index, own);
    }
  }
  await loader.close();
  return views;
}

describe('what is shown is what training sees', patience, () => {
  test.each([
    ['ssl-small', {}],
    ['MoCo v1', { views: 'moco-v1' }],
    ['hard pairs with their overlap in one colour', { cropPairs: 'hard', overlap: 'mean' }],
    ['noise in the overlap', { overlap: 'noise', cropScaleMin: 0.5 }],
  ])('%s: the bytes, normalised, are the very floats', async (_name, config) => {
    const { images, issues, problem } = await ask(config);
    expect({ issues, problem }).toEqual({ issues: [], problem: null });
    expect(images).toHaveLength(5);
    const pipelines = viewPipelines(trainConfig.parse({ data, imageSize: size, seed, ...config }));
    const expected = await trained(pipelines, 3);
    const table = normaliseTable(imagenet);
    for (const { index, views } of images) {
      for (const [view, { file }] of views.entries()) {
        const bytes = await pixelsOf(file);
        const floats = Float32Array.from(bytes, (value, at) => table[(value << 2) | (at % 3)]!);
        expect(floats).toEqual(expected.get(index)![view]);
      }
    }
  });

  test('what is no byte after normalising (hidden cells, dropped pixels) is shown as the nearest one', async () => {
    const config = { hideAndSeek: true, hideProbability: 0.3, overlap: 'drop', cropScaleMin: 0.6 };
    const { images } = await ask(config);
    const pipelines = viewPipelines(trainConfig.parse({ data, imageSize: size, seed, ...config }));
    const expected = await trained(pipelines, 3);
    for (const { index, views } of images) {
      for (const [view, { file }] of views.entries()) {
        const bytes = readNormalised(expected.get(index)![view]!, 0, size * size);
        expect(new Uint8Array(await pixelsOf(file))).toEqual(bytes);
      }
    }
    expect(images.some(({ views }) => views.some(({ drawn }) => (drawn?.hidden?.count ?? 0) > 0))).toBe(true);
    expect(images.some(({ views }) => views.some(({ drawn }) => drawn?.overlap))).toBe(true);
  });

  test('distillation: the view and its small crops', async () => {
    const config = { views: 'moco-v2', smallPatches: true, patchCount: 3, patchSize: 16 };
    const { images, estimate } = await ask(config, { kind: 'distill', epoch: 1 });
    const parsed = distillConfig.parse({ data, imageSize: size, seed, ...config });
    const expected = await trained(distillPipelines(parsed, null), 1);
    const table = normaliseTable(imagenet);
    expect(images[0]!.views.map((view) => view.size)).toEqual([size, 16, 16, 16]);
    for (const { index, views, overlap } of images) {
      expect(overlap).toBeNull();
      for (const [view, { file }] of views.entries()) {
        const floats = Float32Array.from(await pixelsOf(file), (value, at) => table[(value << 2) | (at % 3)]!);
        expect(floats).toEqual(expected.get(index)![view]);
      }
    }
    expect(estimate).toBeNull();
  });

  test('another epoch draws anew, the same one alike; another choice shows other images', async () => {
    const views = async (change: Partial<PreviewRequest>) =>
      (await ask({}, change)).images.map(({ index, views }) => [index, views.map(({ drawn }) => drawn)]);
    const third = await views({ epoch: 3 });
    expect(await views({ epoch: 4 })).not.toEqual(third);
    expect(await views({ epoch: 3 })).toEqual(third);
    const indices = (drawn: unknown[][]) => drawn.map(([index]) => index);
    expect(indices(await views({ choice: 1 }))).not.toEqual(indices(third));
  });
});

describe('the overlap of the crops', patience, () => {
  test('of each pair, and over many draws within the limits that were asked for', async () => {
    const { images, estimate } = await ask({ cropPairs: 'hard' });
    for (const { views, overlap } of images) {
      const [first, second] = views.map(({ drawn }) => drawn!.box);
      expect(overlap).toBe(intersectionOverUnion(first!, second!));
    }
    // 600, or what a busy machine finds in the time that it may take.
    expect(estimate!.draws).toBeGreaterThan(0);
    expect(estimate!.mean).toBeGreaterThan(0.05);
    expect(estimate!.mean).toBeLessThan(0.25);
    // Twenty parts of 0 to 1: 0.05 to 0.25 are the second to the fifth; 0.25 itself lies in the sixth.
    expect(estimate!.counts.slice(1, 6).reduce((sum, count) => sum + count)).toBe(estimate!.draws);
  });

  test('whole images overlap wholly, different quarters hardly ever', async () => {
    const whole = await ask({ cropScaleMin: 1, cropScaleMax: 1 });
    // A square of area 1 with a ratio other than 1 does not fit: the whole picture is the fallback.
    expect(whole.estimate!.mean).toBeGreaterThan(0.95);
    const quarters = await ask({ cropPairs: 'nointer' });
    expect(quarters.estimate!.mean).toBeLessThan(0.02);
  });
});

describe('what cannot be drawn', patience, () => {
  test('a broken image is named, the others are shown', async () => {
    const broken = join(root, 'broken');
    await makePictures(broken, { splits: { train: 1 }, side: 32 });
    writeFileSync(join(broken, 'train', 'green', '0.png'), 'no image');
    const { images, estimate } = await ask({ data: broken });
    expect(images.map(({ name, problem }) => [name, problem])).toEqual([
      ['train/blue/0.png', null],
      ['train/green/0.png', 'this is not an image of a known kind'],
      ['train/red/0.png', null],
    ]);
    expect(images[1]!.views).toEqual([]);
    expect(estimate!.draws).toBeGreaterThan(0);
  });

  test('settings that are wrong are told field by field, and only those of the views', async () => {
    const crossed = await ask({ cropScaleMin: 0.8, cropScaleMax: 0.4, queueLength: 7, batchSize: 3 });
    expect(crossed.issues.map(({ field, level }) => [field, level])).toEqual([['cropScaleMin', 'error']]);
    expect(crossed.images).toEqual([]);
    const typed = await ask({ jitter: 'much' });
    expect(typed.issues).toMatchObject([{ field: 'jitter', level: 'error' }]);
  });

  test('the views of a teacher that is not named', async () => {
    const { issues, images } = await ask({}, { kind: 'distill' });
    expect(issues).toMatchObject([{ field: 'views', level: 'error', fix: { config: { views: 'moco-v2' } } }]);
    expect(images).toEqual([]);
  });

  test('a folder that is not there', async () => {
    const { problem } = await ask({ data: join(root, 'nowhere') });
    expect(problem).toMatchObject({ code: 'data-invalid', message: expect.stringContaining('nowhere') });
  });
});

test('one image in place of a data set', patience, async () => {
  const { images, count } = await ask({ data: '' }, { file: join(root, 'one.png') });
  expect(count).toBe(1);
  expect(images).toMatchObject([{ index: 0, name: 'one.png', width: 16, height: 8, problem: null }]);
});

test('pictures of earlier answers do not pile up', patience, async () => {
  for (let epoch = 0; epoch < 6; epoch++) await ask({}, { epoch });
  const kept = () => readdirSync(join(folder, 'tiles')).filter((name) => name !== 'originals');
  await until(() => kept().length <= 2);
});
