import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { randomAt } from '../../../engine/random.ts';
import { boxRadius, createBlur } from '../../../engine/views/blur.ts';
import { adjustBrightness } from '../../../engine/views/brightness.ts';
import { type Canvas, createCanvas } from '../../../engine/views/canvas.ts';
import { adjustContrast } from '../../../engine/views/contrast.ts';
import { toGreyscale } from '../../../engine/views/greyscale.ts';
import { adjustHue } from '../../../engine/views/hue.ts';
import { sourceDigest } from '../../../engine/views/kernels/kernels.generated.ts';
import { createResize } from '../../../engine/views/resize.ts';
import { adjustSaturation } from '../../../engine/views/saturation.ts';
import fc from '../../support/fast-check.ts';
import { difference, sha256, syntheticPicture } from './picture.ts';
import { blend, boxBlurred, changed, luma, meanLuma, resized, turnHue } from './plain.ts';

// Sizes that leave every possible rest beside vectors of 4 pixels and 16 bytes.
const sizes = fc.record({ width: fc.integer({ min: 1, max: 45 }), height: fc.integer({ min: 1, max: 30 }) });
const seeds = fc.integer({ min: 0, max: 2 ** 31 });

function noise(width: number, height: number, seed: number) {
  const random = randomAt(seed, 'noise');
  return { width, height, data: Uint8Array.from({ length: width * height * 3 }, () => random.integer(256)) };
}

function onCanvas(data: Uint8Array, change: (canvas: Canvas) => void): Uint8Array {
  const canvas = createCanvas(data.length / 3);
  canvas.data.set(data);
  change(canvas);
  return canvas.data;
}

describe('colour operations equal the plain formulas to the byte', () => {
  const factors = fc.double({ min: 0, max: 3, noNaN: true });

  test('brightness, contrast, saturation, greyscale', () => {
    fc.assert(
      fc.property(sizes, seeds, factors, ({ width, height }, seed, factor) => {
        const { data } = noise(width, height, seed);
        const level = meanLuma(data);
        const each = (change: (value: number) => number) =>
          changed(data, (...colour) => [change(colour[0]), change(colour[1]), change(colour[2])]);
        expect(onCanvas(data, (canvas) => adjustBrightness(canvas, factor))).toEqual(
          each((value) => blend(0, value, factor)),
        );
        expect(onCanvas(data, (canvas) => adjustContrast(canvas, factor))).toEqual(
          each((value) => blend(level, value, factor)),
        );
        expect(onCanvas(data, (canvas) => adjustSaturation(canvas, factor))).toEqual(
          changed(data, (red, green, blue) => {
            const grey = luma(red, green, blue);
            return [blend(grey, red, factor), blend(grey, green, factor), blend(grey, blue, factor)];
          }),
        );
        expect(onCanvas(data, toGreyscale)).toEqual(
          changed(data, (...colour) => [luma(...colour), luma(...colour), luma(...colour)]),
        );
      }),
      { numRuns: 60 },
    );
  });

  test('hue, over the corners, edges and a lattice of the colour cube, and every shift', () => {
    const levels = [0, 1, 2, 42, 43, 84, 85, 127, 128, 169, 170, 212, 213, 253, 254, 255];
    const data = Uint8Array.from(levels.flatMap((r) => levels.flatMap((g) => levels.flatMap((b) => [r, g, b]))));
    for (let shift = 0; shift < 256; shift++) {
      const turns = (shift + (shift < 128 ? 0.5 : -255.5)) / 255; // truncated towards zero on the way to the shift
      const actual = onCanvas(data, (canvas) => adjustHue(canvas, turns));
      expect(difference(actual, changed(data, turnHue(Math.trunc(turns * 255) & 255)))).toEqual({ max: 0, mean: 0 });
    }
  });
});

