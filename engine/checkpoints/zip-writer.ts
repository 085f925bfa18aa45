/**
 * Writes zip files of stored entries, each entry's bytes at a multiple of 64 as torch.save places them. What 32-bit
 * fields cannot say is said in 64-bit ones (PKWARE's APPNOTE 4.3.14, 4.3.15, 4.5.3), and nothing else is.
 */
import type { Checksum } from './crc32.ts';

interface WholePart {
  name: string;
  sizeBytes: number;
  /** Called when the file has come to it. */
  bytes(): Uint8Array | Promise<Uint8Array>;
}

/** One that is not held in memory: its checksum must be known, as it stands before its bytes. */
interface StreamedPart {
  name: string;
  sizeBytes: number;
  checksum: number;
  chunks(): AsyncIterable<Uint8Array>;
}

export type ZipPart = WholePart | StreamedPart;

export interface ZipPlan {
  sizeBytes: number;
  write(append: (bytes: Uint8Array) => Promise<void>): Promise<void>;
}

const alignment = 64;
/** In a field of 32 (16) bits this says that the number is in a field of 64. */
const elsewhere = 2 ** 32 - 1;
const elsewhere16 = 2 ** 16 - 1;
/** Version needed: 1.0, or 4.5 for 64-bit fields; flags: names in UTF-8; method: stored; time and date: 1980-01-01. */
const common = { version: 10, version64: 45, flags: 0x0800, method: 0, time: 0, date: 0x21 };

/** The whole file's size is known before a byte of it is written. */
export function planZip(parts: readonly ZipPart[], checksum: Checksum): ZipPlan {
  let offset = 0;
  let directoryBytes = 0;
  const placed = parts.map((part) => {
    const name = new TextEncoder().encode(part.name);
    const unaligned = offset + 30 + name.length + wideSizes(part).length + 4; // 4: the head of the padding's field
    const padding = (alignment - (unaligned % alignment)) % alignment;
    const place = { ...part, name, offset, padding };
    offset = unaligned + padding + part.sizeBytes;
    directoryBytes += directoryEntry(place, 0).length;
    return place;
  });
  const end = endRecords(placed.length, directoryBytes, offset);
  return {
    sizeBytes: offset + directoryBytes + end.length,
    async write(append) {
      const directory: Uint8Array[] = [];
      for (const part of placed) {
        const whole = 'bytes' in part ? await part.bytes() : null;
        const sum = 'checksum' in part ? part.checksum : checksum(whole!, 0);
        await append(localHeader(part, sum));
        let given = 0;
        for await (const bytes of 'chunks' in part ? part.chunks() : [whole!]) {
          given += bytes.length;
          await append(bytes);
        }
        if (given !== part.sizeBytes) throw new Error(`expected ${part.sizeBytes} bytes, given ${given}`);
        directory.push(directoryEntry(part, sum));
      }
      for (const entry of directory) await append(entry);
      await append(end);
    },
  };
}

interface Placed {
  name: Uint8Array;
  sizeBytes: number;
  offset: number;
  padding: number;
}

function localHeader(part: Placed, sum: number): Uint8Array {
  const { name, padding } = part;
  const wide = wideSizes(part);
  const extra = fields([2, 0x4246], [2, padding]); // "FB", torch's mark for padding
  const header = fields(
    [4, 0x04034b50],
    ...entryFields(part, sum, wide.length > 0),
    [2, name.length],
    [2, wide.length + extra.length + padding],
  );
  return joined(header, name, wide, extra, new Uint8Array(padding).fill(0x5a));
}

function directoryEntry(part: Placed, sum: number): Uint8Array {
  const { name, sizeBytes, offset } = part;
  const large = isLarge(sizeBytes);
  const far = isLarge(offset);
  const wide = wideField([...(large ? [sizeBytes, sizeBytes] : []), ...(far ? [offset] : [])]);
  const needed = large || far;
  const made = needed ? common.version64 : common.version;
  const start = fields([4, 0x02014b50], [2, made], ...entryFields(part, sum, needed), [2, name.length]);
  // No comment, disk 0, no attributes.
  const rest = fields([2, wide.length], [2, 0], [2, 0], [2, 0], [4, 0], [4, far ? elsewhere : offset]);
  return joined(start, rest, name, wide);
}

/** What the header of an entry and its line in the directory have in common. */
function entryFields({ sizeBytes }: Placed, sum: number, wide: boolean): [2 | 4, number][] {
  const size = isLarge(sizeBytes) ? elsewhere : sizeBytes;
  return [
    [2, wide ? common.version64 : common.version],
    [2, common.flags],
    [2, common.method],
    [2, common.time],
    [2, common.date],
    [4, sum],
    [4, size],
    [4, size],
  ];
}

const isLarge = (bytes: number) => bytes >= elsewhere;

/** Of a local header, where both sizes are there or none. */
function wideSizes({ sizeBytes }: { sizeBytes: number }): Uint8Array {
  return wideField(isLarge(sizeBytes) ? [sizeBytes, sizeBytes] : []);
}

/** The extra field of 64-bit numbers; empty for none. */
function wideField(values: number[]): Uint8Array {
  if (values.length === 0) return new Uint8Array();
  return fields([2, 0x0001], [2, 8 * values.length], ...values.map((value) => [8, value] as const));
}

/** The end of the directory, with the 64-bit end and its locator before it where they are needed. */
function endRecords(count: number, directoryBytes: number, directoryOffset: number): Uint8Array {
  const wide = count >= elsewhere16 || isLarge(directoryBytes) || isLarge(directoryOffset);
  const shortCount = Math.min(count, elsewhere16);
  const end = fields(
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, shortCount],
    [2, shortCount],
    [4, Math.min(directoryBytes, elsewhere)],
    [4, Math.min(directoryOffset, elsewhere)],
    [2, 0],
  );
  if (!wide) return end;
  const end64 = fields(
    [4, 0x06064b50],
    [8, 44], // of what follows
    [2, common.version64],
    [2, common.version64],
    [4, 0],
    [4, 0],
    [8, count],
    [8, count],
    [8, directoryBytes],
    [8, directoryOffset],
  );
  const locator = fields([4, 0x07064b50], [4, 0], [8, directoryOffset + directoryBytes], [4, 1]);
  return joined(end64, locator, end);
}

/** Numbers of 2, 4 or 8 bytes, little-endian. */
function fields(...list: (readonly [2 | 4 | 8, number])[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(list.reduce((sum, [bytes]) => sum + bytes, 0)));
  let at = 0;
  for (const [bytes, value] of list) {
    if (bytes === 2) view.setUint16(at, value, true);
    else if (bytes === 4) view.setUint32(at, value, true);
    else view.setBigUint64(at, BigInt(value), true);
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
