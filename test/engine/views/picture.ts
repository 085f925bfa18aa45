import { createHash } from 'node:crypto';

/** The fixtures' synthetic picture: a formula over a hash of its label (see the fixtures' README). */
export function syntheticPicture(label: string, width: number, height: number) {
  const data = new Uint8ClampedArray(width * height * 3);
  const palette = [220, 40, 90];
  const name = hashText(`image/${label}`);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < 3; channel++) {
        const index = (y * width + x) * 3 + channel;
        const noise = (hashIndex(name, index) >>> 27) - 16;
        const blockX = Math.floor((x * 8) / width);
        const blockY = Math.floor((y * 8) / height);
        const ramp =
          [x * 255, y * 255, (x + y) * 255][channel]! / [width - 1, height - 1, width + height - 2][channel]!;
        data[index] =
          (blockX + 2 * blockY) % 5 === 0
            ? palette[(channel + blockX) % 3]! + (noise >> 2)
            : Math.floor(ramp) + (((x >> 3) + (y >> 3)) & 1 ? 24 : -24) + noise;
      }
    }
  }
  return { width, height, data: new Uint8Array(data.buffer) };
}

export function sha256(data: Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** Largest and mean absolute difference of two byte arrays of one length. */
export function difference(left: Uint8Array, right: Uint8Array): { max: number; mean: number } {
  if (left.length !== right.length) throw new Error(`${left.length} bytes beside ${right.length}`);
  let max = 0;
  let sum = 0;
  for (let index = 0; index < left.length; index++) {
    const distance = Math.abs(left[index]! - right[index]!);
    max = Math.max(max, distance);
    sum += distance;
  }
  return { max, mean: sum / left.length };
}

function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text, 'utf8')) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}

function hashIndex(name: number, index: number): number {
  let word = (name + Math.imul(index, 0x9e3779b9)) >>> 0;
  word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
  return (word ^ (word >>> 16)) >>> 0;
}
