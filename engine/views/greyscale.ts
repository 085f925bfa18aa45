import { luma } from './picture.ts';

/** Three equal channels of luma (torchvision's `RandomGrayscale`). Reads `data` through `table`, writes back. */
export function toGreyscale(data: Uint8Array, table: Uint8Array): void {
  for (let index = 0; index < data.length; index += 3) {
    const grey = luma(table[data[index]!]!, table[data[index + 1]!]!, table[data[index + 2]!]!);
    data[index] = grey;
    data[index + 1] = grey;
    data[index + 2] = grey;
  }
}
