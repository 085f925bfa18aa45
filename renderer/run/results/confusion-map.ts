/** A confusion matrix of many classes as a picture: pure. */
import type { ConfusionFile } from '../../../common/confusion.ts';

export interface ConfusionMapCells {
  /** Rows, and columns: one for each class, or for several where there are more classes than pixels. */
  cells: number;
  /** By row * cells + column: 0 to 1, the root of the share of the fullest cell, so that single images are seen. */
  values: Map<number, number>;
}

export function mapOf({ classes, confusions }: ConfusionFile, most: number): ConfusionMapCells {
  const cells = Math.max(1, Math.min(classes.length, most));
  const cellOf = (label: number) => Math.floor((label * cells) / classes.length);
  const counts = new Map<number, number>();
  for (const [label, guess, images] of confusions) {
    const at = cellOf(label) * cells + cellOf(guess);
    counts.set(at, (counts.get(at) ?? 0) + images);
  }
  const fullest = [...counts.values()].reduce((a, b) => Math.max(a, b), 1);
  for (const [at, count] of counts) counts.set(at, Math.sqrt(count / fullest));
  return { cells, values: counts };
}

/** The confusion nearest to a place of the matrix, in classes; the more frequent of equally near ones. */
export function pairNear(
  { confusions }: ConfusionFile,
  row: number,
  column: number,
  within: number,
): [label: number, guess: number] | undefined {
  let found: [number, number] | undefined;
  let nearest = within;
  for (const [label, guess] of confusions) {
    const distance = Math.max(Math.abs(label + 0.5 - row), Math.abs(guess + 0.5 - column));
    if (distance < nearest || (distance === nearest && !found)) [nearest, found] = [distance, [label, guess]];
  }
  return found;
}

/** The labels around two of `count`, as many of each as fit into `most`. */
export function labelsAround(places: readonly number[], count: number, most: number): number[] {
  const found = new Set<number>();
  for (let away = 0; away < count && found.size < Math.min(most, count); away++) {
    for (const label of places.flatMap((place) => [place - away, place + away])) {
      if (label >= 0 && label < count && found.size < most) found.add(label);
    }
  }
  return [...found].sort((a, b) => a - b);
}
