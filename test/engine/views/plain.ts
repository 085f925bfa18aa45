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
  const across = (picture: Picture) => weightedAcross(picture, triangles(box.width, width));
  const down = (picture: Picture) => weightedDown(picture, triangles(box.height, height));
  const columnsFirst = height < box.height && box.height - height > 2 * (box.width - width);
  const part = cropped(source, box);
  return (columnsFirst ? across(down(part)) : down(across(part))).data;
}

function cropped(source: Picture, { top, left, width, height }: Box): Picture {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, index) => {
    const [row, rest] = [Math.floor(index / (width * 3)), index % (width * 3)];
    return source.data[((top + row) * source.width + left) * 3 + rest]!;
  });
  return { width, height, data };
}

function weightedAcross({ width, height, data }: Picture, columns: Weights[]): Picture {
  const stride = columns.length * 3;
  const out = Uint8Array.from({ length: height * stride }, (_, index) => {
    const [row, rest] = [Math.floor(index / stride), index % stride];
    return weighted(columns[Math.floor(rest / 3)]!, (column) => data[(row * width + column) * 3 + (rest % 3)]!);
  });
  return { width: columns.length, height, data: out };
}

function weightedDown({ width, data }: Picture, rows: Weights[]): Picture {
  const stride = width * 3;
  const out = Uint8Array.from({ length: rows.length * stride }, (_, index) =>
    weighted(rows[Math.floor(index / stride)]!, (row) => data[row * stride + (index % stride)]!),
  );
  return { width, height: rows.length, data: out };
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
