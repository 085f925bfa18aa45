import type { Box, Picture } from '../../../engine/views/picture.ts';

// Pillow's operations as plain formulas, one pixel at a time: what the kernels are checked against.

type Change = (red: number, green: number, blue: number) => [number, number, number];

export function changed(data: Uint8Array, change: Change): Uint8Array {
  const out = new Uint8Array(data.length);
  for (let index = 0; index < data.length; index += 3) {
    out.set(change(data[index]!, data[index + 1]!, data[index + 2]!), index);
  }
  return out;
}

export const luma: (...colour: [number, number, number]) => number = (red, green, blue) =>
  (19595 * red + 38470 * green + 7471 * blue + 0x8000) >> 16;

/** Image.blend in single precision, truncated and clipped. */
export function blend(level: number, value: number, factor: number): number {
  const mixed = Math.fround(level + Math.fround(Math.fround(factor) * (value - level)));
  return Math.trunc(Math.min(255, Math.max(0, mixed)));
}

export function meanLuma(data: Uint8Array): number {
  let sum = 0;
  for (let index = 0; index < data.length; index += 3) sum += luma(data[index]!, data[index + 1]!, data[index + 2]!);
  return Math.floor(sum / (data.length / 3) + 0.5);
}

/** RGB to 8-bit HSV, hue moved, and back, with C's float and double where Pillow has them. */
export function turnHue(shift: number): Change {
  const { fround, max, min, trunc, floor } = Math;
  return (red, green, blue) => {
    const value = max(red, green, blue);
    const chroma = value - min(red, green, blue);
    if (chroma === 0) return [value, value, value];
    const [rc, gc, bc] = [red, green, blue].map((channel) => fround((value - channel) / chroma)) as [
      number,
      number,
      number,
    ];
    const sixths = fround(red === value ? bc - gc : green === value ? 2 + rc - bc : 4 + gc - rc);
    const hue = (trunc(fround((sixths / 6 + 1) % 1) * 255) + shift) & 255;
    const strength = fround(trunc(fround(chroma / value) * 255) / 255);
    const sixth = floor((hue * 6) / 255);
    const fraction = fround((hue * 6) / 255 - sixth);
    const p = floor(value * (1 - strength) + 0.5);
    const q = floor(value * (1 - fround(strength * fraction)) + 0.5);
    const t = floor(value * (1 - strength * (1 - fraction)) + 0.5);
    const orders: [number, number, number][] = [
      [value, t, p],
      [q, value, p],
      [p, value, t],
      [p, q, value],
      [t, p, value],
      [value, p, q],
    ];
    return strength === 0 ? [value, value, value] : orders[sixth % 6]!;
  };
}

/** Antialiased bilinear resize of a box: the triangle's weights in floating point, bytes between the passes. */
export function resized(source: Picture, box: Box, width: number, height: number): Uint8Array {
  const columns = triangles(box.width, width);
  const rows = triangles(box.height, height);
  const between = new Uint8Array(box.height * width * 3);
  for (let y = 0; y < box.height; y++) {
    for (let x = 0; x < width * 3; x++) {
      const channel = x % 3;
      const pixel = (column: number) => source.data[((box.top + y) * source.width + box.left + column) * 3 + channel]!;
      between[y * width * 3 + x] = weighted(columns[Math.floor(x / 3)]!, pixel);
    }
  }
  const out = new Uint8Array(height * width * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width * 3; x++) {
      out[y * width * 3 + x] = weighted(rows[y]!, (row) => between[row * width * 3 + x]!);
    }
  }
  return out;
}

type Weights = { place: number; weight: number }[];

function weighted(weights: Weights, pixel: (place: number) => number): number {
  return Math.round(weights.reduce((sum, { place, weight }) => sum + weight * pixel(place), 0));
}

function triangles(source: number, target: number): Weights[] {
  const scale = source / target;
  const reach = Math.max(1, scale);
  return Array.from({ length: target }, (_, index) => {
    const centre = (index + 0.5) * scale;
    const weights = Array.from({ length: source }, (_, place) => ({
      place,
      weight: Math.max(0, 1 - Math.abs(place + 0.5 - centre) / reach),
    })).filter(({ weight }) => weight > 0);
    const sum = weights.reduce((total, { weight }) => total + weight, 0);
    return weights.map(({ place, weight }) => ({ place, weight: weight / sum }));
  });
}

/** One pass of a box blur with a fractional radius along a line, its ends repeated outwards, in exact fractions. */
export function boxBlurred(line: number[], radius: number): number[] {
  const whole = Math.floor(radius);
  const at = (place: number) => line[Math.min(line.length - 1, Math.max(0, place))]!;
  return line.map((_, place) => {
    let sum = (radius - whole) * (at(place - whole - 1) + at(place + whole + 1));
    for (let step = -whole; step <= whole; step++) sum += at(place + step);
    return Math.round(sum / (2 * radius + 1));
  });
}
