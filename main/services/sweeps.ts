/** Many runs from one config: planned first, then queued together. */
import { AppError, asAppError } from '../../common/errors.ts';
import type { RunRecord } from '../../common/records.ts';
import { originOf } from '../../common/run-names.ts';
import {
  expandSweep,
  mostUnconfirmed,
  type PlannedRun,
  type SweepPlan,
  type SweepRequest,
  type SweptRun,
  sweptName,
} from '../../common/sweep.ts';
import { newRunId } from '../jobs/run-folder.ts';
import type { Durations, PlannedJob } from './durations.ts';
import { type LaunchService, refuseErrors } from './launch.ts';
import { nameFor } from './run-names.ts';
import type { RunService } from './runs.ts';

export interface SweepService {
  /** What would be queued, what stands in its way, what it costs. Throws `config-invalid` for values that cannot be read. */
  plan(request: SweepRequest): Promise<SweepPlan>;
  /** Queues all of them or, where a check finds an error, none. More than 50 have to be `confirmed`. */
  launch(request: SweepRequest & { confirmed?: boolean }): Promise<{ sweep: string; runs: RunRecord[] }>;
}

interface SweepPorts {
  durations: Durations;
  launch: Pick<LaunchService, 'check'>;
  runs: Pick<RunService, 'launch' | 'get'>;
  recipeTitle(id: string): Promise<string>;
}

type CheckedRun = PlannedRun & { config: SweptRun['config']; freeDiskBytes: number | null };

export function createSweepService({ durations, launch, runs, recipeTitle }: SweepPorts): SweepService {
  async function checked(request: SweepRequest): Promise<CheckedRun[]> {
    const swept = expandSweep(request);
    const origin = await originOfRuns(request);
    const planned: CheckedRun[] = [];
    const jobs: PlannedJob[] = [];
    for (const run of swept) {
      const { resolved, ...checked } = await checkedRun(request, run, origin);
      planned.push(checked);
      jobs.push({ kind: request.kind, config: resolved ?? run.config, steps: checked.totalSteps });
    }
    const seconds = await durations(jobs, await resolvedMeasure(request));
    return planned.map((run, at) => ({ ...run, seconds: seconds[at]! }));
  }

  async function checkedRun(
    { kind }: SweepRequest,
    { config, changes }: SweptRun,
    origin: string,
  ): Promise<CheckedRun & { resolved: SweptRun['config'] | null }> {
    const { issues, estimates, config: resolved } = await launch.check(kind, config);
    const totalSteps = estimates?.totalSteps ?? null;
    return {
      name: sweptName(origin, changes),
      changes,
      issues,
      config,
      totalSteps,
      seconds: null,
      resolved,
      diskBytes: estimates?.diskBytes ?? null,
      freeDiskBytes: estimates?.freeDiskBytes ?? null,
    };
  }

  async function originOfRuns({ kind, config, name, recipe, parent }: SweepRequest): Promise<string> {
    if (name !== undefined) return name;
    if (parent !== undefined) return originOf(runs.get(parent).name);
    return nameFor(kind, config, recipe === undefined ? undefined : await recipeTitle(recipe), undefined);
  }

  /** With every setting that the measured config left to its default. */
  async function resolvedMeasure({ kind, measured }: SweepRequest) {
    const config = measured && (await launch.check(kind, measured.config)).config;
    return config ? { config, secondsPerStep: measured.secondsPerStep } : undefined;
  }

  return {
    async plan(request) {
      const planned = await checked(request);
      const sum = (values: (number | null)[]) => values.reduce<number>((total, value) => total + (value ?? 0), 0);
      return {
        runs: planned.map(({ config: _config, freeDiskBytes: _free, ...run }) => run),
        totalSteps: sum(planned.map((run) => run.totalSteps)),
        seconds: sum(planned.map((run) => run.seconds)),
        timedRuns: planned.filter((run) => run.seconds !== null).length,
        diskBytes: sum(planned.map((run) => run.diskBytes)),
        freeDiskBytes: planned.find((run) => run.freeDiskBytes !== null)?.freeDiskBytes ?? null,
      };
    },

    async launch({ confirmed = false, ...request }) {
      const planned = await checked(request);
      for (const { issues } of planned) refuseErrors(issues);
      if (planned.length > mostUnconfirmed && !confirmed) {
        throw new AppError('usage', `The sweep has ${planned.length} runs, more than ${mostUnconfirmed}.`, {
          cure: 'Confirm that all of them are meant (--yes at the command line), or take fewer values.',
        });
      }
      const sweep = newRunId();
      const { kind, recipe, parent } = request;
      const queued: RunRecord[] = [];
      for (const { name, config } of planned) {
        try {
          queued.push(await runs.launch({ kind, config, name, recipe, parent, sweep }));
        } catch (thrown) {
          const { code, message, cure } = asAppError(thrown);
          const done = `${queued.length} of ${planned.length} runs of the sweep ${sweep} were queued, then: ${message}`;
          throw new AppError(code, done, { cure, cause: thrown });
        }
      }
      return { sweep, runs: queued };
    },
  };
}
