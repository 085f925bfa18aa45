import { blendTable } from './blend.ts';

/** Brightness as Pillow's `ImageEnhance.Brightness`: a blend with black. Added to a table of byte values. */
export function adjustBrightness(table: Uint8Array, factor: number): void {
  blendTable(table, 0, factor);
}
