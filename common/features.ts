/** What the store of features writes beside them. */
import { z } from 'zod';

const brokenImages = z.array(
  z.object({
    /** Place in the listing. */
    index: z.int(),
    path: z.string(),
    /** In words, with the path. */
    reason: z.string(),
  }),
);

/** `<key>.json` beside the matrix `<key>.npy`. */
export const featureEntry = z.object({
  /** Images of the split, broken ones included: the matrix has a row for each of the others. */
  images: z.int(),
  dimension: z.int(),
  broken: brokenImages,
});
export type BrokenImage = z.infer<typeof brokenImages>[number];

/** `.<key>.partial.json`: how far a matrix is that is being extracted. */
export const extractionProgress = z.object({
  /** Images that are done, broken ones included. */
  images: z.int(),
  broken: brokenImages,
});
export type ExtractionProgress = z.infer<typeof extractionProgress>;
