/** Checkpoints of a workspace, its runs' own and imported ones: as folders keep them and pages show them. */
import { z } from 'zod';
import type { JobKind } from './jobs/index.ts';

/** A shape of the model against that of the file. */
const mismatch = z.object({ name: z.string(), model: z.array(z.int()), checkpoint: z.array(z.int()) });

/** What a file is: its format, whose names its tensors have, and which net they make. */
const checkpointFacts = z.object({
  format: z.enum(['zip', 'legacy', 'safetensors']),
  layout: z.string(),
  /** The net; null where none here fits. `head` is `own` for nets that have no other. */
  arch: z.string().nullable(),
  stem: z.string().nullable(),
  head: z.string().nullable(),
  /** Length of an embedding. */
  dim: z.int().nullable(),
  /** Side of the training images in px, where the file says so. */
  imageSize: z.int().nullable(),
  /** Name of the encoder within the file, and what its tensors' names begin with. */
  encoder: z.string(),
  prefix: z.string(),
  /** Numbers and texts that it says about itself: epoch, arch. */
  facts: z.record(z.string(), z.union([z.string(), z.number()])),
});

/** `import.json` of `<workspace>/checkpoints/<id>-<slug>/`, written by rename and never changed. */
export const importedFile = checkpointFacts.extend({
  formatVersion: z.literal(1),
  name: z.string(),
  /** Where it came from. */
  original: z.string(),
  how: z.enum(['copied', 'linked']),
  /** Name in the folder, or the absolute path of a linked file. */
  file: z.string(),
  sha256: z.string().length(64),
  sizeBytes: z.int(),
  createdAt: z.iso.datetime(),
  /** The checkpoint that it was exported from, where it says so. */
  parent: z.object({ sha256: z.string(), run: z.string().nullable() }).nullable(),
  /** Numbers of tensors of the net and of the encoder in the file. */
  counts: z.object({ matched: z.int(), missing: z.int(), unexpected: z.int(), mismatched: z.int() }),
});
export type ImportedFile = z.infer<typeof importedFile>;

/** `exports.jsonl` of `<workspace>/checkpoints`: what was exported from what, so that it is known when it comes back. */
export const exportedLine = z.object({
  sha256: z.string(),
  parentSha256: z.string(),
  run: z.string().nullable(),
  target: z.string(),
  time: z.iso.datetime(),
});
export type ExportedLine = z.infer<typeof exportedLine>;

/** First digits of the SHA-256, by which a checkpoint is called. */
export const checkpointIdLength = 12;

/** missing: there is no such file any more; damaged: it is another one than was recorded. */
export type CheckpointState = 'ok' | 'damaged' | 'missing';

interface RunReference {
  id: string;
  name: string;
  kind: JobKind;
}

/** A row of the table of checkpoints: those of runs and imported ones alike. */
export interface CheckpointSummary {
  /** First 12 digits of `sha256`. */
  id: string;
  sha256: string;
  name: string;
  source: 'run' | 'imported';
  /** The run that wrote it (or whose checkpoint it was exported from), where it is in this workspace. */
  run: RunReference | null;
  /** Of people's interest: the path that it was imported from, or its path in the run folder. */
  origin: string;
  /** What `--pretrained` and `--resume` take: the file, or the folder of an imported one. */
  location: string;
  /** Absolute path of the file itself. */
  file: string;
  how: 'written' | 'copied' | 'linked';
  format: 'zip' | 'legacy' | 'safetensors';
  layout: string;
  arch: string | null;
  stem: string | null;
  head: string | null;
  dim: number | null;
  imageSize: number | null;
  epoch: number | null;
  step: number | null;
  sizeBytes: number;
  createdAt: string;
  /** The best of its run by kNN accuracy. */
  best: boolean;
  state: CheckpointState;
  /** Why it is not ok, for people. */
  problem: string | null;
  /** When its hash was last computed anew. */
  verifiedAt: string | null;
  /** Best value of each evaluation (`knn`, `linear`, ..., `probe` of its own run), with how it was measured. */
  results: Record<string, CheckpointResult>;
  trashedAt: string | null;
}