describe('resize', () => {
  test('equals the plain formula, but for the rounding of its fixed-point weights', () => {
    const resize = createResize('bilinear');
    const target = fc.integer({ min: 1, max: 40 });
    const means: number[] = [];
    fc.assert(
      fc.property(
        sizes,
        seeds,
        target,
        target,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (size, seed, width, height, share) => {
          const source = noise(size.width, size.height, seed);
          const left = Math.floor(share * (size.width - 1));
          const top = Math.floor((1 - share) * (size.height - 1));
          const box = { left, top, width: size.width - left, height: size.height - top };
          const actual = new Uint8Array(width * height * 3);
          resize(source, box, { width, height }, actual);
          const { max, mean } = difference(actual, resized(source, box, width, height));
          // 22-bit weights move a sum by 1e-4 at most, which shows only where it is that near to a half: seldom, but
          // for simple ratios of sizes, where halves are common.
          expect(max).toBeLessThanOrEqual(1);
          means.push(mean);
        },
      ),
      { numRuns: 80, endOnFailure: true },
    );
    expect(means.reduce((sum, mean) => sum + mean, 0) / means.length).toBeLessThan(0.02);
  });

  // Of the pictures of the fixtures' formula; by Pillow 13.0.0, which squeezes the columns of some of them first.
  test.each([
    ['bilinear', 61, 197, 60, 150, '9865ddd7edc9d2d1'],
    ['bicubic', 61, 197, 60, 150, 'b840087b829017b5'],
    ['bilinear', 61, 197, 90, 40, '306c124b9e2a96c0'],
    ['bicubic', 61, 197, 90, 40, '5d5127949b1a1986'],
    ['bilinear', 97, 61, 90, 58, 'b0250c49c7f67f1d'],
    ['bicubic', 97, 61, 90, 58, 'd797e3f92191ce59'],
    ['bilinear', 97, 61, 96, 40, 'b77a299837c312e6'],
    ['bicubic', 97, 61, 96, 40, 'bd6ef92a1cf4be30'],
  ] as const)(
    '%s of %i x %i to %i x %i has the bytes of Pillow',
    (kernel, width, height, toWidth, toHeight, digest) => {
      const out = new Uint8Array(toWidth * toHeight * 3);
      const source = syntheticPicture(`p${width}x${height}`, width, height);
      createResize(kernel)(source, { top: 0, left: 0, width, height }, { width: toWidth, height: toHeight }, out);
      expect(sha256(out).slice(0, 16)).toBe(digest);
    },
  );

  test.each([
    { top: 2, left: 3, height: 30, width: 44 },
    { top: 2, left: 3, height: 38, width: 35 },
  ])('a window of it is that part of the whole, rows or columns first', (box) => {
    const resize = createResize('bicubic');
    const source = noise(50, 40, 1);
    const whole = new Uint8Array(33 * 29 * 3);
    resize(source, box, { width: 33, height: 29 }, whole);
    const part = new Uint8Array(10 * 7 * 3);
    resize(source, box, { width: 33, height: 29, window: { top: 5, left: 20, height: 7, width: 10 } }, part);
    for (let y = 0; y < 7; y++) {
      const start = ((y + 5) * 33 + 20) * 3;
      expect(part.subarray(y * 30, y * 30 + 30)).toEqual(whole.subarray(start, start + 30));
    }
  });

  test('to its own size changes nothing', () => {
    const source = noise(31, 17, 2);
    const out = new Uint8Array(source.data.length);
    createResize('bilinear')(source, { top: 0, left: 0, height: 17, width: 31 }, source, out);
    expect(out).toEqual(source.data);
  });
});

describe('blur', () => {
  test('equals three box blurs along each axis, but for the rounding of its fixed-point weights', () => {
    const blur = createBlur();
    fc.assert(
      fc.property(sizes, seeds, fc.double({ min: 0.1, max: 8, noNaN: true }), ({ width, height }, seed, sigma) => {
        const { data } = noise(width, height, seed);
        const actual = data.slice();
        blur(actual, width, height, sigma);
        const { max, mean } = difference(actual, plainBlur(data, width, height, boxRadius(sigma)));
        // Where a box's sum is within rounding of a half (thirds and fifths often are), later passes carry the level on.
        expect(max).toBeLessThanOrEqual(2);
        expect(mean).toBeLessThan(0.1);
      }),
      { numRuns: 60 },
    );
  });

  test('has the variance of its Gaussian: L² = 12 variance + 1 for each of three boxes', () => {
    for (const sigma of [0.3, 0.5, 1, 1.7, 2, 5]) {
      // Of one box with fractional ends: variance = sum of weight * distance².
      const radius = boxRadius(sigma);
      const whole = Math.floor(radius);
      let variance = (2 * (radius - whole) * (whole + 1) ** 2) / (2 * radius + 1);
      for (let step = 1; step <= whole; step++) variance += (2 * step ** 2) / (2 * radius + 1);
      expect(3 * variance).toBeCloseTo(sigma ** 2, 4);
    }
  });
});

function plainBlur(data: Uint8Array, width: number, height: number, radius: number): Uint8Array {
  const out = data.slice();
  const along = (start: number, step: number, length: number) => {
    let line = Array.from({ length }, (_, place) => out[start + place * step]!);
    for (let pass = 0; pass < 3; pass++) line = boxBlurred(line, radius);
    for (let place = 0; place < length; place++) out[start + place * step] = line[place]!;
  };
  for (let y = 0; y < height; y++)
    for (let channel = 0; channel < 3; channel++) along(y * width * 3 + channel, 3, width);
  for (let x = 0; x < width * 3; x++) along(x, width * 3, height);
  return out;
}

test('the compiled kernels belong to their source (if not: node scripts/build-kernels.mjs)', () => {
  const source = readFileSync(new URL('../../../engine/views/kernels/kernels.as', import.meta.url));
  expect(createHash('sha256').update(source).digest('hex')).toBe(sourceDigest);
});
