/** Pictures for the page, as files of the task's folder. */
import { createHash } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Picture } from '../../engine/views/picture.ts';

export interface Tiles {
  /** Writes a view as it is, pixel by pixel; returns its path in the folder. */
  view(answer: number, name: string, size: number, bytes: Uint8Array): Promise<string>;
  /** Writes an image small enough for a page, once. */
  original(key: string, picture: Picture): Promise<string>;
  /** Those of older answers are not wanted any more. */
  forgetBefore(answer: number): void;
  close(): void;
}

/** Side of an image beside its views. */
const originalSide = 384;
const mostOriginals = 96;

export function openTiles(folder: string): Tiles {
  const root = join(folder, 'tiles');
  mkdirSync(join(root, 'originals'), { recursive: true });
  const answers = new Set<number>();
  const originals = new Map<string, Promise<string>>();

  async function writeOriginal(key: string, { width, height, data }: Picture): Promise<string> {
    const path = `tiles/originals/${createHash('sha256').update(key).digest('hex').slice(0, 16)}.webp`;
    await sharp(data, { raw: { width, height, channels: 3 } })
      .resize({ width: originalSide, height: originalSide, fit: 'inside', withoutEnlargement: true })
      .webp({ quality: 88 })
      .toFile(join(folder, path));
    return path;
  }

  return {
    async view(answer, name, size, bytes) {
      if (!answers.has(answer)) mkdirSync(join(root, String(answer)), { recursive: true });
      answers.add(answer);
      const path = `tiles/${answer}/${name}.png`;
      const image = sharp(bytes, { raw: { width: size, height: size, channels: 3 } });
      await image.png({ compressionLevel: 2 }).toFile(join(folder, path));
      return path;
    },
    original(key, picture) {
      const written = originals.get(key) ?? writeOriginal(key, picture);
      originals.delete(key); // to the end: the ones that were used longest ago go first
      originals.set(key, written);
      const [oldest] = originals;
      if (originals.size > mostOriginals && oldest) {
        originals.delete(oldest[0]);
        void oldest[1].then((path) => rmSync(join(folder, path), { force: true }));
      }
      return written;
    },
    forgetBefore(answer) {
      for (const one of answers) {
        if (one >= answer) continue;
        rmSync(join(root, String(one)), { recursive: true, force: true });
        answers.delete(one);
      }
    },
    close: () => rmSync(root, { recursive: true, force: true }),
  };
}
