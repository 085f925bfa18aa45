/**
 * Pillow's `Image.blend(degenerate, image, factor)` in float32 arithmetic, truncated and clipped to a byte: what all
 * of its enhancers (brightness, contrast, colour) are made of. Factors above 1 extrapolate.
 */
export function blend(degenerate: number, value: number, factor: number): number {
  const mixed = Math.fround(degenerate + Math.fround(Math.fround(factor) * (value - degenerate)));
  return mixed <= 0 ? 0 : mixed >= 255 ? 255 : mixed | 0;
}

/** Applies "blend with one grey level" after what `table` does already: table[v] = blend(level, table[v], factor). */
export function blendTable(table: Uint8Array, level: number, factor: number): void {
  for (let value = 0; value < 256; value++) table[value] = blend(level, table[value]!, factor);
}

/** A table that changes nothing. */
export function identityTable(): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, value) => value);
}

/** Sends each byte through the table, in place. */
export function applyTable(data: Uint8Array, table: Uint8Array): void {
  for (let index = 0; index < data.length; index++) data[index] = table[data[index]!]!;
}
