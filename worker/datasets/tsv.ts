/** SEED's TSV on this machine: its rows found once, their images read one by one by whoever decodes them. */
import { closeSync, createReadStream, existsSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../common/errors.ts';
import { createRowFinder, imageColumn, parseLineIndex, type RowOffsets } from '../../engine/datasets/tsv.ts';

export interface TsvRows {
  path: string;
  offsets: RowOffsets;
  warnings: string[];
}

/** A TSV itself, or a folder that holds `train.tsv`; null for anything else. */
export function findTsv(data: string): string | null {
  if (data.endsWith('.tsv')) return data;
  const path = join(data, 'train.tsv');
  return existsSync(path) ? path : null;
}

interface OpenOptions {
  signal: AbortSignal;
  onProgress(doneBytes: number, sizeBytes: number): void;
}

/** Through the line index beside it; without one the whole file is read once. Throws `data-invalid` naming the line. */
export async function openTsv(path: string, { signal, onProgress }: OpenOptions): Promise<TsvRows> {
  const status = statSync(path, { throwIfNoEntry: false });
  if (!status?.isFile()) {
    throw new AppError('data-invalid', `There is no file ${path}.`, { cure: 'Check the spelling.' });
  }
  const index = path.replace(/\.tsv$/, '.lineidx');
  if (existsSync(index)) {
    return {
      path,
      offsets: notEmpty(path, parseLineIndex(index, readFileSync(index, 'utf8'), status.size)),
      warnings: [],
    };
  }
  const finder = createRowFinder();
  let done = 0;
  for await (const bytes of createReadStream(path, { highWaterMark: 2 ** 20, signal })) {
    finder.add(bytes);
    done += bytes.length;
    onProgress(done, status.size);
  }
  const warnings = [`${path} has no line index (${index}): the whole file was read to find its rows.`];
  return { path, offsets: notEmpty(path, finder.end()), warnings };
}

function notEmpty(path: string, offsets: RowOffsets): RowOffsets {
  if (offsets.length > 1) return offsets;
  throw new AppError('data-invalid', `There are no rows in ${path}.`);
}

const marker = '?row=';

/** Addresses of the rows that stand for paths: `/data/train.tsv?row=12&from=4096&to=9216`. */
export function* rowAddresses({ path, offsets }: TsvRows): Generator<string> {
  for (let row = 0; row + 1 < offsets.length; row++) {
    yield `${path}${marker}${row}&from=${offsets[row]}&to=${offsets[row + 1]}`;
  }
}

/**
 * The bytes of the image that an address stands for, and its name in words; null where it is a path. Throws
 * `data-invalid` naming the line.
 */
export function readRowImage(address: string): { bytes: Buffer; name: string } | null {
  const at = address.lastIndexOf(marker);
  if (at < 0) return null;
  const place = new URLSearchParams(address.slice(at + 1));
  const path = address.slice(0, at);
  const [row, from, to] = ['row', 'from', 'to'].map((name) => Number(place.get(name))) as [number, number, number];
  const bytes = Buffer.alloc(to - from);
  const file = openSync(path, 'r');
  try {
    readSync(file, bytes, 0, bytes.length, from);
  } finally {
    closeSync(file);
  }
  const image = Buffer.from(imageColumn(path, row + 1, bytes.toString('latin1')), 'base64');
  return { bytes: image, name: `${path}, line ${row + 1}` };
}
