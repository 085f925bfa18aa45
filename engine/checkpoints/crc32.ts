/** The checksum of zip files (CRC-32, ISO 3309), eight bytes at a time ("slicing by 8", Kounavis and Berry 2005). */

/** Goes on from the checksum of the bytes before; 0 at the beginning. */
export type Checksum = (bytes: Uint8Array, before: number) => number;

const tables = Array.from({ length: 8 }, () => new Int32Array(256));
for (let byte = 0; byte < 256; byte++) {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1;
  tables[0]![byte] = remainder;
}
for (let slice = 1; slice < 8; slice++) {
  for (let byte = 0; byte < 256; byte++) {
    const before = tables[slice - 1]![byte]!;
    tables[slice]![byte] = (before >>> 8) ^ tables[0]![before & 255]!;
  }
}
const [t0, t1, t2, t3, t4, t5, t6, t7] = tables as [Int32Array, ...Int32Array[]] & { length: 8 };

export const crc32: Checksum = (bytes, before) => {
  let crc = ~before;
  let index = 0;
  for (const end = bytes.length - 7; index < end; index += 8) {
    crc ^= bytes[index]! | (bytes[index + 1]! << 8) | (bytes[index + 2]! << 16) | (bytes[index + 3]! << 24);
    crc =
      t7![crc & 255]! ^
      t6![(crc >>> 8) & 255]! ^
      t5![(crc >>> 16) & 255]! ^
      t4![crc >>> 24]! ^
      t3![bytes[index + 4]!]! ^
      t2![bytes[index + 5]!]! ^
      t1![bytes[index + 6]!]! ^
      t0![bytes[index + 7]!]!;
  }
  for (; index < bytes.length; index++) crc = (crc >>> 8) ^ t0![(crc ^ bytes[index]!) & 255]!;
  return ~crc >>> 0;
};
