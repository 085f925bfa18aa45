/**
 * SEED's TSV: a row for each image, `name <tab> label <tab> image in base64`, beside it a line index, `train.lineidx` to
 * `train.tsv`: for each row the byte at which it begins, one number a line.
 */
import { AppError } from '../../common/errors.ts';

/** Where each row begins, and the end of the last: [rows + 1]. */
export type RowOffsets = Float64Array;

/**
 * The numbers of a line index. Throws `data-invalid` naming the index, its line and what is wrong with it: the numbers
 * must rise from 0 and stay below the size of the TSV.
 */
export function parseLineIndex(name: string, text: string, sizeBytes: number): RowOffsets {
  const lines = text.split('\n');
  if (lines.at(-1)?.trim() === '') lines.pop();
  const offsets = new Float64Array(lines.length + 1);
  for (const [at, line] of lines.entries()) {
    const offset = /^\s*\d+\s*$/.test(line) ? Number(line) : Number.NaN;
    const least = at === 0 ? 0 : offsets[at - 1]! + 1;
    if (Number.isNaN(offset)) throw wrongIndex(name, at + 1, `"${line.trim().slice(0, 40)}" is no number`);
    if (at === 0 && offset !== 0) throw wrongIndex(name, 1, `the first row begins at byte 0, not ${offset}`);
    if (offset < least) throw wrongIndex(name, at + 1, `${offset} does not come after ${least - 1}`);
    if (offset >= sizeBytes)
      throw wrongIndex(name, at + 1, `${offset} is beyond the end of the TSV (${sizeBytes} bytes)`);
    offsets[at] = offset;
  }
  offsets[lines.length] = sizeBytes;
  return offsets;
}

function wrongIndex(name: string, line: number, reason: string): AppError {
  return new AppError('data-invalid', `${name}, line ${line}: ${reason}.`, {
    cure: 'Remove the line index: rows are then looked for in the TSV itself.',
  });
}

/** Finds where rows begin, from the bytes of a TSV in order; empty lines at the end are no rows. */
export function createRowFinder() {
  let offsets = new Float64Array(1024);
  let rows = 0;
  let position = 0;
  let atStart = true;
  return {
    add(bytes: Uint8Array): void {
      for (let at = 0; at < bytes.length; ) {
        if (atStart && bytes[at] !== newline) {
          if (rows + 1 >= offsets.length) offsets = grown(offsets);
          offsets[rows++] = position + at;
          atStart = false;
        }
        const next = bytes.indexOf(newline, at);
        if (next < 0) break;
        atStart = true;
        at = next + 1;
      }
      position += bytes.length;
    },
    rows: () => rows,
    end(): RowOffsets {
      offsets[rows] = position;
      return offsets.slice(0, rows + 1);
    },
  };
}

const newline = 10;

function grown(array: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(array.length * 2);
  larger.set(array);
  return larger;
}

/** The image of a row, in base64: its last column. Throws `data-invalid` naming the TSV, the row's line and its fault. */
export function imageColumn(name: string, line: number, row: string): string {
  const columns = row.replace(/[\r\n]+$/, '').split('\t');
  const image = columns.at(-1)!.trim();
  if (columns.length < 3) {
    throw wrongRow(name, line, `${columns.length} columns instead of 3 (name, label, image in base64)`);
  }
  if (image === '') throw wrongRow(name, line, 'there is no image in its last column');
  if (image.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(image)) {
    throw wrongRow(name, line, 'its last column is not base64');
  }
  return image;
}

function wrongRow(name: string, line: number, reason: string): AppError {
  return new AppError('data-invalid', `${name}, line ${line}: ${reason}.`);
}
