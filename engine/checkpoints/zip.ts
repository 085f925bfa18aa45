/**
 * The part of the zip format (PKWARE's APPNOTE) that PyTorch's files use: stored entries, with the 64-bit fields.
 * The directory at the end is read; an entry's bytes are found when they are asked for.
 */
import { type ByteSource, invalidAt } from './byte-source.ts';
import type { Checksum } from './crc32.ts';

export interface ZipEntry {
  name: string;
  sizeBytes: number;
  /** Bytes it takes in the file; fewer than its size where it is compressed. */
  storedBytes: number;
  /** Place of its local header, which lies before its bytes. */
  headerOffset: number;
  compressed: boolean;
  /** A symbolic link, whose bytes are where it leads. */
  link: boolean;
  /** CRC-32; 0 where the writer was told to leave it out. */
  checksum: number;
}

const endBytes = 22;
const maximumCommentBytes = 65_535;
const maximumDirectoryBytes = 2 ** 26;
const signatures = { local: 0x04034b50, central: 0x02014b50, end: 0x06054b50, end64: 0x06064b50, locator: 0x07064b50 };

/** The entries by name. Throws `checkpoint-invalid` where the file is cut, compressed or contradicts itself. */
export async function readZipDirectory(source: ByteSource): Promise<Map<string, ZipEntry>> {
  const refuse = (offset: number, message: string) => invalidAt(source, offset, message, cure);
  const { offset, sizeBytes, count, end } = await findDirectory(source, refuse);
  if (offset + sizeBytes > end || sizeBytes > maximumDirectoryBytes) {
    throw refuse(
      end,
      `expected the directory before the end of the zip file, found it at ${offset} to ${offset + sizeBytes}`,
    );
  }
  const bytes = await source.read(offset, sizeBytes);
  const entries = new Map<string, ZipEntry>();
  let position = 0;
  let storedBytes = 0;
  while (position < bytes.length) {
    const refuseHere = (message: string) => refuse(offset + position, message);
    const { entry, length } = parseEntry(bytes, position, refuseHere);
    storedBytes += entry.storedBytes;
    if (entries.has(entry.name)) throw refuseHere(`expected each name once, found ${JSON.stringify(entry.name)} twice`);
    // Entries that share their bytes could make a small file as large as they like.
    if (storedBytes > source.sizeBytes) throw refuseHere('expected the entries to fit into the file');
    entries.set(entry.name, entry);
    position += length;
  }
  if (entries.size !== count) throw refuse(offset, `expected ${count} entries, found ${entries.size}`);
  return entries;
}

const cure = 'The file is damaged, was not copied completely, or is no checkpoint of PyTorch. Take another copy of it.';

type Refuse = (offset: number, message: string) => Error;

async function findDirectory(source: ByteSource, refuse: Refuse) {
  const tailBytes = Math.min(source.sizeBytes, endBytes + maximumCommentBytes);
  const tailOffset = source.sizeBytes - tailBytes;
  const tail = viewOf(await source.read(tailOffset, tailBytes));
  for (let at = tailBytes - endBytes; at >= 0; at--) {
    if (tail.getUint32(at, true) !== signatures.end || at + endBytes + tail.getUint16(at + 20, true) > tailBytes)
      continue;
    const end = tailOffset + at;
    const large = await findDirectory64(source, end, refuse);
    if (large) return large;
    return {
      offset: tail.getUint32(at + 16, true),
      sizeBytes: tail.getUint32(at + 12, true),
      count: tail.getUint16(at + 10, true),
      end,
    };
  }
  throw refuse(source.sizeBytes, 'expected the directory of a zip file at the end, found none: the file is cut');
}

async function findDirectory64(source: ByteSource, end: number, refuse: Refuse) {
  if (end < 20) return undefined;
  const locator = viewOf(await source.read(end - 20, 20));
  if (locator.getUint32(0, true) !== signatures.locator) return undefined;
  const at = Number(locator.getBigUint64(8, true));
  if (at + 56 > end - 20) throw refuse(end - 20, `expected the place of the 64-bit directory, found ${at}`);
  const record = viewOf(await source.read(at, 56));
  if (record.getUint32(0, true) !== signatures.end64) throw refuse(at, 'expected the end of a 64-bit directory');
  return {
    offset: Number(record.getBigUint64(48, true)),
    sizeBytes: Number(record.getBigUint64(40, true)),
    count: Number(record.getBigUint64(32, true)),
    end: at,
  };
}

