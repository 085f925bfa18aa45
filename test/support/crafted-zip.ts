/** Zip files as no writer makes them: each header says what it is told to. */
import { crc32, deflateRawSync } from 'node:zlib';

export interface CraftedEntry {
  name: string | Buffer;
  bytes: Buffer;
  /** Compressed, and both headers say so; `false` alone: neither the bytes nor this header. */
  deflated?: { bytes: boolean; local: boolean; central: boolean };
  /** Declared instead of the real ones. */
  sizeBytes?: number;
  link?: boolean;
}

export function craftZip(entries: readonly CraftedEntry[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, bytes, deflated, sizeBytes, link = false } of entries) {
    const body = deflated?.bytes ? deflateRawSync(bytes) : bytes;
    const nameBytes = Buffer.from(name);
    /** What both headers share, from the version that is needed to the length of the extra field. */
    const shared = (compressed: boolean | undefined) => {
      const fields = Buffer.alloc(26);
      fields.writeUInt16LE(20, 0);
      fields.writeUInt16LE(compressed ? 8 : 0, 4);
      fields.writeUInt32LE(crc32(bytes), 10);
      fields.writeUInt32LE(deflated?.bytes ? body.length : (sizeBytes ?? bytes.length), 14);
      fields.writeUInt32LE(sizeBytes ?? bytes.length, 18);
      fields.writeUInt16LE(nameBytes.length, 22);
      return fields;
    };
    const central = Buffer.alloc(14);
    central.writeUInt32LE(link ? 0xa1ff0000 : 0x81a40000, 6);
    central.writeUInt32LE(offset, 10);
    // Made by Unix: the upper half of the external attributes is the file's mode.
    directory.push(Buffer.from('504b01021403', 'hex'), shared(deflated?.central), central, nameBytes);
    const local = [Buffer.from('504b0304', 'hex'), shared(deflated?.local), nameBytes, body];
    parts.push(...local);
    offset += local.reduce((sum, { length }) => sum + length, 0);
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, list, end]);
}
