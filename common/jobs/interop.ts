/** Runs that come from elsewhere and go elsewhere. */
import { z } from 'zod';
import { field } from '../fields.ts';
import { mlflowExperiment } from '../interop.ts';

const text = (label: string, help: string) => field(z.string(), { label, help, group: 'Source', flags: [] });

/** Of a run that is no job of ours: what an event folder recorded. */
export const tensorboardConfig = z.strictObject({
  source: text('Source', 'The event folder that it was read from.'),
  sha256: text('SHA-256', "Of the names and hashes of the folder's event files."),
});

export const runImportConfig = z.strictObject({
  source: z.string().min(1),
  /** `<workspace>/runs`. */
  into: z.string().min(1),
  /** What its records name as their source, where `source` is but a place on the way: a folder that a browser sent. */
  called: z.string().min(1).optional(),
  /** Only look at what is there. */
  preview: z.boolean().default(false),
});

export const runExportConfig = z.strictObject({
  /** Run folders. */
  runs: z.array(z.string().min(1)).min(1),
  format: z.enum(['tensorboard', 'bundle']),
  target: z.string().min(1),
  checkpoints: z.boolean().default(true),
  overwrite: z.boolean().default(false),
});

export const mlflowCheckConfig = z.strictObject({
  /** http(s)://host[:port][/path]; who asks stands in the worker's environment (worker/mlflow/client.ts). */
  server: z.string().min(1),
  experiment: z.string().min(1).max(500).default(mlflowExperiment),
});

export const mlflowPushConfig = mlflowCheckConfig.extend({
  /** Run folders. */
  runs: z.array(z.string().min(1)).min(1),
});

export type MlflowCheckConfig = z.infer<typeof mlflowCheckConfig>;
export type MlflowPushConfig = z.infer<typeof mlflowPushConfig>;
export type RunImportConfig = z.infer<typeof runImportConfig>;
export type RunExportConfig = z.infer<typeof runExportConfig>;
