import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DecodeMode } from '../../../worker/images/decode.ts';
import { decodeImage } from '../../../worker/images/decode.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'contrast-decode-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** 3 x 2 pixels, each of a colour of its own. */
const pixels = [255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 20, 30, 40, 50, 60, 70, 80, 90];
const picture = () => sharp(Uint8Array.from(pixels), { raw: { width: 3, height: 2, channels: 3 } });

async function decoded(bytes: Buffer, mode: DecodeMode) {
  const { width, height, data } = await decodeImage(bytes, mode);
  return { width, height, data: [...data] };
}

describe('kinds of files that hold pixels as they are', () => {
  test.each(['png', 'webp', 'gif', 'tiff'] as const)(
    '%s, from a path and from bytes, in both modes',
    async (format) => {
      const bytes = await picture()
        .toFormat(format, { lossless: true, compression: 'lzw', effort: 4, dither: 0 })
        .toBuffer();
      const path = join(folder, `picture.${format}`);
      writeFileSync(path, bytes);
      for (const mode of ['pil', 'natural'] as const) {
        expect(await decoded(bytes, mode)).toEqual({ width: 3, height: 2, data: pixels });
      }
      expect([...(await decodeImage(path, 'pil')).data]).toEqual(pixels);
    },
  );

  test('the first frame of an animation', async () => {
    const frames = Buffer.from([...pixels, ...pixels.toReversed()]);
    const raw = { width: 3, height: 4, channels: 3, pageHeight: 2 } as const;
    const bytes = await sharp(frames, { raw })
      .gif({ dither: 0, delay: [100, 100] })
      .toBuffer();
    expect((await sharp(bytes).metadata()).pages).toBe(2);
    expect(await decoded(bytes, 'pil')).toEqual({ width: 3, height: 2, data: pixels });
  });
});

describe('where the modes differ', () => {
  test('see-through pixels: their colour, or what is seen over white', async () => {
    const bytes = await sharp(Uint8Array.from([200, 0, 100, 0, 200, 0, 100, 255]), {
      raw: { width: 2, height: 1, channels: 4 },
    })
      .png()
      .toBuffer();
    expect((await decoded(bytes, 'pil')).data).toEqual([200, 0, 100, 200, 0, 100]);
    expect((await decoded(bytes, 'natural')).data).toEqual([255, 255, 255, 200, 0, 100]);
  });

  test('orientation in EXIF: as stored, or upright', async () => {
    const bytes = await picture().png().withMetadata({ orientation: 6 }).toBuffer();
    expect(await decoded(bytes, 'pil')).toEqual({ width: 3, height: 2, data: pixels });
    // 6: the first row is the right side, so the first column, from below, becomes the top row.
    const upright = [10, 20, 30, 255, 0, 0, 40, 50, 60, 0, 255, 0, 70, 80, 90, 0, 0, 255];
    expect(await decoded(bytes, 'natural')).toEqual({ width: 2, height: 3, data: upright });
  });

  const levels = Uint16Array.from([0, 200, 256, 25700, 65535]);
  const grey16 = {
    png: () =>
      sharp(levels, { raw: { width: 5, height: 1, channels: 1 } })
        .toColourspace('grey16')
        .png()
        .toBuffer(),
    tiff: async () => plainTiff(levels),
  };
  test.each(['png', 'tiff'] as const)('16-bit grey in %s: cut off at 255, or scaled', async (format) => {
    const bytes = await grey16[format]();
    const grey = (values: number[]) => values.flatMap((value) => [value, value, value]);
    expect((await decoded(bytes, 'pil')).data).toEqual(grey([0, 200, 255, 255, 255]));
    expect((await decoded(bytes, 'natural')).data).toEqual(grey([0, 0, 1, 100, 255]));
  });

  test('a colour profile: ignored, or followed', async () => {
    const bytes = await picture().withIccProfile('p3').png().toBuffer();
    const stored = await sharp(bytes, { ignoreIcc: true }).raw().toBuffer();
    expect((await decoded(bytes, 'pil')).data).toEqual([...stored]);
    const followed = (await decoded(bytes, 'natural')).data;
    expect(followed).not.toEqual([...stored]);
    followed.forEach((value, index) => {
      expect(Math.abs(value - pixels[index]!)).toBeLessThanOrEqual(4); // there and back again, rounded to bytes on both, which dark tones feel most
    });
  });
});

