/** Writes zip files of stored entries, each entry's bytes at a multiple of 64 as torch.save places them. */
import { AppError } from '../../common/errors.ts';
import type { Checksum } from './crc32.ts';

export interface ZipPart {
  name: string;
  sizeBytes: number;
  /** Called when the file has come to it. */
  bytes(): Uint8Array | Promise<Uint8Array>;
}

export interface ZipPlan {
  sizeBytes: number;
  write(append: (bytes: Uint8Array) => Promise<void>): Promise<void>;
}

const alignment = 64;
/** What 32-bit fields can say. */
const maximumBytes = 2 ** 32 - 2;
/** Version needed: 1.0; flags: names in UTF-8; method: stored; time and date: 1980-01-01. */
const common = { version: 10, flags: 0x0800, method: 0, time: 0, date: 0x21 };

/** The whole file's size is known before a byte of it is written. Throws `usage` for more than 4 GiB. */
export function planZip(parts: readonly ZipPart[], checksum: Checksum): ZipPlan {
  let offset = 0;
  let directoryBytes = 0;
  const placed = parts.map((part) => {
    const name = new TextEncoder().encode(part.name);
    const unaligned = offset + 30 + name.length + 4; // 4: the head of the extra field
    const padding = (alignment - (unaligned % alignment)) % alignment;
    const place = { ...part, name, offset, padding };
    offset = unaligned + padding + part.sizeBytes;
    directoryBytes += 46 + name.length;
    return place;
  });
  const sizeBytes = offset + directoryBytes + 22;
  if (sizeBytes > maximumBytes || parts.length > 0xfffe) {
    throw new AppError('usage', `The file would have ${sizeBytes} bytes; this format holds 4 GiB here.`, {
      cure: 'Export it as safetensors, which has no such limit.',
    });
  }
  const directoryOffset = offset;
  return {
    sizeBytes,
    async write(append) {
      const directory: Uint8Array[] = [];
      for (const part of placed) {
        const bytes = await part.bytes();
        if (bytes.length !== part.sizeBytes) throw new Error(`expected ${part.sizeBytes} bytes, given ${bytes.length}`);
        const sum = checksum(bytes, 0);
        await append(localHeader(part, sum));
        await append(bytes);
        directory.push(directoryEntry(part, sum));
      }
      for (const entry of directory) await append(entry);
      await append(endRecord(placed.length, directoryBytes, directoryOffset));
    },
  };
}

interface Placed {
  name: Uint8Array;
  sizeBytes: number;
  offset: number;
  padding: number;
}

function localHeader({ name, sizeBytes, padding }: Placed, sum: number): Uint8Array {
  const extra = fields([2, 0x4246], [2, padding]); // "FB", torch's mark for padding
  const header = fields([4, 0x04034b50], ...entryFields(sum, sizeBytes), [2, name.length], [2, extra.length + padding]);
  return joined(header, name, extra, new Uint8Array(padding).fill(0x5a));
}

function directoryEntry({ name, sizeBytes, offset }: Placed, sum: number): Uint8Array {
  const start = fields([4, 0x02014b50], [2, common.version], ...entryFields(sum, sizeBytes), [2, name.length]);
  // No extra field, no comment, disk 0, no attributes.
  return joined(start, fields([2, 0], [2, 0], [2, 0], [2, 0], [4, 0], [4, offset]), name);
}

/** What the header of an entry and its line in the directory have in common. */
function entryFields(sum: number, sizeBytes: number): [2 | 4, number][] {
  const { version, flags, method, time, date } = common;
  return [
    [2, version],
    [2, flags],
    [2, method],
    [2, time],
    [2, date],
    [4, sum],
    [4, sizeBytes],
    [4, sizeBytes],
  ];
}

function endRecord(count: number, directoryBytes: number, directoryOffset: number): Uint8Array {
  return fields(
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, count],
    [2, count],
    [4, directoryBytes],
    [4, directoryOffset],
    [2, 0],
  );
}

/** Numbers of 2 or 4 bytes, little-endian. */
function fields(...list: [2 | 4, number][]): Uint8Array {
  const view = new DataView(new ArrayBuffer(list.reduce((sum, [bytes]) => sum + bytes, 0)));
  let at = 0;
  for (const [bytes, value] of list) {
    if (bytes === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += bytes;
  }
  return new Uint8Array(view.buffer);
}

function joined(...parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
