// The inner loops over pixels, in WebAssembly SIMD. Addresses and sizes are in bytes; pictures are interleaved RGB.
// Loops may touch up to 16 bytes beyond a picture's end. All arithmetic rounds as Pillow's does: see the callers.

/** Output channels of four rows at once, so that weights are fetched once for them. See resize.ts. */
export function resizeRows(
  source: usize, sourceStride: usize, rows: i32,
  first: usize, weights: usize, pairs: i32,
  width: i32, out: usize, outStride: usize,
): void {
  for (let row = 0; row < rows; row += 4) {
    const line0 = source + <usize>row * sourceStride;
    const line1 = source + <usize>min(row + 1, rows - 1) * sourceStride;
    const line2 = source + <usize>min(row + 2, rows - 1) * sourceStride;
    const line3 = source + <usize>min(row + 3, rows - 1) * sourceStride;
    const target0 = out + <usize>row * outStride;
    const target1 = out + <usize>min(row + 1, rows - 1) * outStride;
    const target2 = out + <usize>min(row + 2, rows - 1) * outStride;
    const target3 = out + <usize>min(row + 3, rows - 1) * outStride;
    let weight = weights;
    for (let x = 0; x < width; x++) {
      const start = <usize>load<i32>(first + (<usize>x << 2));
      let high0 = i32x4.splat(0), high1 = high0, high2 = high0, high3 = high0;
      let low0 = i32x4.splat(1 << 21), low1 = low0, low2 = low0, low3 = low0;
      for (let pair = 0; pair < pairs; pair++) {
        const place = start + <usize>pair * 6;
        const high = v128.load32_splat(weight);
        const low = v128.load32_splat(weight + 4);
        weight += 8;
        const order = i8x16(0, 16, 3, 16, 1, 16, 4, 16, 2, 16, 5, 16, 16, 16, 16, 16);
        const pixels0 = i8x16.swizzle(v128.load64_zero(line0 + place), order);
        const pixels1 = i8x16.swizzle(v128.load64_zero(line1 + place), order);
        const pixels2 = i8x16.swizzle(v128.load64_zero(line2 + place), order);
        const pixels3 = i8x16.swizzle(v128.load64_zero(line3 + place), order);
        high0 = i32x4.add(high0, i32x4.dot_i16x8_s(pixels0, high));
        low0 = i32x4.add(low0, i32x4.dot_i16x8_s(pixels0, low));
        high1 = i32x4.add(high1, i32x4.dot_i16x8_s(pixels1, high));
        low1 = i32x4.add(low1, i32x4.dot_i16x8_s(pixels1, low));
        high2 = i32x4.add(high2, i32x4.dot_i16x8_s(pixels2, high));
        low2 = i32x4.add(low2, i32x4.dot_i16x8_s(pixels2, low));
        high3 = i32x4.add(high3, i32x4.dot_i16x8_s(pixels3, high));
        low3 = i32x4.add(low3, i32x4.dot_i16x8_s(pixels3, low));
      }
      const upper = i16x8.narrow_i32x4_s(scaled(high0, low0), scaled(high1, low1));
      const lower = i16x8.narrow_i32x4_s(scaled(high2, low2), scaled(high3, low3));
      const bytes = i8x16.narrow_i16x8_u(upper, lower);
      const target = <usize>x * 3;
      v128.store32_lane(target0 + target, bytes, 0);
      v128.store32_lane(target1 + target, bytes, 1);
      v128.store32_lane(target2 + target, bytes, 2);
      v128.store32_lane(target3 + target, bytes, 3);
    }
  }
}

