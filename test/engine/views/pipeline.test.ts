import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { randomAt } from '../../../engine/random.ts';
import { createBlur } from '../../../engine/views/blur.ts';
import { hideCells } from '../../../engine/views/hide-and-seek.ts';
import { imagenet } from '../../../engine/views/normalise.ts';
import { emptyPicture, type Picture } from '../../../engine/views/picture.ts';
import { createPipeline, type EvaluationConfig } from '../../../engine/views/pipeline.ts';
import { drawView, type PairConfig, type ViewConfig, type ViewParameters } from '../../../engine/views/recipe.ts';
import { createResize, type Kernel } from '../../../engine/views/resize.ts';
import { sha256, syntheticPicture } from './picture.ts';
import { blend, changed, luma, meanLuma, turnHue } from './plain.ts';

const folder = join(process.env.CONTRAST_FIXTURES ?? 'test/fixtures', 'image');
const manifest: {
  sources: Record<string, { width: number; height: number }>;
  results: {
    file: string;
    picture: string;
    op: string;
    args: { resize: number; crop: number; interpolation: Kernel };
  }[];
} = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));

/** (v / 255 - mean) / deviation, each step in single precision. */
function normalised(data: Uint8Array): Float32Array {
  return Float32Array.from(data, (value, index) => {
    const centred = Math.fround(Math.fround(value / 255) - Math.fround(imagenet.mean[index % 3]!));
    return centred / Math.fround(imagenet.deviation[index % 3]!);
  });
}

function evaluated(picture: Picture, config: EvaluationConfig): Float32Array {
  const out = new Float32Array(config.imageSize ** 2 * 3);
  createPipeline({ kind: 'evaluation', ...config })(picture, randomAt(0, 'view'), out, 0);
  return out;
}

describe('evaluation', () => {
  const cases = manifest.results.filter(
    ({ op, args }) => op === 'resize_center_crop' && args.resize === Math.round((args.crop * 256) / 224),
  );
  test.each(cases)('$file, normalised', async ({ file, picture, args }) => {
    const expected = normalised(await sharp(join(folder, file)).removeAlpha().raw().toBuffer());
    const { width, height } = manifest.sources[picture]!;
    const { crop: imageSize, interpolation } = args;
    const actual = evaluated(syntheticPicture(picture, width, height), {
      imageSize,
      fit: 'centre-crop',
      interpolation,
    });
    // One level of 255 at the smallest deviation: the fixtures' tolerance for a resize.
    const allowed = 1.001 / 255 / 0.224;
    expect(actual.every((value, index) => Math.abs(value - expected[index]!) <= allowed)).toBe(true);
  });

  test('a picture that has the size already stays as it is when taken whole', () => {
    const picture = syntheticPicture('p', 32, 32);
    expect(evaluated(picture, { imageSize: 32, fit: 'whole' })).toEqual(normalised(picture.data));
  });

  test('every byte becomes the float32 of PyTorch, to the bit', () => {
    // (x / 255 - mean) / std of all bytes in [256, 3] with ImageNet's statistics, computed by torch 2.13 in float32.
    const expected = '8c626e48a7ca8a3a4c1fef347a331e88748ff9dbc57d734b54bd4613205621dc';
    const data = Uint8Array.from({ length: 256 * 3 }, (_, index) => Math.floor(index / 3));
    const floats = evaluated({ width: 16, height: 16, data }, { imageSize: 16, fit: 'whole' });
    expect(sha256(new Uint8Array(floats.buffer))).toBe(expected);
  });
});

