/** How far the training of a classifier is, in the head of its file. */
import { z } from 'zod';
import { measurement, measurements } from './numbers.ts';

const epochResult = z.object({
  /** Epochs done. */
  epoch: z.int(),
  top1: measurement,
  top5: measurement,
});

export const classifierProgress = z.object({
  position: z.object({
    epoch: z.int(),
    stepInEpoch: z.int(),
    sums: measurements,
    probePending: z.boolean(),
  }),
  step: z.int(),
  elapsedMs: z.number(),
  perEpoch: z.array(epochResult),
});

export type EpochResult = z.infer<typeof epochResult>;
export type ClassifierProgress = z.infer<typeof classifierProgress>;