export function resizeColumns(
  source: usize, sourceStride: usize,
  first: usize, weights: usize, pairs: i32,
  width: i32, height: i32, out: usize,
): void {
  let weight = weights;
  for (let y = 0; y < height; y++) {
    const start = source + <usize>load<i32>(first + (<usize>y << 2)) * sourceStride;
    const target = out + <usize>(y * width);
    for (let x = 0; x < width; x += 16) {
      let high0 = i32x4.splat(0), high1 = high0, high2 = high0, high3 = high0;
      let low0 = i32x4.splat(1 << 21), low1 = low0, low2 = low0, low3 = low0;
      let place = start + <usize>x;
      for (let pair = 0; pair < pairs; pair++) {
        const high = v128.load32_splat(weight + (<usize>pair << 3));
        const low = v128.load32_splat(weight + (<usize>pair << 3) + 4);
        const above = v128.load(place);
        const below = v128.load(place + sourceStride);
        place += sourceStride << 1;
        const left = v128.shuffle<u8>(above, below, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
        const right = v128.shuffle<u8>(above, below, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
        const pixels0 = i16x8.extend_low_i8x16_u(left);
        const pixels1 = i16x8.extend_high_i8x16_u(left);
        const pixels2 = i16x8.extend_low_i8x16_u(right);
        const pixels3 = i16x8.extend_high_i8x16_u(right);
        high0 = i32x4.add(high0, i32x4.dot_i16x8_s(pixels0, high));
        low0 = i32x4.add(low0, i32x4.dot_i16x8_s(pixels0, low));
        high1 = i32x4.add(high1, i32x4.dot_i16x8_s(pixels1, high));
        low1 = i32x4.add(low1, i32x4.dot_i16x8_s(pixels1, low));
        high2 = i32x4.add(high2, i32x4.dot_i16x8_s(pixels2, high));
        low2 = i32x4.add(low2, i32x4.dot_i16x8_s(pixels2, low));
        high3 = i32x4.add(high3, i32x4.dot_i16x8_s(pixels3, high));
        low3 = i32x4.add(low3, i32x4.dot_i16x8_s(pixels3, low));
      }
      const upper = i16x8.narrow_i32x4_s(scaled(high0, low0), scaled(high1, low1));
      const lower = i16x8.narrow_i32x4_s(scaled(high2, low2), scaled(high3, low3));
      v128.store(target + <usize>x, i8x16.narrow_i16x8_u(upper, lower));
    }
    weight += <usize>pairs << 3;
  }
}

// @ts-ignore: decorator
@inline
function scaled(high: v128, low: v128): v128 {
  return i32x4.shr_s(i32x4.add(i32x4.shl(high, 11), low), 22);
}

/** Three box passes along each row; `line` has room for two padded rows. */
export function blurRows(data: usize, row: i32, height: i32, whole: i32, near: i32, far: i32, line: usize): void {
  const margin = (whole + 1) * 3;
  const padded = <usize>((row + 2 * margin + 31) & ~15);
  for (let y = 0; y < height; y++) {
    const start = data + <usize>(y * row);
    let from = line + <usize>margin;
    let to = line + padded + <usize>margin;
    memory.copy(from, start, row);
    for (let pass = 0; pass < 3; pass++) {
      for (let back = 0; back < margin; back++) {
        store<u8>(from - 1 - back, load<u8>(from + 2 - back % 3));
        store<u8>(from + row + back, load<u8>(from + row - 3 + back % 3));
      }
      for (let x = 0; x < row; x += 16) {
        const place = from + <usize>x;
        v128.store(to + <usize>x, box(place, 3, whole, near, far));
      }
      const swap = from;
      from = to;
      to = swap;
    }
    memory.copy(start, from, row);
  }
}

/** One box pass along the columns of rows from `source` to `target`. */
export function blurColumns(source: usize, target: usize, row: i32, height: i32, whole: i32, near: i32, far: i32): void {
  for (let y = 0; y < height; y++) {
    const out = target + <usize>(y * row);
    if (y > whole && y + whole + 1 < height) {
      const place = source + <usize>(y * row);
      for (let x = 0; x < row; x += 16) v128.store(out + <usize>x, box(place + <usize>x, row, whole, near, far));
    } else {
      for (let x = 0; x < row; x++) {
        let sum = 0;
        for (let step = -whole; step <= whole; step++) sum += edge(source, row, height, y + step, x);
        const ends = edge(source, row, height, y - whole - 1, x) + edge(source, row, height, y + whole + 1, x);
        store<u8>(out + <usize>x, <u8>((<u32>(sum * near + ends * far + (1 << 23))) >> 24));
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function edge(source: usize, row: i32, height: i32, y: i32, x: i32): i32 {
  return <i32>load<u8>(source + <usize>(max(0, min(y, height - 1)) * row + x));
}

// @ts-ignore: decorator
@inline
function box(place: usize, stride: i32, whole: i32, near: i32, far: i32): v128 {
  const middle = v128.load(place);
  let low = i16x8.extend_low_i8x16_u(middle), high = i16x8.extend_high_i8x16_u(middle);
  for (let step = 1; step <= whole; step++) {
    const before = v128.load(place - <usize>(step * stride));
    const after = v128.load(place + <usize>(step * stride));
    low = i16x8.add(low, i16x8.add(i16x8.extend_low_i8x16_u(before), i16x8.extend_low_i8x16_u(after)));
    high = i16x8.add(high, i16x8.add(i16x8.extend_high_i8x16_u(before), i16x8.extend_high_i8x16_u(after)));
  }
  const first = v128.load(place - <usize>((whole + 1) * stride));
  const last = v128.load(place + <usize>((whole + 1) * stride));
  const lowEnds = i16x8.add(i16x8.extend_low_i8x16_u(first), i16x8.extend_low_i8x16_u(last));
  const highEnds = i16x8.add(i16x8.extend_high_i8x16_u(first), i16x8.extend_high_i8x16_u(last));
  const nears = i32x4.splat(near), fars = i32x4.splat(far);
  return i8x16.narrow_i16x8_u(
    i16x8.narrow_i32x4_s(
      weighed(i32x4.extend_low_i16x8_u(low), i32x4.extend_low_i16x8_u(lowEnds), nears, fars),
      weighed(i32x4.extend_high_i16x8_u(low), i32x4.extend_high_i16x8_u(lowEnds), nears, fars)),
    i16x8.narrow_i32x4_s(
      weighed(i32x4.extend_low_i16x8_u(high), i32x4.extend_low_i16x8_u(highEnds), nears, fars),
      weighed(i32x4.extend_high_i16x8_u(high), i32x4.extend_high_i16x8_u(highEnds), nears, fars)),
  );
}

// @ts-ignore: decorator
@inline
function weighed(sum: v128, ends: v128, near: v128, far: v128): v128 {
  return i32x4.shr_u(i32x4.add(i32x4.add(i32x4.mul(sum, near), i32x4.mul(ends, far)), i32x4.splat(1 << 23)), 24);
}

/** Each byte blended with one level: level + factor * (byte - level) in single precision, truncated, clipped. */
export function blendLevel(data: usize, size: i32, level: f32, factor: f32): void {
  const levels = f32x4.splat(level), factors = f32x4.splat(factor);
  for (let place = data; place < data + <usize>size; place += 16) {
    const bytes = v128.load(place);
    const low = i16x8.extend_low_i8x16_u(bytes), high = i16x8.extend_high_i8x16_u(bytes);
    v128.store(place, i8x16.narrow_i16x8_u(
      i16x8.narrow_i32x4_s(
        blend(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(low)), levels, factors),
        blend(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_u(low)), levels, factors)),
      i16x8.narrow_i32x4_s(
        blend(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(high)), levels, factors),
        blend(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_u(high)), levels, factors)),
    ));
  }
}

/** Each pixel blended with its own luma. */
export function blendLuma(data: usize, size: i32, factor: f32): void {
  const factors = f32x4.splat(factor);
  for (let place = data; place < data + <usize>size; place += 12) {
    const pixels = v128.load(place);
    const r = red(pixels), g = green(pixels), b = blue(pixels);
    const grey = f32x4.convert_i32x4_s(luma(r, g, b));
    storePixels(place,
      clipped(blend(f32x4.convert_i32x4_s(r), grey, factors)),
      clipped(blend(f32x4.convert_i32x4_s(g), grey, factors)),
      clipped(blend(f32x4.convert_i32x4_s(b), grey, factors)));
  }
}

/** The sum of all pixels' luma. */
export function sumLuma(data: usize, size: i32): f64 {
  let sums = i32x4.splat(0);
  const whole = data + <usize>(size - size % 12);
  for (let place = data; place < whole; place += 12) {
    const pixels = v128.load(place);
    sums = i32x4.add(sums, luma(red(pixels), green(pixels), blue(pixels)));
  }
  let sum = <f64>i32x4.extract_lane(sums, 0) + <f64>i32x4.extract_lane(sums, 1)
    + <f64>i32x4.extract_lane(sums, 2) + <f64>i32x4.extract_lane(sums, 3);
  for (let place = whole; place < data + <usize>size; place += 3) {
    sum += <f64>((19595 * <i32>load<u8>(place) + 38470 * <i32>load<u8>(place + 1) + 7471 * <i32>load<u8>(place + 2) + 0x8000) >> 16);
  }
  return sum;
}

/** All three channels become the luma. */
export function greyscale(data: usize, size: i32): void {
  for (let place = data; place < data + <usize>size; place += 12) {
    const pixels = v128.load(place);
    const grey = luma(red(pixels), green(pixels), blue(pixels));
    storePixels(place, grey, grey, grey);
  }
}

/**
 * To 8-bit HSV, `shift` added to the hue, and back. Pillow mixes single and double precision here; over all pixels, and over
 * all (hue, saturation, value), the single-precision forms below come to the same bytes.
 */
export function turnHue(data: usize, size: i32, shift: i32): void {
  const one = f32x4.splat(1), byte = f32x4.splat(255);
  for (let place = data; place < data + <usize>size; place += 12) {
    const pixels = v128.load(place);
    const r = red(pixels), g = green(pixels), b = blue(pixels);
    const value = i32x4.max_s(r, i32x4.max_s(g, b));
    const least = i32x4.min_s(r, i32x4.min_s(g, b));
    const middle = i32x4.sub(i32x4.add(r, i32x4.add(g, b)), i32x4.add(value, least));
    const chroma = f32x4.convert_i32x4_s(i32x4.sub(value, least));

    // The sixths of the circle: red 0, green 2, blue 4, from there towards the middle channel by 1 - its distance.
    const below = f32x4.div(f32x4.convert_i32x4_s(i32x4.sub(value, middle)), chroma);
    const isRed = i32x4.eq(r, value);
    const isGreen = i32x4.eq(g, value);
    const onward = v128.bitselect(i32x4.eq(b, least), v128.bitselect(i32x4.eq(r, least), i32x4.eq(g, least), isGreen), isRed);
    const start = v128.bitselect(f32x4.splat(0), v128.bitselect(f32x4.splat(2), f32x4.splat(4), isGreen), isRed);
    const sixths = v128.bitselect(
      f32x4.sub(f32x4.add(start, one), below), f32x4.add(f32x4.sub(start, one), below), onward);
    const turns = f32x4.div(sixths, f32x4.splat(6));
    const positive = v128.bitselect(f32x4.add(turns, one), turns, f32x4.lt(turns, f32x4.splat(0)));
    const hue = v128.and(
      i32x4.add(i32x4.trunc_sat_f32x4_s(f32x4.mul(positive, byte)), i32x4.splat(shift)), i32x4.splat(255));
    const saturation = v128.and(
      i32x4.trunc_sat_f32x4_s(f32x4.mul(f32x4.div(chroma, f32x4.convert_i32x4_s(value)), byte)),
      i32x4.gt_s(value, least), // 0 for grey, where the divisions above made no sense
    );

    const along = i32x4.mul(hue, i32x4.splat(6));
    const sixth = i32x4.trunc_sat_f32x4_s(f32x4.mul(f32x4.convert_i32x4_s(along), f32x4.splat(1.0 / 255.0)));
    const rest = i32x4.sub(along, i32x4.mul(sixth, i32x4.splat(255)));
    const fraction = f32x4.div(f32x4.convert_i32x4_s(rest), byte);
    const strength = f32x4.div(f32x4.convert_i32x4_s(saturation), byte);
    const full = f32x4.convert_i32x4_s(value);
    const p = dimmed(full, strength);
    const q = dimmed(full, f32x4.mul(strength, fraction));
    const t = dimmed(full, f32x4.mul(strength, f32x4.sub(one, fraction)));
    const is0 = v128.or(i32x4.eq(sixth, i32x4.splat(0)), i32x4.eq(sixth, i32x4.splat(6)));
    const is1 = i32x4.eq(sixth, i32x4.splat(1));
    const is2 = i32x4.eq(sixth, i32x4.splat(2));
    const is3 = i32x4.eq(sixth, i32x4.splat(3));
    const is4 = i32x4.eq(sixth, i32x4.splat(4));
    const is5 = i32x4.eq(sixth, i32x4.splat(5));
    storePixels(place,
      v128.bitselect(value, v128.bitselect(q, v128.bitselect(t, p, is4), is1), v128.or(is0, is5)),
      v128.bitselect(value, v128.bitselect(t, v128.bitselect(q, p, is3), is0), v128.or(is1, is2)),
      v128.bitselect(value, v128.bitselect(t, v128.bitselect(q, p, is5), is2), v128.or(is3, is4)));
  }
}

/** round(value * (1 - share)) */
// @ts-ignore: decorator
@inline
function dimmed(value: v128, share: v128): v128 {
  const exact = f32x4.mul(value, f32x4.sub(f32x4.splat(1), share));
  return i32x4.trunc_sat_f32x4_s(f32x4.add(exact, f32x4.splat(0.5)));
}

// @ts-ignore: decorator
@inline
function blend(value: v128, level: v128, factor: v128): v128 {
  return i32x4.trunc_sat_f32x4_s(f32x4.add(level, f32x4.mul(factor, f32x4.sub(value, level))));
}

// @ts-ignore: decorator
@inline
function clipped(value: v128): v128 {
  return i32x4.max_s(i32x4.min_s(value, i32x4.splat(255)), i32x4.splat(0));
}

// @ts-ignore: decorator
@inline
function luma(r: v128, g: v128, b: v128): v128 {
  const weighted = i32x4.add(
    i32x4.add(i32x4.mul(r, i32x4.splat(19595)), i32x4.mul(g, i32x4.splat(38470))),
    i32x4.add(i32x4.mul(b, i32x4.splat(7471)), i32x4.splat(0x8000)));
  return i32x4.shr_u(weighted, 16);
}

// The channels of four pixels, which fill 12 of the 16 bytes, one to each 32-bit lane.
// @ts-ignore: decorator
@inline
function red(pixels: v128): v128 {
  return i8x16.swizzle(pixels, i8x16(0, 16, 16, 16, 3, 16, 16, 16, 6, 16, 16, 16, 9, 16, 16, 16));
}

// @ts-ignore: decorator
@inline
function green(pixels: v128): v128 {
  return i8x16.swizzle(pixels, i8x16(1, 16, 16, 16, 4, 16, 16, 16, 7, 16, 16, 16, 10, 16, 16, 16));
}

// @ts-ignore: decorator
@inline
function blue(pixels: v128): v128 {
  return i8x16.swizzle(pixels, i8x16(2, 16, 16, 16, 5, 16, 16, 16, 8, 16, 16, 16, 11, 16, 16, 16));
}

/** Writes four pixels, and only those: the next are still to be read. */
// @ts-ignore: decorator
@inline
function storePixels(place: usize, r: v128, g: v128, b: v128): void {
  const packed = v128.or(v128.or(r, i32x4.shl(g, 8)), i32x4.shl(b, 16));
  const bytes = i8x16.swizzle(packed, i8x16(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 16, 16, 16, 16));
  v128.store64_lane(place, bytes, 0);
  v128.store32_lane(place + 8, bytes, 2);
}
