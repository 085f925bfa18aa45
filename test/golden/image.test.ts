import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { createBlur } from '../../engine/views/blur.ts';
import { adjustBrightness } from '../../engine/views/brightness.ts';
import { type Canvas, createCanvas } from '../../engine/views/canvas.ts';
import { adjustContrast } from '../../engine/views/contrast.ts';
import { centreBox, centreCrop } from '../../engine/views/crop.ts';
import { toGreyscale } from '../../engine/views/greyscale.ts';
import { adjustHue } from '../../engine/views/hue.ts';
import { imagenet, normaliseTable, writeNormalised } from '../../engine/views/normalise.ts';
import { emptyPicture, type Picture } from '../../engine/views/picture.ts';
import { createResize, type Kernel, shorterSideTarget, type Target } from '../../engine/views/resize.ts';
import { adjustSaturation } from '../../engine/views/saturation.ts';
import { difference, sha256, syntheticPicture } from '../engine/views/picture.ts';

const folder = join(process.env.CONTRAST_FIXTURES ?? 'test/fixtures', 'image');

interface Arguments {
  box: [number, number, number, number];
  size: number;
  resize: number;
  crop: number;
  interpolation: Kernel;
  factor: number;
  sigma: number;
  ops: Operation[];
}
interface Operation {
  op: string;
  args: Arguments;
}
interface Result extends Operation {
  file: string;
  picture: string;
  width: number;
  height: number;
}
const manifest: {
  sources: Record<string, { width: number; height: number; sha256_rgb: string }>;
  results: Result[];
  normalised_tensors: {
    picture: string;
    mean: number[];
    std: number[];
    tensor: { shape: number[]; first: number[]; mean: number; l2: number; min: number; max: number };
  }[];
} = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));

// Allowed distance in levels, and on average, as the manifest gives them; greyscale, crops and flips are whole-number
// arithmetic or copies. A chain may add up the rounding of its parts, of which hue (3) is the largest.
const tolerances: Record<string, { max: number; mean: number }> = {
  resized_crop: { max: 1, mean: 0.02 },
  resize_center_crop: { max: 1, mean: 0.02 },
  resize_shorter: { max: 1, mean: 0.02 },
  center_crop: { max: 0, mean: 0 },
  hflip: { max: 0, mean: 0 },
  grayscale3: { max: 0, mean: 0 },
  brightness: { max: 1, mean: 1 },
  contrast: { max: 1, mean: 1 },
  saturation: { max: 1, mean: 1 },
  hue: { max: 3, mean: 0.5 },
  gaussian_blur: { max: 1, mean: 1 },
  chain: { max: 3, mean: 0.5 },
};

const resize = { bilinear: createResize('bilinear'), bicubic: createResize('bicubic') };

function resized(source: Picture, kernel: Kernel, target: Target, box = whole(source)): Picture {
  const out = emptyPicture(target.window?.width ?? target.width, target.window?.height ?? target.height);
  resize[kernel](source, box, target, out.data);
  return out;
}

const whole = ({ width, height }: Picture) => ({ top: 0, left: 0, height, width });

function onCanvas(picture: Picture, change: (canvas: Canvas) => void): Picture {
  const canvas = createCanvas(picture.width * picture.height);
  canvas.data.set(picture.data);
  change(canvas);
  return { ...picture, data: canvas.data };
}

const operations: Record<string, (picture: Picture, args: Arguments) => Picture> = {
  resized_crop: (picture, { box: [top, left, height, width], size, interpolation }) =>
    resized(picture, interpolation, { width: size, height: size }, { top, left, height, width }),
  resize_center_crop: (picture, { resize: shorter, crop, interpolation }) => {
    const size = shorterSideTarget(picture.width, picture.height, shorter);
    return resized(picture, interpolation, { ...size, window: centreBox(size.width, size.height, crop) });
  },
  resize_shorter: (picture, { size, interpolation }) =>
    resized(picture, interpolation, shorterSideTarget(picture.width, picture.height, size)),
  center_crop: (picture, { size }) => centreCrop(picture, size),
  // A view is mirrored while it is written; with each byte standing for itself the floats are the bytes.
  hflip: (picture) => {
    const itself = Float32Array.from({ length: 1024 }, (_, place) => place >> 2);
    const out = new Float32Array(picture.data.length);
    writeNormalised(picture.data, picture.width, picture.height, itself, true, out, 0);
    return { ...picture, data: Uint8Array.from(out) };
  },
  brightness: (picture, { factor }) => onCanvas(picture, (canvas) => adjustBrightness(canvas, factor)),
  contrast: (picture, { factor }) => onCanvas(picture, (canvas) => adjustContrast(canvas, factor)),
  saturation: (picture, { factor }) => onCanvas(picture, (canvas) => adjustSaturation(canvas, factor)),
  hue: (picture, { factor }) => onCanvas(picture, (canvas) => adjustHue(canvas, factor)),
  grayscale3: (picture) => onCanvas(picture, toGreyscale),
  gaussian_blur: (picture, { sigma }) => {
    createBlur()(picture.data, picture.width, picture.height, sigma);
    return picture;
  },
  chain: (picture, { ops }) => ops.reduce((current, { op, args }) => operations[op]!(current, args), picture),
};

describe('image operations give the bytes of Pillow and torchvision', () => {
  for (const [label, { width, height, sha256_rgb }] of Object.entries(manifest.sources)) {
    test(`source picture ${label}`, () => {
      expect(sha256(syntheticPicture(label, width, height).data)).toBe(sha256_rgb);
    });
  }
  for (const { file, picture, op, args, width, height } of manifest.results) {
    test(`${file} ${JSON.stringify(args)}`, async () => {
      const expected = await sharp(join(folder, file)).removeAlpha().raw().toBuffer();
      const source = manifest.sources[picture]!;
      const actual = operations[op]!(syntheticPicture(picture, source.width, source.height), args);
      expect([actual.width, actual.height]).toEqual([width, height]);
      const { max, mean } = difference(actual.data, expected);
      expect(max).toBeLessThanOrEqual(tolerances[op]!.max);
      expect(mean).toBeLessThanOrEqual(tolerances[op]!.mean);
    });
  }
});

describe('normalised tensors equal PyTorch', () => {
  for (const { picture, mean, std, tensor } of manifest.normalised_tensors) {
    test(`${picture} with mean ${mean} and deviation ${std}`, () => {
      const { width, height } = manifest.sources[picture]!;
      const { data } = syntheticPicture(picture, width, height);
      const table = normaliseTable({ mean, deviation: std });
      const out = new Float32Array(width * height * 3);
      writeNormalised(data, width, height, table, false, out, 0);
      // The file holds 9 digits, which tell any two float32 apart; the first entries run along the red channel's rows.
      tensor.first.forEach((value, index) => {
        expect(out[index * 3]).toBe(Math.fround(value));
      });
      const sum = out.reduce((total, value) => total + value, 0);
      const squares = out.reduce((total, value) => total + value * value, 0);
      // PyTorch sums in float32: 1e-6 relative is its rounding over 17,751 values.
      expect(sum / out.length).toBeCloseTo(tensor.mean, 6);
      expect(Math.sqrt(squares) / tensor.l2).toBeCloseTo(1, 6);
      expect(Math.fround(tensor.min)).toBe(Math.min(...out));
      expect(Math.fround(tensor.max)).toBe(Math.max(...out));
    });
  }
  test('the usual statistics are ImageNet’s', () => {
    expect(imagenet).toEqual({ mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] });
  });
});
