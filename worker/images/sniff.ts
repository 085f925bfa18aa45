/** What must be known of a file before it is decoded, read from its first bytes. */
export type ImageNature = 'usual' | 'cmyk' | 'grey16' | 'bitmap' | 'tiff' | 'empty' | 'unknown';

/** Never throws: a file that only pretends to be an image is found out by the decoder. */
export function sniffImage(bytes: Buffer): ImageNature {
  if (bytes.length === 0) return 'empty';
  if (bytes[0] === 0x42 && bytes[1] === 0x4d) return 'bitmap'; // BM
  if (bytes.length < 32) return 'unknown';
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return jpegComponents(bytes) === 4 ? 'cmyk' : 'usual';
  if (bytes.readUInt32BE(0) === 0x89504e47) return bytes[24] === 16 && bytes[25] === 0 ? 'grey16' : 'usual';
  const start = bytes.toString('latin1', 0, 4);
  if (start === 'II*\0' || start === 'MM\0*') return 'tiff';
  if (start === 'GIF8' || (start === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP')) return 'usual';
  return 'unknown';
}

/** The number of components in a JPEG's frame header, 0 if there is none. */
function jpegComponents(bytes: Buffer): number {
  let place = 2;
  while (place + 9 < bytes.length && bytes[place] === 0xff) {
    const marker = bytes[place + 1]!;
    // Frame headers are C0 .. CF but for C4 (Huffman tables), C8 (reserved) and CC (arithmetic conditioning).
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) {
      return bytes[place + 9]!;
    }
    place += marker === 0xff ? 1 : 2 + bytes.readUInt16BE(place + 2);
  }
  return 0;
}
