/** `contrast train ... --sweep lr=0.03,0.06 --seeds 3`: the plan first, then the runs through the queue. */
import type { Command } from 'commander';
import { AppError } from '../../common/errors.ts';
import type { Issue } from '../../common/launch.ts';
import { mostUnconfirmed, parseVariation, type SweepPlan, type SweepRequest } from '../../common/sweep.ts';
import { withRouter } from './connect.ts';
import { tell } from './results.ts';
import { bytes, duration, table } from './words.ts';

export interface SweepOptions {
  /** They are to be put in the queue. */
  enqueue?: boolean;
  sweep?: string[];
  seeds?: string;
  plan?: boolean;
  yes?: boolean;
}

export function addSweep(command: Command): void {
  const collect = (value: string, before: string[] = []) => [...before, value];
  command
    .option('--sweep <setting=values>', 'vary it: lr=0.03,0.06 or "lr=0.01..0.1 x 3 log"; several multiply', collect)
    .option('--seeds <number>', 'run each with this many seeds, from --seed on')
    .option('--plan', 'only say what the sweep would queue and what that costs')
    .option('--yes', `queue a sweep of more than ${mostUnconfirmed} runs`);
}

export function isSweep({ sweep, seeds, plan }: SweepOptions): boolean {
  return sweep !== undefined || seeds !== undefined || plan === true;
}

/** Prints the plan; queues the runs unless only the plan is asked for. */
export async function runSweep(
  workspace: string,
  base: Pick<SweepRequest, 'kind' | 'config' | 'name' | 'recipe'>,
  options: SweepOptions & { json?: boolean },
): Promise<void> {
  if (!options.plan && !options.enqueue) {
    throw new AppError('usage', 'The runs of a sweep go through the queue.', {
      cure: 'Add --enqueue, or --plan to see what it would queue.',
    });
  }
  const variations = (options.sweep ?? []).map(parseVariation);
  const request = { ...base, variations, seeds: Number(options.seeds ?? 1) };
  await withRouter(workspace, async ({ api, live }) => {
    const plan = await api.sweeps.plan.query(request);
    if (options.plan) return tell(options, plan, planWords(plan));
    // On stderr, so that what follows is the result alone.
    if (!options.json) console.error(planWords(plan));
    const { sweep, runs } = await api.sweeps.launch.mutate({ ...request, confirmed: options.yes });
    const ids = runs.map(({ id }) => id);
    const waits = live ? '' : ' They start when the studio is open ("contrast serve").';
    tell(
      options,
      { sweep, runs: ids, state: 'queued' },
      `Sweep ${sweep}: ${ids.length} runs are in the queue.${waits}`,
    );
  });
}

function planWords(plan: SweepPlan): string {
  const rows = plan.runs.map(({ name, totalSteps, seconds, diskBytes }) => [
    name,
    totalSteps === null ? '-' : String(totalSteps),
    seconds === null ? '-' : duration(seconds * 1000),
    diskBytes === null ? '-' : bytes(diskBytes),
  ]);
  return [table(['run', 'steps', 'time', 'disk'], rows), totalWords(plan), ...issueWords(plan)].join('\n');
}

function totalWords({ runs, totalSteps, seconds, timedRuns, diskBytes, freeDiskBytes }: SweepPlan): string {
  const of = timedRuns < runs.length ? ` for the ${timedRuns} whose pace is known` : '';
  const time =
    timedRuns === 0
      ? 'time not known: no run like these has finished here ("--dry-run" measures one)'
      : `about ${duration(seconds * 1000)}${of}`;
  const free = freeDiskBytes === null ? '' : ` of ${bytes(freeDiskBytes)} free`;
  return `${runs.length} ${runs.length === 1 ? 'run' : 'runs'}: ${totalSteps} steps, ${time}, ${bytes(diskBytes)}${free}`;
}

/** Each once, with how many runs have it. */
function issueWords({ runs, diskBytes, freeDiskBytes }: SweepPlan): string[] {
  const issues = Map.groupBy(
    runs.flatMap((run) => run.issues),
    ({ level, message }: Issue) => `${level}: ${message}`,
  );
  const room =
    freeDiskBytes !== null && diskBytes > freeDiskBytes ? ['warning: the disk is too small for all of them'] : [];
  return [...[...issues].map(([words, all]) => (all.length > 1 ? `${words} (${all.length} runs)` : words)), ...room];
}
