/** `results/neighbours.json`: the nearest images of each query of a kNN evaluation. */
import { z } from 'zod';

const labelledImages = z.object({
  /** Below `root`. */
  paths: z.array(z.string()),
  /** Class of each, as a place in `classes`. */
  labels: z.array(z.int()),
});

export const neighboursFile = z.object({
  /** The data set's folder. */
  root: z.string(),
  classes: z.array(z.string()),
  /** Neighbours of each query. */
  k: z.int(),
  /** The space in which distances are Euclidean. */
  space: z.string(),
  /** What was looked up, with the class that the vote gave it. */
  queries: labelledImages.extend({ predicted: z.array(z.int()) }),
  /** The images that are a neighbour of some query. */
  bank: labelledImages,
  /** [queries, k]: places in `bank`, the nearest first. */
  indices: z.array(z.int()),
  /** [queries, k], six digits. */
  distances: z.array(z.number()),
});

export type NeighboursFile = z.infer<typeof neighboursFile>;
