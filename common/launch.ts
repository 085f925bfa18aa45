/** What is known of a job before it starts: what is wrong with its config, what it will need, how long it will take. */

export interface Issue {
  /** The config field to show it at; null where it belongs to none. */
  field: string | null;
  level: 'error' | 'warning';
  message: string;
  /** A change to the config that settles it. */
  fix?: { label: string; config: Record<string, unknown> };
}

export interface LaunchCheck {
  issues: Issue[];
  /** Every field with its value; null where a value is not even of its type. */
  config: Record<string, unknown> | null;
  estimates: Estimates | null;
}

/** Null where it cannot be known yet. */
export interface Estimates {
  trainImages: number | null;
  /** `trainImages` is a lower bound: the folder is large and counting stopped. */
  imagesAtLeast: boolean;
  stepsPerEpoch: number | null;
  totalSteps: number | null;
  parameters: number | null;
  /** Working memory of the step, roughly. */
  memoryBytes: number | null;
  /** One checkpoint, and all that retention keeps at once. */
  checkpointBytes: number | null;
  diskBytes: number | null;
  freeDiskBytes: number | null;
}

/** From the first steps of the run, measured on this machine. */
export interface CostEstimate {
  device: string;
  imagesPerSecond: number;
  secondsPerStep: number;
  /** Share of the time that the step waited for images, 0 to 1. */
  waitShare: number;
  peakMemoryMiB: number;
  totalSeconds: { low: number; expected: number; high: number } | null;
}
