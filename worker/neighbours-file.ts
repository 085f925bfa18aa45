/** The neighbours that a kNN evaluation found, for looking at: `results/neighbours.json`. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { NeighboursFile } from '../common/neighbours.ts';
import type { DatasetListing } from '../engine/datasets/list.ts';
import type { Neighbours } from '../engine/evaluations/nearest.ts';
import { writeAtomically } from '../system/write-atomically.ts';

/** The images of a split that have features, in the order of their rows. */
interface RowImages {
  listing: DatasetListing;
  /** Place in the listing of each row. */
  images: Int32Array;
  labels: Int32Array;
}

export interface FoundNeighbours extends Neighbours {
  /** Of each query in `indices`. */
  k: number;
  /** [queries] */
  predicted: Int32Array;
  space: string;
}

/** Keeps the first `keep` neighbours of each query. @returns the file, relative to the run folder */
export function writeNeighbours(
  folder: string,
  found: FoundNeighbours,
  { train, probe }: { train: RowImages; probe: RowImages },
  keep: number,
): string {
  const k = Math.min(keep, found.k);
  const places = new Map<number, number>();
  const indices: number[] = [];
  const distances: number[] = [];
  for (let query = 0; query < probe.labels.length; query++) {
    for (let place = query * found.k; place < query * found.k + k; place++) {
      const row = found.indices[place]!;
      if (!places.has(row)) places.set(row, places.size);
      indices.push(places.get(row)!);
      distances.push(shortened(Math.sqrt(found.squaredDistances[place]!)));
    }
  }
  const pathOf = ({ listing, images }: RowImages, row: number) => listing.files.path(images[row]!);
  const bank = [...places.keys()];
  const file: NeighboursFile = {
    root: train.listing.root,
    classes: train.listing.classes,
    k,
    space: found.space,
    queries: {
      paths: Array.from(probe.labels, (_, row) => pathOf(probe, row)),
      labels: [...probe.labels],
      predicted: [...found.predicted],
    },
    bank: { paths: bank.map((row) => pathOf(train, row)), labels: bank.map((row) => train.labels[row]!) },
    indices,
    distances,
  };
  const path = join('results', 'neighbours.json');
  mkdirSync(join(folder, 'results'), { recursive: true });
  writeAtomically(join(folder, path), `${JSON.stringify(file)}\n`);
  return path;
}

/** Six digits are more than float32 features are good for. */
export function shortened(value: number): number {
  return Number(value.toPrecision(6));
}
