/** How long jobs that have not begun will take, by what jobs like them took before on this machine. */
import { resolve } from 'node:path';
import type { CheckpointSummary } from '../../common/checkpoints.ts';
import { measureKey, measureKinds } from '../../common/evaluations.ts';
import type { JobKind } from '../../common/jobs/index.ts';
import type { Store } from '../store/index.ts';
import type { CheckpointService } from './checkpoints.ts';
import type { DataSummarizer } from './data-summary.ts';
import { createEstimator, measuredRuns, type Net } from './evaluation-estimates.ts';
import { type StepTimes, stepTimes } from './step-times.ts';

export interface PlannedJob {
  kind: JobKind;
  /** With every value. */
  config: Record<string, unknown>;
  /** That are still to be done; null where the job has none, or they are not known. */
  steps: number | null;
  /** Of a checkpoint that is still to be made; left out where its file tells. */
  net?: Net;
}

/** What a dry run found, of these settings; it counts before what was measured earlier. */
export interface DryRunPace {
  config: Record<string, unknown>;
  secondsPerStep: number;
}

/** Seconds of each; null where nothing like it was measured. */
export type Durations = (planned: PlannedJob[], measured?: DryRunPace) => Promise<(number | null)[]>;

interface DurationPorts {
  store: Store;
  checkpoints: Pick<CheckpointService, 'list'>;
  summarize: DataSummarizer;
}

export function createDurations({ store, checkpoints, summarize }: DurationPorts): Durations {
  return async (planned, measured) => {
    const paces = new Map<JobKind, StepTimes>();
    const paceOf = (kind: JobKind) => {
      const known = paces.get(kind) ?? stepTimes(store, kind, measured);
      paces.set(kind, known);
      return known;
    };
    const measures = planned.filter(({ kind }) => measureKinds.includes(kind));
    const evaluationMs = measures.length > 0 ? await evaluationTimes(measures) : () => null;
    return planned.map((job) => {
      const pace = job.steps === null ? null : paceOf(job.kind)(job.config);
      if (job.steps !== null && pace !== null) return job.steps * pace;
      const milliseconds = evaluationMs(job);
      return milliseconds === null ? null : milliseconds / 1000;
    });
  };

  async function evaluationTimes(planned: PlannedJob[]): Promise<(job: PlannedJob) => number | null> {
    const known = checkpoints.list({});
    const byPath = new Map(known.flatMap((one) => [one.location, one.file].map((path) => [path, one] as const)));
    const columns = new Map(planned.map((job) => [job, columnOf(job)]));
    const estimate = await createEstimator({
      measured: measuredRuns(store, known),
      checkpoints: new Map(known.map((one) => [one.sha256, one])),
      columns: [...columns.values()],
      summarize,
    });
    return (job) => {
      const column = columns.get(job);
      const checkpoint = checkpointOf(job, byPath);
      return column && checkpoint ? estimate(checkpoint, column) : null;
    };
  }
}

function columnOf({ kind, config }: PlannedJob) {
  return { folder: resolve(String(config.data ?? '')), key: measureKey({ kind, config }), measure: { kind, config } };
}

function checkpointOf({ config, net }: PlannedJob, byPath: ReadonlyMap<string, CheckpointSummary>): Net | null {
  return net ?? byPath.get(String(config.pretrained)) ?? null;
}
