/** Hide-and-Seek (Singh and Lee 2017, arXiv 1704.04232) as ssl-small applies it to normalised views. */
import type { Random } from '../random.ts';

/** Which cells of a view are hidden: [cells * cells], row by row, 1 for hidden. */
export interface HiddenCells {
  /** Along a side. */
  cells: number;
  hidden: Uint8Array;
}

/** Cells along a side; 0 hides nothing. At 224 px they are ssl-small's, of 14, 28 and 56 px; at others their share stays. */
const grids = [0, 16, 8, 4] as const;

/** Draws one of the grids, all alike, and hides each of its cells with the given probability. */
export function drawHiddenCells(probability: number, random: Random): HiddenCells {
  const cells = grids[random.integer(grids.length)]!;
  return { cells, hidden: Uint8Array.from({ length: cells * cells }, () => (random.chance(probability) ? 1 : 0)) };
}

/** Sets the hidden cells of a normalised view, floats [size, size, 3] from `offset` on, to 0: the mean colour. */
export function hideCells(view: Float32Array, offset: number, size: number, { cells, hidden }: HiddenCells): void {
  const edge = (cell: number) => Math.floor((cell * size) / cells);
  for (let row = 0; row < cells; row++) {
    for (let column = 0; column < cells; column++) {
      if (hidden[row * cells + column] === 0) continue;
      for (let y = edge(row); y < edge(row + 1); y++) {
        const start = offset + y * size * 3;
        view.fill(0, start + edge(column) * 3, start + edge(column + 1) * 3);
      }
    }
  }
}
