/** What leaves the studio for other programs and comes from them: bundles of runs, event folders of TensorBoard, MLflow. */
import { z } from 'zod';

/** Name of the first entry of a bundle: what is in it, and the hash of each file. */
export const bundleList = 'bundle.json';

/** `bundle.json`; the bytes of a file are in the zip's entry `<folder>/<path>`. */
export const bundleFile = z.strictObject({
  format: z.literal('contrast-bundle'),
  version: z.literal(1),
  runs: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[a-z0-9-]{1,40}$/),
        name: z.string(),
        kind: z.string(),
        /** Name of its folder, here and where it is imported. */
        folder: z.string(),
        files: z.array(
          z.strictObject({
            path: z.string(),
            sizeBytes: z.int().min(0),
            sha256: z.string().regex(/^[0-9a-f]{64}$/),
          }),
        ),
      }),
    )
    .min(1),
});
export type BundleFile = z.infer<typeof bundleFile>;

/** Of a log folder: how far below it event files are looked for, and what of it a browser sends at most. */
export const logFolder = { deepest: 8, mostFiles: 10_000, mostFileBytes: 4 * 2 ** 30 } as const;

export const isEventFile = (name: string) => name.includes('tfevents');

/** How much of each event file of a log was taken: to the end of its last whole record. */
export const takenFiles = z.array(z.object({ name: z.string(), sizeBytes: z.int().min(0), sha256: z.string() }));
export type TakenFile = z.infer<typeof takenFiles>[number];

/** One run that a folder or a bundle holds. */
export interface FoundRun {
  id: string;
  name: string;
  kind: string;
  /** The run folder; where it would be, before it is imported. */
  folder: string;
  /** It was here before; nothing is changed of it, but for `newPoints`. */
  existing: boolean;
  /** Of a log that is here already: how many points were added to it since. 0 of anything else. */
  newPoints: number;
  files: number;
  sizeBytes: number;
  /** Of an event folder; null for a bundle, whose runs are taken as they are. */
  tags: string[] | null;
  points: number | null;
  /** What could not be taken, and where: torn records, what is no scalar. */
  remarks: string[];
}

export interface RunImport {
  source: string;
  format: 'tensorboard' | 'bundle';
  /** False: only looked at. */
  imported: boolean;
  runs: FoundRun[];
}

/** The experiment of MLflow that runs go to, where none is named. */
export const mlflowExperiment = 'contrast-studio';

/** What a server of MLflow says to one who asks before pushing; nothing is changed there. */
export interface MlflowCheck {
  /** Without user and password. */
  server: string;
  /** Null where the server does not say. */
  version: string | null;
  experiment: { name: string; state: 'there' | 'missing' };
}

/** One run of ours on a server of MLflow. */
export interface PushedRun {
  id: string;
  name: string;
  /** The id that MLflow gave it. */
  mlflowRun: string;
  /** Its page there. */
  page: string;
  /** False: it was there, and got what it had not yet. */
  created: boolean;
  /** New points; results are among them. */
  points: number;
  /** What MLflow does not take as it is: values that are too long, names that it refuses. */
  remarks: string[];
}

export interface MlflowPush {
  /** Without user and password. */
  server: string;
  experiment: { id: string; name: string; created: boolean };
  runs: PushedRun[];
}

export interface RunExport {
  target: string;
  format: 'tensorboard' | 'bundle';
  runs: string[];
  sizeBytes: number;
}
