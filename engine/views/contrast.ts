import { blendTable } from './blend.ts';
import { luma } from './picture.ts';

/**
 * Contrast as Pillow's `ImageEnhance.Contrast`: a blend with the picture's mean grey level, rounded.
 * The picture is `data` seen through `table`; the change is added to the table.
 */
export function adjustContrast(data: Uint8Array, table: Uint8Array, factor: number): void {
  blendTable(table, Math.floor(meanLuma(data, table) + 0.5), factor);
}

function meanLuma(data: Uint8Array, table: Uint8Array): number {
  let sum = 0;
  for (let index = 0; index < data.length; index += 3) {
    sum += luma(table[data[index]!]!, table[data[index + 1]!]!, table[data[index + 2]!]!);
  }
  return sum / (data.length / 3);
}