function parseEntry(bytes: Uint8Array, position: number, refuse: (message: string) => Error) {
  const view = viewOf(bytes.subarray(position));
  if (view.byteLength < 46 || view.getUint32(0, true) !== signatures.central)
    throw refuse('expected an entry of a zip file');
  const nameBytes = view.getUint16(28, true);
  const extraBytes = view.getUint16(30, true);
  const length = 46 + nameBytes + extraBytes + view.getUint16(32, true);
  if (length > view.byteLength) throw refuse('expected the rest of an entry, but the directory ends');
  const name = decodedName(bytes.subarray(position + 46, position + 46 + nameBytes), refuse);
  const fields = {
    compressedBytes: view.getUint32(20, true),
    sizeBytes: view.getUint32(24, true),
    headerOffset: view.getUint32(42, true),
  };
  readLargeFields(new DataView(bytes.buffer, bytes.byteOffset + position + 46 + nameBytes, extraBytes), fields);
  const quoted = JSON.stringify(name);
  if (view.getUint16(8, true) & 1) throw refuse(`expected an open entry, found ${quoted} encrypted`);
  const compressed = view.getUint16(10, true) !== 0;
  if (!compressed && fields.compressedBytes !== fields.sizeBytes) {
    throw refuse(`expected one size for ${quoted}, found two`);
  }
  const entry: ZipEntry = {
    name,
    sizeBytes: fields.sizeBytes,
    storedBytes: fields.compressedBytes,
    compressed,
    link: isLink(view),
    headerOffset: fields.headerOffset,
    checksum: view.getUint32(16, true),
  };
  return { entry, length };
}

/** Two names that are no text could come to be the same. */
function decodedName(bytes: Uint8Array, refuse: (message: string) => Error): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    const shown = new TextDecoder().decode(bytes);
    throw refuse(`expected names in UTF-8, found ${JSON.stringify(shown)}`);
  }
}

/** "Made by" names the system (3: Unix); its file mode is in the upper half of the external attributes. */
function isLink(entry: DataView): boolean {
  return entry.getUint8(5) === 3 && entry.getUint32(38, true) >>> 28 === 0xa;
}

/** Fields of all ones have their values in the extra field of kind 1, in this order. */
function readLargeFields(extra: DataView, fields: Record<'sizeBytes' | 'compressedBytes' | 'headerOffset', number>) {
  for (let at = 0; at + 4 <= extra.byteLength; ) {
    const end = at + 4 + extra.getUint16(at + 2, true);
    if (extra.getUint16(at, true) === 1) {
      let from = at + 4;
      for (const field of ['sizeBytes', 'compressedBytes', 'headerOffset'] as const) {
        if (fields[field] !== 0xffffffff || from + 8 > Math.min(end, extra.byteLength)) continue;
        fields[field] = Number(extra.getBigUint64(from, true));
        from += 8;
      }
    }
    at = end;
  }
}

/** Where the bytes of an entry begin. Throws `checkpoint-invalid` where they are compressed or not in the file. */
export async function locateEntry(source: ByteSource, entry: ZipEntry): Promise<number> {
  const refuse = (message: string) => invalidAt(source, entry.headerOffset, message, cure);
  const quoted = JSON.stringify(entry.name);
  if (entry.compressed) {
    throw refuse(`expected a stored entry, found ${quoted} compressed; torch.save does not compress: save it again`);
  }
  if (entry.headerOffset + 30 > source.sizeBytes) throw refuse(`expected ${quoted}, but the file ends`);
  const header = viewOf(await source.read(entry.headerOffset, 30));
  if (header.getUint32(0, true) !== signatures.local) throw refuse(`expected the header of ${quoted}`);
  if (header.getUint16(8, true) !== 0) throw refuse(`expected ${quoted} to be stored, but its header says compressed`);
  const start = entry.headerOffset + 30 + header.getUint16(26, true) + header.getUint16(28, true);
  if (start + entry.sizeBytes > source.sizeBytes) {
    throw refuse(
      `expected ${entry.sizeBytes} bytes of ${quoted} at ${start}, but the file ends at ${source.sizeBytes}`,
    );
  }
  return start;
}

/** Throws `checkpoint-invalid` unless these bytes of an entry, which begin at `offset`, are those that were written. */
export function verifyEntry(
  source: ByteSource,
  entry: ZipEntry,
  offset: number,
  bytes: Uint8Array,
  checksum: Checksum,
) {
  if (entry.checksum === 0) return;
  const found = checksum(bytes, 0);
  if (found === entry.checksum) return;
  const hex = (value: number) => value.toString(16).padStart(8, '0');
  const message = `expected ${JSON.stringify(entry.name)} to have the CRC-32 ${hex(entry.checksum)}, found ${hex(found)}`;
  throw invalidAt(source, offset, message, cure);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