describe('bitmaps', () => {
  /** A bitmap whose rows are given as they lie in the file. */
  function bitmap(
    bits: number,
    height: number,
    palette: number[],
    rows: number[][],
    change: Partial<{ compression: number }> = {},
  ) {
    const header = Buffer.alloc(54);
    header.write('BM');
    header.writeUInt32LE(54 + palette.length, 10);
    header.writeUInt32LE(40, 14);
    header.writeInt32LE(3, 18);
    header.writeInt32LE(height, 22);
    header.writeUInt16LE(bits, 28);
    header.writeUInt32LE(change.compression ?? 0, 30);
    return Buffer.concat([header, Buffer.from(palette), ...rows.map((row) => Buffer.from(row))]);
  }
  const bgr = (from: number) => [0, 1, 2].flatMap((x) => [2, 1, 0].map((channel) => pixels[from + x * 3 + channel]!));
  const palette = [0, 0, 255, 0, 0, 255, 0, 0];

  test('24 bits from below and from above, 32 bits, 8, 4 and 1 bit with a palette', async () => {
    const [upper, lower] = [
      [...bgr(0), 0, 0, 0],
      [...bgr(9), 0, 0, 0],
    ];
    expect((await decoded(bitmap(24, 2, [], [lower, upper]), 'pil')).data).toEqual(pixels);
    expect((await decoded(bitmap(24, -2, [], [upper, lower]), 'natural')).data).toEqual(pixels);
    const wide = [3, 2, 1, 0, 6, 5, 4, 0, 9, 8, 7, 0];
    expect((await decoded(bitmap(32, 1, [], [wide]), 'pil')).data).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const redGreenRed = [255, 0, 0, 0, 255, 0, 255, 0, 0];
    expect((await decoded(bitmap(8, 1, palette, [[0, 1, 0, 0]]), 'pil')).data).toEqual(redGreenRed);
    expect((await decoded(bitmap(4, 1, palette, [[0x01, 0x00, 0, 0]]), 'pil')).data).toEqual(redGreenRed);
    expect((await decoded(bitmap(1, 1, palette, [[0x40, 0, 0, 0]]), 'pil')).data).toEqual(redGreenRed);
  });

  test('what they cannot be is said', async () => {
    const row = [...bgr(0), 0, 0, 0];
    await expect(decodeImage(bitmap(24, 9, [], [row]), 'pil')).rejects.toThrow('3 x 9 but is cut off');
    await expect(decodeImage(bitmap(8, 1, palette, [[0, 9, 0, 0]]), 'pil')).rejects.toThrow('outside its palette');
    await expect(decodeImage(bitmap(8, 1, palette, [row], { compression: 1 }), 'pil')).rejects.toThrow('compression 1');
  });
});

describe('broken files', () => {
  test.each([
    ['empty.jpg', '', 'the file is empty'],
    ['text.png', 'Dear reader, I am not a picture, whatever I am called.', 'not an image of a known kind'],
    ['short.jpg', '\xff\xd8\xff', 'cut off'],
    ['short.bmp', 'BM', 'ends within its header'],
  ])('%s', async (name, content, reason) => {
    const path = join(folder, name);
    writeFileSync(path, content, 'latin1');
    for (const mode of ['pil', 'natural'] as const) {
      const error = await decodeImage(path, mode).catch((thrown) => thrown);
      expect(error).toMatchObject({ code: 'data-invalid', message: expect.stringContaining(reason) });
      expect(error.message.startsWith(`${path}: `)).toBe(true);
    }
  });

  test('one that is cut off anywhere is refused, in any format', async () => {
    const noise = sharp(
      Uint8Array.from({ length: 3000 }, (_, index) => (index * 7919) % 251),
      {
        raw: { width: 40, height: 25, channels: 3 },
      },
    );
    for (const format of ['jpeg', 'png', 'webp', 'tiff'] as const) {
      const bytes = await noise.toFormat(format).toBuffer();
      for (const share of [0.2, 0.5, 0.9]) {
        const cut = bytes.subarray(0, Math.floor(bytes.length * share));
        await expect(decodeImage(cut, 'pil'), `${format} to ${share}`).rejects.toMatchObject({ code: 'data-invalid' });
      }
    }
  });

  test('a missing file and a folder', async () => {
    await expect(decodeImage(join(folder, 'nowhere.png'), 'pil')).rejects.toThrow('nowhere.png: there is no such file');
    await expect(decodeImage(folder, 'pil')).rejects.toThrow('this is a folder, not a file');
  });
});

/** One row of 16-bit grey as an uncompressed little-endian TIFF. */
function plainTiff(levels: Uint16Array): Buffer {
  const tags = [
    [256, levels.length], // width
    [257, 1], // height
    [258, 16], // bits per sample
    [259, 1], // no compression
    [262, 1], // black is zero
    [273, 8], // where the pixels begin
    [277, 1], // samples per pixel
    [278, 1], // rows per strip
    [279, levels.byteLength], // bytes of the strip
  ] as const;
  const directory = Buffer.alloc(2 + tags.length * 12 + 4);
  directory.writeUInt16LE(tags.length, 0);
  tags.forEach(([tag, value], index) => {
    directory.writeUInt16LE(tag, 2 + index * 12);
    directory.writeUInt16LE(4, 4 + index * 12); // a 32-bit number,
    directory.writeUInt32LE(1, 6 + index * 12); // one of them
    directory.writeUInt32LE(value, 10 + index * 12);
  });
  const header = Buffer.from([0x49, 0x49, 42, 0, 0, 0, 0, 0]);
  header.writeUInt32LE(8 + levels.byteLength, 4);
  return Buffer.concat([header, Buffer.from(levels.buffer), directory]);
}