export interface CheckpointResult {
  value: number;
  /** Name of the value in the result: `bestAccuracy`. */
  measure: string;
  run: string;
  protocol: Record<string, unknown>;
  /** File of the classifier that was trained for it, in the run's folder. */
  classifier?: string;
}

export interface CheckpointDetail extends CheckpointSummary {
  /** All that is known of an imported one. */
  imported: ImportedFile | null;
  lineage: {
    /** The checkpoint that it was exported from, or that its run started from. */
    parent: { sha256: string; id: string; name: string | null } | null;
    usedBy: { run: RunReference; role: CheckpointRole; at: string }[];
  };
}

export type CheckpointRole = 'pretrained' | 'resume' | 'teacher' | 'against';

/** Result `checkpoint` of the task `checkpoint-preview`: what an import would take. */
export interface CheckpointPreview extends z.infer<typeof checkpointFacts> {
  file: string;
  sizeBytes: number;
  /** All encoders in the file; the first is taken unless another is chosen. */
  encoders: { name: string; prefix: string }[];
  /** The nets that fit best, the best first. `score`: share of the tensors of both that agree; 1 is a perfect fit. */
  candidates: { arch: string; stem: string; head: string; prefix: string; score: number }[];
  /** Several nets fit alike: choose one by hand. */
  ambiguous: boolean;
  /** Why nothing here can take these weights; null where something can. */
  refusal: string | null;
  /** Number of tensors in the file. */
  tensors: number;
  matched: string[];
  /** Of the net, not in the file. */
  missing: string[];
  /** Under the prefix, but not of the net. */
  unexpected: string[];
  mismatched: z.infer<typeof mismatch>[];
  /** Tensors of the file outside of the encoder: the other encoder, the queue. */
  leftOut: string[];
  /** Shape of each tensor that `matched` and `unexpected` name. */
  shapes: Record<string, number[]>;
}

/** Result `checkpoint` of the task `checkpoint-import`. */
export interface CheckpointImport extends Omit<CheckpointPreview, 'shapes' | 'leftOut' | 'candidates' | 'encoders'> {
  id: string;
  sha256: string;
  folder: string;
  name: string;
  how: 'copied' | 'linked';
  /** It was here already, under this name; nothing was copied. */
  existing: boolean;
}

export const exportFormats = ['reference', 'seed', 'backbone', 'safetensors'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** Result `checkpoint` of the task `checkpoint-export`. */
export interface CheckpointExport {
  target: string;
  format: ExportFormat;
  layout: string;
  arch: string | null;
  tensors: number;
  sizeBytes: number;
  sha256: string;
}

/** Result `checkpoint` of the task `checkpoint-show`. */
export interface CheckpointTensors {
  file: string;
  sizeBytes: number;
  format: 'zip' | 'legacy' | 'safetensors';
  layout: string;
  arch: string | null;
  facts: Record<string, string | number>;
  tensors: TensorEntry[];
  matched: string[];
  missing: string[];
  unexpected: string[];
  mismatched: z.infer<typeof mismatch>[];
  /** Of the tensor that was asked for. */
  tensor: TensorSummary | null;
}

export interface TensorEntry {
  name: string;
  /** As PyTorch calls it: float32. */
  dtype: string;
  shape: number[];
}

/** Over the finite values; infinities and NaN are counted apart. */
export interface TensorSummary extends TensorEntry {
  count: number;
  notANumber: number;
  infinite: number;
  minimum: number | null;
  maximum: number | null;
  mean: number | null;
  /** Of the population. */
  standardDeviation: number | null;
  /** 64 bins of equal width from minimum to maximum. */
  histogram: number[];
}

/** Result `checkpoints` of the task `checkpoint-verify`. */
export interface CheckpointVerdicts {
  checked: CheckpointVerdict[];
}

export interface CheckpointVerdict {
  id: string;
  file: string;
  state: CheckpointState;
  /** Null where none was recorded: it was read whole instead. */
  expectedSha256: string | null;
  /** Null where there is no file. */
  foundSha256: string | null;
  /** Of the version of the file that was read. */
  stamp: string;
}
