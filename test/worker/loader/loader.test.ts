import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { randomAt } from '../../../engine/random.ts';
import { createPipeline, type PipelineConfig } from '../../../engine/views/pipeline.ts';
import { decodeImage } from '../../../worker/images/decode.ts';
import { type BrokenPicture, type LoaderOptions, openLoader } from '../../../worker/loader/loader.ts';

const size = 16;
const view: PipelineConfig = {
  kind: 'view',
  preset: 'ssl-small',
  imageSize: size,
  cropScale: [0.2, 1],
  jitter: 1,
  greyScale: 0.5,
  gaussianBlur: 0.5,
  flip: 0.5,
};
const small: PipelineConfig = { ...view, imageSize: 8 };
const evaluation: PipelineConfig = { kind: 'evaluation', imageSize: size, fit: 'whole' };

let folder: string;
let files: string[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'contrast-loader-'));
  files = [];
  for (let index = 0; index < 30; index++) {
    const random = randomAt(7, 'picture', index);
    const [width, height] = [20 + random.integer(20), 20 + random.integer(20)];
    const data = Uint8Array.from({ length: width * height * 3 }, () => random.integer(256));
    const path = join(folder, `${String(index).padStart(2, '0')}.png`);
    await sharp(data, { raw: { width, height, channels: 3 } })
      .png()
      .toFile(path);
    files.push(path);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function options(change: Partial<LoaderOptions> = {}): LoaderOptions {
  return {
    files,
    pipelines: [view, small],
    batchSize: 8,
    seed: 3,
    order: 'shuffled',
    dropLast: true,
    decode: 'pil',
    threads: 0,
    ...change,
  };
}

interface Seen {
  step: number;
  indices: number[];
  views: number[][];
}

async function collect(change: Partial<LoaderOptions>, epochs: number[], fromStep = 0): Promise<Seen[]> {
  const loader = await openLoader(options(change));
  const seen: Seen[] = [];
  for (const epoch of epochs) {
    for await (const { step, indices, views } of loader.epoch(epoch, { fromStep })) {
      seen.push({ step, indices: [...indices], views: views.map((data) => [...data]) });
    }
  }
  await loader.close();
  return seen;
}

describe('what a batch holds', () => {
  test('each picture once an epoch, in another order each epoch, its views drawn by (seed, epoch, picture, view)', async () => {
    const [first, second] = [await collect({}, [0]), await collect({}, [1])];
    expect(first.map(({ step }) => step)).toEqual([0, 1, 2]);
    const order = first.flatMap(({ indices }) => indices);
    expect(order).toEqual([...randomAt(3, 'order', 0).permutation(30).subarray(0, 24)]);
    expect(second.flatMap(({ indices }) => indices)).not.toEqual(order);

    const { indices, views } = second[1]!;
    for (const [number, config] of [view, small].entries()) {
      const length = config.imageSize ** 2 * 3;
      const expected = new Float32Array(length);
      const picture = await decodeImage(files[indices[5]!]!, 'pil');
      createPipeline(config)(picture, randomAt(3, 'view', 1, indices[5]!, number), expected, 0);
      expect(views[number]!.slice(5 * length, 6 * length)).toEqual([...expected]);
    }
  });

  test('views that are drawn together share a generator at (seed, epoch, picture)', async () => {
    const pair = { crops: 'nointer', share: 1, overlap: 'keep', dropProbability: 0 } as const;
    const pipelines = ([0, 1] as const).map((member): PipelineConfig => ({ ...view, pair: { ...pair, member } }));
    const [batch] = await collect({ pipelines, threads: 2 }, [2]);
    const index = batch!.indices[3]!;
    for (const [number, config] of pipelines.entries()) {
      const expected = new Float32Array(size * size * 3);
      const picture = await decodeImage(files[index]!, 'pil');
      const random = randomAt(3, 'view', 2, index, number);
      createPipeline(config)(picture, random, expected, 0, randomAt(3, 'pair', 2, index));
      expect(batch!.views[number]!.slice(3 * expected.length, 4 * expected.length)).toEqual([...expected]);
    }
  });

  test('the same with any number of threads, with and without the memory of decoded pictures', async () => {
    const expected = await collect({ cacheBudgetBytes: 0 }, [0, 1]);
    expect(await collect({}, [0, 1])).toEqual(expected);
    expect(await collect({ threads: 1 }, [0, 1])).toEqual(expected);
    expect(await collect({ threads: 3, prefetchBatches: 1 }, [0, 1])).toEqual(expected);
    // A budget that the pictures outgrow half-way: 30 pictures of some 2,700 bytes.
    expect(await collect({ threads: 2, cacheBudgetBytes: 90_000 }, [0, 1])).toEqual(expected);
  });

  test('an epoch taken up in its middle goes on with the same batches', async () => {
    const whole = await collect({}, [4]);
    expect(await collect({ threads: 2 }, [4], 2)).toEqual(whole.slice(2));
  });

  test('evaluation: every picture in the order of the files, the last batch incomplete', async () => {
    const seen = await collect({ pipelines: [evaluation], order: 'sequential', dropLast: false, threads: 2 }, [0]);
    expect(seen.map(({ indices }) => indices.length)).toEqual([8, 8, 8, 6]);
    expect(seen.flatMap(({ indices }) => indices)).toEqual(files.map((_, index) => index));
    expect(seen.at(-1)!.views[0]).toHaveLength(6 * size * size * 3);
  });

  test('paths are put after the root, and may hold any letters', async () => {
    copyFileSync(files[4]!, join(folder, 'été 猫.png'));
    const change = { root: `${folder}/`, files: ['été 猫.png'], batchSize: 1, pipelines: [evaluation] };
    const [named] = await collect(change, [0]);
    const [plain] = await collect({ ...change, root: '', files: [files[4]!] }, [0]);
    expect(named).toEqual(plain);
  });
});

describe('small data sets are decoded once', () => {
  test('a second epoch reads no file', async () => {
    const loader = await openLoader(options({ batchSize: 10, threads: 2 }));
    for (const epoch of [0, 1, 2]) for await (const _ of loader.epoch(epoch));
    expect(loader.statistics().decodedPictures).toBe(30);
    await loader.close();
  });

  test('larger ones are decoded each time', async () => {
    const loader = await openLoader(options({ batchSize: 10, cacheBudgetBytes: 1000 }));
    for (const epoch of [0, 1]) for await (const _ of loader.epoch(epoch));
    expect(loader.statistics().decodedPictures).toBe(60);
    await loader.close();
  });
});

describe('broken pictures', () => {
  const broken = (index: number, content: string | Uint8Array) => {
    const path = join(folder, `broken-${index}.png`);
    writeFileSync(path, content);
    return files.with(index, path);
  };

  test('in training are replaced by the next good one, the same with any threads, and told of once', async () => {
    const told: BrokenPicture[] = [];
    const change = {
      files: broken(6, 'no image'),
      batchSize: 10,
      onBroken: (picture: BrokenPicture) => told.push(picture),
    };
    const alone = await collect(change, [0, 1]);
    expect(told).toEqual([{ index: 6, path: change.files[6], reason: expect.stringContaining('not an image') }]);
    expect(alone.flatMap(({ indices }) => indices).filter((index) => index === 6)).toEqual([]);
    expect(alone.flatMap(({ indices }) => indices).filter((index) => index === 7)).toHaveLength(4);
    expect(await collect({ ...change, threads: 3 }, [0, 1])).toEqual(alone);
    expect(told).toHaveLength(2);
  });

  test('in evaluation are left out, and the others keep their place', async () => {
    const change: Partial<LoaderOptions> = { pipelines: [evaluation], order: 'sequential', dropLast: false };
    const whole = await collect(change, [0]);
    const holed = await collect({ ...change, files: broken(6, ''), threads: 2 }, [0]);
    expect(holed[0]!.indices).toEqual([0, 1, 2, 3, 4, 5, 7]);
    expect(holed[0]!.views[0]).toEqual([
      ...whole[0]!.views[0]!.slice(0, 6 * size * size * 3),
      ...whole[0]!.views[0]!.slice(7 * size * size * 3),
    ]);
    expect(holed.slice(1)).toEqual(whole.slice(1));
  });

  test.each(['shuffled', 'sequential'] as const)('all of them are an error (%s)', async (order) => {
    const none = [1, 2, 3].map((index) => join(folder, `missing-${index}.png`));
    for (const threads of [0, 2]) {
      await expect(collect({ files: none, batchSize: 2, order, threads }, [0])).rejects.toMatchObject({
        code: 'data-invalid',
        message: expect.stringContaining('missing-'),
      });
    }
  });
});

describe('what is refused', () => {
  test('no files, and a batch larger than the data', async () => {
    await expect(openLoader(options({ files: [] }))).rejects.toMatchObject({ code: 'data-invalid' });
    await expect(openLoader(options({ batchSize: 31 }))).rejects.toMatchObject({
      code: 'config-invalid',
      message: 'A batch of 31 needs more than the 30 images there are.',
    });
  });

  test('two epochs at once, and a closed loader', async () => {
    const loader = await openLoader(options());
    const first = loader.epoch(0);
    await first.next();
    await expect(loader.epoch(1).next()).rejects.toThrow('within another epoch');
    await first.return();
    await loader.close();
    await expect(loader.epoch(1).next()).rejects.toThrow('closed');
  });
});

describe('nothing is left behind', () => {
  const threadsOf = () =>
    process.getActiveResourcesInfo().filter((name) => name === 'MessagePort' || name === 'Worker').length;

  test('an epoch left in its middle can be followed by another, which is whole', async () => {
    const expected = await collect({}, [1]);
    const loader = await openLoader(options({ threads: 2 }));
    for await (const { step } of loader.epoch(0)) if (step === 1) break;
    const seen: number[] = [];
    for await (const { indices } of loader.epoch(1)) seen.push(...indices);
    expect(seen).toEqual(expected.flatMap(({ indices }) => indices));
    await loader.close();
  });

  test('threads end with close, in the middle of an epoch too', async () => {
    const before = threadsOf();
    const loader = await openLoader(options({ threads: 3 }));
    const batches = loader.epoch(0);
    await batches.next();
    expect(threadsOf()).toBeGreaterThan(before);
    await loader.close();
    // A thread of a test before may have been on its way out when it was counted.
    await expect.poll(threadsOf).toBeLessThanOrEqual(before);
  });

  test('memory stays within what the loader says', async () => {
    const loader = await openLoader(
      options({ threads: 2, batchSize: 15, prefetchBatches: 1, cacheBudgetBytes: 2 ** 20 }),
    );
    const batchBytes = 15 * (size ** 2 + 8 ** 2) * 3 * 4;
    expect(loader.maxBytes).toBeLessThan(2 * batchBytes + 2 ** 20 + 10_000);
    const buffers = new Set<ArrayBufferLike>();
    for (let epoch = 0; epoch < 200; epoch++) {
      for await (const { views } of loader.epoch(epoch)) for (const data of views) buffers.add(data.buffer);
    }
    expect(buffers.size).toBe(4); // two slots of two views, whatever the number of epochs
    await loader.close();
  });
});
