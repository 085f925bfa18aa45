/** What the augmentation lab asks of its worker, and what that answers: through files of the task's folder. */
import { z } from 'zod';
import { errorCodes } from './errors.ts';
import { type Field, fieldsOf } from './fields.ts';
import { jobs } from './jobs/index.ts';

/** Kinds of jobs that train on random views. */
export const previewKinds = ['train', 'distill'] as const;
export type PreviewKind = (typeof previewKinds)[number];

const mostPreviewImages = 24;

export const previewRequest = z.strictObject({
  kind: z.enum(previewKinds),
  /** As much as there is of a config of that kind; the rest is at its defaults. */
  config: z.record(z.string(), z.unknown()),
  /** One image in place of the data set, taken for its first. */
  file: z.string().min(1).optional(),
  epoch: z.int().min(0),
  images: z.int().min(1).max(mostPreviewImages),
  /** Which images: another number, other ones. */
  choice: z.int().min(0),
});
export type PreviewRequest = z.infer<typeof previewRequest>;

/** `request.json`: the newest counts. */
export const numberedRequest = previewRequest.extend({ number: z.int() });
export type NumberedRequest = z.infer<typeof numberedRequest>;
export const requestName = 'request.json';
export const answerName = 'answer.json';

const box = z.object({ top: z.number(), left: z.number(), height: z.number(), width: z.number() });

const drawnParameters = z.object({
  box,
  /** In the order in which they are applied. */
  colour: z.array(
    z.object({
      operation: z.enum(['brightness', 'contrast', 'saturation', 'hue', 'greyscale']),
      factor: z.number(),
    }),
  ),
  /** Of the blur in pixels. */
  sigma: z.number().optional(),
  flip: z.boolean(),
  /** Of the view before it is mirrored: what is replaced there. */
  overlap: box.optional(),
  /** Hide-and-Seek: cells along a side, and how many of them all are hidden. */
  hidden: z.object({ cells: z.int(), count: z.int() }).optional(),
});
export type DrawnParameters = z.infer<typeof drawnParameters>;

const previewView = z.object({
  /** Its picture, a PNG in the task's folder. */
  file: z.string(),
  /** Side in pixels. */
  size: z.int(),
  /** Null where nothing is random. */
  drawn: drawnParameters.nullable(),
});
export type PreviewView = z.infer<typeof previewView>;

const previewImage = z.object({
  /** Its place in the data set. */
  index: z.int(),
  /** Path below the data set's folder. */
  name: z.string(),
  /** Why it cannot be shown; then there is nothing else of it. */
  problem: z.string().nullable(),
  width: z.int(),
  height: z.int(),
  /** The image as training reads it, made smaller; in the task's folder. */
  original: z.string().nullable(),
  views: z.array(previewView),
  /** Intersection over union of the two crops; null where there are no two that belong together. */
  overlap: z.number().nullable(),
});
export type PreviewImage = z.infer<typeof previewImage>;

const overlapEstimate = z.object({
  draws: z.int(),
  mean: z.number(),
  /** Share of the draws whose crops have nothing in common, 0 to 1. */
  apart: z.number(),
  /** How many draws lie in each of as many equal parts of 0 to 1. */
  counts: z.array(z.int()),
});
export type OverlapEstimate = z.infer<typeof overlapEstimate>;

const issue = z.object({
  field: z.string().nullable(),
  level: z.enum(['error', 'warning']),
  message: z.string(),
  fix: z.object({ label: z.string(), config: z.record(z.string(), z.unknown()) }).optional(),
});

/** `answer.json`, to the request of that number. */
export const previewAnswer = z.object({
  number: z.int(),
  /** Empty where the settings have errors, or the data a problem. */
  images: z.array(previewImage),
  /** Images of the data set. */
  count: z.int(),
  /** Over many draws for the images that are shown; null as `PreviewImage.overlap`. */
  estimate: overlapEstimate.nullable(),
  /** What is wrong with the settings that make the views. */
  issues: z.array(issue),
  /** Why nothing can be drawn at all. */
  problem: z
    .object({
      code: z.enum(Object.keys(errorCodes) as [keyof typeof errorCodes]),
      message: z.string(),
      cure: z.string().optional(),
    })
    .nullable(),
  /** From reading the request to writing the answer. */
  elapsedMs: z.number(),
});
export type PreviewAnswer = z.infer<typeof previewAnswer>;

/** Beside those of the group "Views". */
const alsoWanted = ['imageSize', 'decode', 'seed', 'smallPatches', 'patchCount', 'patchSize'];

/** The fields that decide what a view looks like, views first. */
export function previewFields(kind: PreviewKind): Field[] {
  const fields = fieldsOf(jobs[kind].config);
  const views = fields.filter(({ group }) => group === 'Views');
  return [...views, ...fields.filter(({ key }) => alsoWanted.includes(key))];
}
