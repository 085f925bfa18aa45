/** What a checkpoint of ours says about itself: the text fields in the head of the file (docs/checkpoint-format.md). */
import { z } from 'zod';
import { AppError } from './errors.ts';
import { viewPresets } from './jobs/train.ts';
import { measurements, stringifyNumbers } from './numbers.ts';

const checkpointFormatVersion = 1;

/** What a teacher is, and what it learnt from. */
export const teacherMetadata = z.object({
  method: z.enum(['moco', 'simclr', 'swav']),
  arch: z.string(),
  stem: z.string(),
  head: z.string(),
  dim: z.int().positive(),
  /** The views of the run of ours that it comes from; null for others' files. */
  views: z
    .object({
      views: z.enum(viewPresets),
      cropScaleMin: z.number(),
      cropScaleMax: z.number(),
      jitter: z.number(),
      greyProbability: z.number(),
      blurProbability: z.number(),
    })
    .nullable(),
});

export type TeacherMetadata = z.infer<typeof teacherMetadata>;

export const checkpointMetadata = z.object({
  formatVersion: z.literal(checkpointFormatVersion),
  /** The method whose state it is; it says which tensors there are. */
  kind: z.enum(['moco', 'seed']),
  arch: z.string(),
  stem: z.string(),
  head: z.string(),
  /** Side of the training images in pixels. */
  imageSize: z.int().positive(),
  /** Length of an embedding. */
  dim: z.int().positive(),
  /** Of a distillation. */
  teacher: teacherMetadata.optional(),
  /** Epochs completed: training goes on in the epoch of this number, from 0. */
  epoch: z.int().min(0),
  /** Optimizer steps done since the beginning. */
  step: z.int().min(0),
  /** Steps done within the epoch; 0 at its border. */
  stepInEpoch: z.int().min(0),
  /** Sums of the running epoch's measurements over its steps so far, for its means. */
  sums: measurements.default({}),
  /** The epoch that ended here is still to be measured on the probe set. */
  probePending: z.boolean().default(false),
  seed: z.int(),
  /** The resolved config of the job. */
  config: z.record(z.string(), z.unknown()),
});

export type CheckpointMetadata = z.infer<typeof checkpointMetadata>;

/** As the file keeps it: text stays as it is, everything else is JSON. */
export function stringifyMetadata(metadata: CheckpointMetadata): Record<string, string> {
  const entries = Object.entries(metadata);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === 'string' ? value : stringifyNumbers(value)]),
  );
}

/** Throws `checkpoint-invalid` where the file called `name` is not a checkpoint of ours. */
export function parseMetadata(name: string, stored: Readonly<Record<string, string>>): CheckpointMetadata {
  const version = stored.formatVersion;
  if (version === undefined) {
    throw new AppError('checkpoint-invalid', `${name} is no checkpoint of Contrast Studio: it has no formatVersion.`, {
      cure: 'Import it as a foreign checkpoint.',
    });
  }
  if (Number(version) > checkpointFormatVersion) {
    throw new AppError(
      'checkpoint-invalid',
      `${name} has format version ${version}, newer than ${checkpointFormatVersion}.`,
      {
        cure: 'Update Contrast Studio.',
      },
    );
  }
  const values = Object.entries(stored).map(([field, text]) => [field, textFields.has(field) ? text : parseJson(text)]);
  const parsed = checkpointMetadata.safeParse(Object.fromEntries(values));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new AppError('checkpoint-invalid', `${name}: metadata ${issue?.path.join('.')}: ${issue?.message}.`, {
    cause: parsed.error,
  });
}

/** Kept as they are, so that an architecture called "18" stays a name. */
const textFields = new Set(['kind', 'arch', 'stem', 'head']);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
