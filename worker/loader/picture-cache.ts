import sharp from 'sharp';
import type { Picture } from '../../engine/views/picture.ts';
import { readRowImage } from '../datasets/tsv.ts';
import { type PathTable, pathAt } from './path-table.ts';

/**
 * Decoded pictures in shared memory, for data sets that fit: each is decoded once, by whichever thread comes first.
 * The memory grows as pictures come, up to the budget; what no longer fits is decoded anew each time.
 */
export interface PictureCache {
  pixels: SharedArrayBuffer;
  /** For each picture its place (in units, plus one), width and height. [length, 3] */
  entries: Int32Array;
  /** One number: units in use. */
  used: Int32Array;
}

const unitBytes = 64; // so that 32-bit places reach 128 GiB
const growthBytes = 16 * 2 ** 20;
const free = 0;
const beingWritten = -1;
const refused = -2;

export function createPictureCache(length: number, budgetBytes: number): PictureCache {
  return {
    pixels: new SharedArrayBuffer(0, { maxByteLength: budgetBytes }),
    entries: new Int32Array(new SharedArrayBuffer(length * 12)),
    used: new Int32Array(new SharedArrayBuffer(4)),
  };
}

export function cachedPicture({ pixels, entries }: PictureCache, index: number): Picture | undefined {
  const place = Atomics.load(entries, index * 3);
  if (place <= free) return undefined;
  const width = entries[index * 3 + 1]!;
  const height = entries[index * 3 + 2]!;
  return { width, height, data: new Uint8Array(pixels, (place - 1) * unitBytes, width * height * 3) };
}

export function storePicture({ pixels, entries, used }: PictureCache, index: number, picture: Picture): void {
  if (Atomics.compareExchange(entries, index * 3, free, beingWritten) !== free) return;
  const size = picture.width * picture.height * 3;
  const units = Math.ceil(size / unitBytes);
  const place = Atomics.add(used, 0, units);
  if (place < 0 || (place + units) * unitBytes > pixels.maxByteLength) {
    Atomics.sub(used, 0, units);
    Atomics.store(entries, index * 3, refused);
    return;
  }
  grow(pixels, (place + units) * unitBytes);
  new Uint8Array(pixels, place * unitBytes, size).set(picture.data.subarray(0, size));
  entries[index * 3 + 1] = picture.width;
  entries[index * 3 + 2] = picture.height;
  Atomics.store(entries, index * 3, place + 1); // last, since it is what readers look at
}

function grow(pixels: SharedArrayBuffer, needed: number): void {
  while (pixels.byteLength < needed) {
    const size = Math.ceil(needed / growthBytes) * growthBytes;
    try {
      pixels.grow(Math.min(size, pixels.maxByteLength));
    } catch (error) {
      // Another thread may have grown it further meanwhile; without that it is a real failure.
      if (pixels.byteLength < needed) throw error;
    }
  }
}

/** Bytes of the whole data set as pixels, judged by the sizes of a few files; Infinity where none can be read. */
export async function estimateDecodedBytes(paths: PathTable, length: number): Promise<number> {
  const samples = Math.min(16, length);
  let bytes = 0;
  let read = 0;
  for (let sample = 0; sample < samples; sample++) {
    const path = pathAt(paths, Math.floor((sample * length) / samples));
    try {
      const { width, height } = await sharp(readRowImage(path)?.bytes ?? path).metadata();
      bytes += width * height * 3;
      read++;
    } catch {
      // A broken file says nothing about the size of the others; it is reported when its turn comes.
    }
  }
  return read === 0 ? Number.POSITIVE_INFINITY : (bytes / read) * length;
}
