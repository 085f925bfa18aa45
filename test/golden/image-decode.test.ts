import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { decodeImage } from '../../worker/images/decode.ts';
import { sha256 } from '../engine/views/picture.ts';

const folder = join(process.env.CONTRAST_FIXTURES ?? 'test/fixtures', 'image');

interface OddFile {
  file: string;
  pil_format?: string;
  rgb_shape_hwc?: [number, number, number];
  rgb_mean?: [number, number, number];
  sha256_rgb?: string;
  pixels_x_y_rgb?: [number, number, [number, number, number]][];
  error?: string;
}
const { files }: { files: OddFile[] } = JSON.parse(readFileSync(join(folder, 'decode.json'), 'utf8'));

describe('odd files decode as Pillow decodes them', () => {
  for (const { file, pil_format, rgb_shape_hwc, rgb_mean, sha256_rgb, pixels_x_y_rgb, error } of files) {
    if (error) {
      test(`${file} is refused (${error})`, async () => {
        await expect(decodeImage(join(folder, file), 'pil')).rejects.toMatchObject({
          code: 'data-invalid',
          message: expect.stringContaining(file),
        });
      });
      continue;
    }
    test(file, async () => {
      const { width, height, data } = await decodeImage(join(folder, file), 'pil');
      expect([height, width, 3]).toEqual(rgb_shape_hwc);
      if (pil_format !== 'JPEG') {
        expect(sha256(data)).toBe(sha256_rgb);
        return;
      }
      // JPEG decoders differ in their cosine transform and in how they smooth chroma: 3 levels, 12 with 4:2:0, means
      // within 1 (the fixtures' note). Which of the files are 4:2:0 is not told, so only 4:4:4 and grey are held to 3.
      const limit = /444|gray/.test(file) ? 3 : 12;
      for (const [x, y, colour] of pixels_x_y_rgb!) {
        colour.forEach((value, channel) => {
          expect(Math.abs(data[(y * width + x) * 3 + channel]! - value)).toBeLessThanOrEqual(limit);
        });
      }
      rgb_mean!.forEach((mean, channel) => {
        let sum = 0;
        for (let index = channel; index < data.length; index += 3) sum += data[index]!;
        expect(Math.abs((sum * 3) / data.length - mean)).toBeLessThanOrEqual(1);
      });
    });
  }
});
