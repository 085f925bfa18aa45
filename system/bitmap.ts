/** 8-bit RGB, interleaved, rows from the top. */
export interface Bitmap {
  width: number;
  height: number;
  data: Uint8Array;
}

/**
 * Windows bitmaps, which libvips does not read: uncompressed, 1, 4, 8, 24 or 32 bits a pixel.
 * Throws an Error with a reason in words for every other form.
 */
export function decodeBitmap(bytes: Buffer): Bitmap {
  if (bytes.length < 54) throw new Error('the bitmap ends within its header');
  const headerSize = bytes.readUInt32LE(14);
  if (headerSize < 40) throw new Error('this old form of bitmap (OS/2) is not supported');
  const width = bytes.readInt32LE(18);
  const storedHeight = bytes.readInt32LE(22); // negative: rows run from the top
  const bits = bytes.readUInt16LE(28);
  const compression = bytes.readUInt32LE(30);
  if (compression !== 0 || ![1, 4, 8, 24, 32].includes(bits)) {
    throw new Error(`bitmaps of ${bits} bits with compression ${compression} are not supported`);
  }
  const height = Math.abs(storedHeight);
  const pixels = bytes.readUInt32LE(10);
  const stride = Math.ceil((width * bits) / 32) * 4;
  if (width <= 0 || height === 0 || pixels + stride * height > bytes.length) {
    throw new Error(`the bitmap says it is ${width} x ${height} but is cut off`);
  }
  const picture = { width, height, data: new Uint8Array(width * height * 3) };
  for (let y = 0; y < height; y++) {
    const row = pixels + (storedHeight > 0 ? height - 1 - y : y) * stride;
    for (let x = 0; x < width; x++) {
      const source = bits >= 24 ? row + (x * bits) / 8 : 14 + headerSize + paletteIndex(bytes, row, x, bits) * 4;
      if (source + 2 >= bytes.length) throw new Error('the bitmap points outside its palette');
      const target = (y * width + x) * 3;
      picture.data[target] = bytes[source + 2]!; // stored as blue, green, red
      picture.data[target + 1] = bytes[source + 1]!;
      picture.data[target + 2] = bytes[source]!;
    }
  }
  return picture;
}

function paletteIndex(bytes: Buffer, row: number, x: number, bits: number): number {
  const perByte = 8 / bits;
  const byte = bytes[row + Math.floor(x / perByte)]!;
  return (byte >> (8 - bits - (x % perByte) * bits)) & ((1 << bits) - 1);
}
