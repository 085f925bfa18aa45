/** The pictures of the README: the best of those that were taken, small and in both themes. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';

const folder = join(import.meta.dirname, '..', '..', 'docs', 'pictures');
const heightPx = 900;

/** What each is called there, and which picture it is. */
const chosen = {
  run: ['three', 'run-wide'],
  runs: ['many', 'runs-wide'],
  compare: ['three', 'compared-wide'],
  results: ['three', 'results-wide'],
  augmentations: ['three', 'augmentations-wide'],
  projection: ['three', 'run-project-wide'],
  narrow: ['three', 'run-narrow'],
} as const;

export async function writeReadmePictures(out: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const [name, [store, picture]] of Object.entries(chosen)) {
    for (const look of ['light', 'dark']) {
      const taken = sharp(join(out, store, `${picture}-${look}.png`));
      const { width, height } = await taken.metadata();
      const top = { left: 0, top: 0, width, height: Math.min(height, heightPx) };
      await taken
        .extract(top)
        .webp({ quality: 82, effort: 6 })
        .toFile(join(folder, `${name}-${look}.webp`));
    }
  }
}
