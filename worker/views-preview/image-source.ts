/** The images that a preview chooses from: listed once for each data set, decoded once for each image while it is shown. */
import { basename } from 'node:path';
import type { JobEvent } from '../../common/events.ts';
import { randomAt } from '../../engine/random.ts';
import type { Picture } from '../../engine/views/picture.ts';
import { readRowImage } from '../datasets/tsv.ts';
import { type DecodeMode, decodeImage } from '../images/decode.ts';
import { findImages } from '../training-images.ts';

export interface ImageSource {
  /** Of the data set. */
  count: number;
  pathOf(index: number): string;
  /** Below the data set's folder. */
  nameOf(index: number): string;
}

interface SourceOptions {
  data: string;
  file: string | undefined;
  report: (event: JobEvent) => void;
  signal: AbortSignal;
}

/** Keeps the newest listing. Throws `data-invalid` as training would. */
export function createSources(): (options: SourceOptions) => Promise<ImageSource> {
  let kept: { data: string; source: ImageSource } | null = null;
  return async ({ data, file, report, signal }) => {
    if (file !== undefined) return { count: 1, pathOf: () => file, nameOf: () => basename(file) };
    if (kept?.data === data) return kept.source;
    kept = null; // its memory may be wanted
    const found = await findImages(data, { report, signal });
    const names = [...found.files()];
    const source: ImageSource = {
      count: names.length,
      pathOf: (index) => found.root + names[index],
      nameOf: (index) => readRowName(names[index]!),
    };
    kept = { data, source };
    return source;
  };
}

/** Addresses of rows are long; what they stand for is said in words. */
function readRowName(name: string): string {
  return name.includes('?row=') ? (readRowImage(name)?.name ?? name) : name;
}

/** `images` places in a data set, other ones for each `choice`, ascending. */
export function chooseImages(count: number, images: number, choice: number): number[] {
  const random = randomAt(0, 'preview', choice);
  const chosen = new Set<number>();
  while (chosen.size < Math.min(images, count)) chosen.add(random.integer(count));
  return [...chosen].sort((a, b) => a - b);
}

/** Pixels of all that is kept, 3 bytes each. */
const mostPixels = 48e6;

/** Decoded pictures, the latest used stay. Throws `data-invalid` for one that is broken. */
export function createPictures(): (path: string, decode: DecodeMode) => Promise<Picture> {
  const kept = new Map<string, Picture>();
  let pixels = 0;
  return async (path, decode) => {
    const key = `${decode} ${path}`;
    const known = kept.get(key);
    kept.delete(key);
    const row = readRowImage(path);
    const picture = known ?? (await decodeImage(row?.bytes ?? path, decode, row?.name ?? path));
    kept.set(key, picture);
    if (!known) pixels += picture.width * picture.height;
    for (const [oldest, { width, height }] of kept) {
      if (pixels <= mostPixels || oldest === key) break;
      kept.delete(oldest);
      pixels -= width * height;
    }
    return picture;
  };
}