describe('random views', () => {
  const size = 40;
  const config: ViewConfig = {
    preset: 'ssl-small',
    imageSize: size,
    cropScale: [0.2, 1],
    jitter: 1,
    greyScale: 0.3,
    gaussianBlur: 0.5,
    flip: 0.5,
  };
  const picture = syntheticPicture('p97x61', 97, 61);

  /** The view by plain formulas, one operation after another. */
  function plainView(preset: ViewConfig['preset'], draw: number): Float32Array {
    const view = drawView({ ...config, preset }, picture.width, picture.height, randomAt(2, 'view', 0, draw, 0));
    let { data } = emptyPicture(size, size);
    createResize('bilinear')(picture, view.box, { width: size, height: size }, data);
    for (const { operation, factor } of view.colour) {
      const mean = meanLuma(data);
      data = changed(data, (...colour) => {
        const grey = luma(...colour);
        if (operation === 'hue') return turnHue(Math.trunc(factor * 255) & 255)(...colour);
        if (operation === 'greyscale') return [grey, grey, grey];
        const level = { brightness: 0, contrast: mean, saturation: grey }[operation];
        return [blend(level, colour[0], factor), blend(level, colour[1], factor), blend(level, colour[2], factor)];
      });
    }
    if (view.sigma !== undefined) createBlur()(data, size, size, view.sigma);
    const floats = normalised(data);
    if (!view.flip) return floats;
    return floats.map((_, index) => {
      const [row, column, channel] = [Math.floor(index / (size * 3)), Math.floor(index / 3) % size, index % 3];
      return floats[(row * size + size - 1 - column) * 3 + channel]!;
    });
  }

  test.each(['ssl-small', 'moco-v1', 'moco-v2', 'simclr', 'swav'] as const)(
    '%s: what was drawn, in its order',
    (preset) => {
      const pipeline = createPipeline({ kind: 'view', ...config, preset });
      const out = new Float32Array(2 * size * size * 3);
      for (let draw = 0; draw < 40; draw++) {
        pipeline(picture, randomAt(2, 'view', 0, draw, 0), out, size * size * 3);
        expect(out.subarray(size * size * 3)).toEqual(plainView(preset, draw));
      }
      expect(out.subarray(0, size * size * 3).every((value) => value === 0)).toBe(true); // before the offset
    },
  );

  /** Member 0 of a pair that shares something, and what it shows without anything done to it. */
  function memberViews(draw: number, change: Partial<PairConfig>, hideAndSeek?: number) {
    const pair: PairConfig = { member: 0, crops: 'easy', share: 1, overlap: 'keep', dropProbability: 0.4 };
    const view = (config: ViewConfig) => {
      const random = () => [randomAt(3, 'view', draw), randomAt(3, 'pair', draw)] as const;
      const out = new Float32Array(size * size * 3);
      const [own, shared] = random();
      createPipeline({ kind: 'view', ...config })(picture, own, out, 0, shared);
      return { out, drawn: drawView(config, picture.width, picture.height, ...random()) };
    };
    return {
      plain: view({ ...config, pair }).out,
      ...view({ ...config, pair: { ...pair, ...change }, ...(hideAndSeek !== undefined && { hideAndSeek }) }),
    };
  }

  /** For each pixel of a view whether it lies in the box that was drawn before the view was mirrored. */
  function inside({ overlap, flip }: ViewParameters): boolean[] {
    return Array.from({ length: size * size }, (_, pixel) => {
      const [y, column] = [Math.floor(pixel / size), pixel % size];
      const x = flip ? size - 1 - column : column;
      const { top, left, height, width } = overlap!;
      return y >= top && y < top + height && x >= left && x < left + width;
    });
  }

  const pixelOf = (view: Float32Array, pixel: number) => [...view.subarray(pixel * 3, pixel * 3 + 3)];

  test.each(['mean', 'noise', 'drop'] as const)('the overlap of a pair: %s', (overlap) => {
    const meanColour = [...normalised(Uint8Array.of(124, 116, 104))];
    let replaced = 0;
    let shared = 0;
    for (let draw = 0; draw < 12; draw++) {
      const { plain, out, drawn } = memberViews(draw, { overlap });
      const average = [0, 1, 2].map((channel) => {
        let sum = 0;
        for (let pixel = 0; pixel < size * size; pixel++) sum += plain[pixel * 3 + channel]!;
        return Math.fround(sum / (size * size));
      });
      for (const [pixel, within] of inside(drawn).entries()) {
        const [before, after] = [pixelOf(plain, pixel), pixelOf(out, pixel)];
        const same = before.every((value, channel) => value === after[channel]);
        if (!within) expect(same).toBe(true);
        else if (overlap === 'mean') expect(after).toEqual(meanColour);
        else if (overlap === 'drop' && !same) expect(after).toEqual(average);
        if (within) shared++;
        if (!same) replaced++;
      }
    }
    // Noise hits the colour that was there once in millions; pixels are dropped independently, four standard errors.
    if (overlap === 'noise') expect(replaced).toBeGreaterThan(0.999 * shared);
    if (overlap === 'drop') {
      expect(Math.abs(replaced / shared - 0.4)).toBeLessThan(4 * Math.sqrt((0.4 * 0.6) / shared));
    }
  });

  test('Hide-and-Seek comes last and changes nothing else', () => {
    for (let draw = 0; draw < 12; draw++) {
      const { plain, out, drawn } = memberViews(draw, {}, 0.5);
      hideCells(plain, 0, size, drawn.hidden!);
      expect(out).toEqual(plain);
    }
  });
});
