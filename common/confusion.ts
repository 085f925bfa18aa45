/** `results/confusion.json`: which classes are taken for which, sparse, so that 1,000 classes stay small. */
import { z } from 'zod';

export const confusionFile = z.object({
  /** Names, in the order of the labels. */
  classes: z.array(z.string()),
  /** Images of each class. */
  images: z.array(z.int()),
  /** Of these, the ones that got their own label. */
  correct: z.array(z.int()),
  /** [true label, predicted label, images], wrong ones only, the most frequent first. */
  confusions: z.array(z.tuple([z.int(), z.int(), z.int()])),
});

export type ConfusionFile = z.infer<typeof confusionFile>;
