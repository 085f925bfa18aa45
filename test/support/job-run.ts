/** A job in the test's own process: no start of a worker, and wishes at the very event that is wanted. */
import { mkdir } from 'node:fs/promises';
import type { EventOf, JobEvent } from '../../common/events.ts';
import { type JobKind, jobs } from '../../common/jobs/index.ts';
import type { Ending, Job } from '../../worker/job.ts';
import { runners } from '../../worker/jobs/index.ts';

export interface JobRun {
  folder: string;
  ending: Ending;
  events: JobEvent[];
  /** Of the last result. */
  values: Record<string, unknown>;
  protocol: Record<string, unknown>;
}

/** Runs to the end; rejects with what the job throws, and with an AbortError once `stopAt` says so of an event. */
export async function runJob(
  kind: JobKind,
  folder: string,
  config: Record<string, unknown>,
  stopAt: (event: JobEvent) => boolean = () => false,
): Promise<JobRun> {
  await mkdir(folder, { recursive: true });
  const abort = new AbortController();
  const events: JobEvent[] = [];
  const report = (event: JobEvent) => {
    events.push(event);
    if (stopAt(event)) abort.abort();
  };
  const wishes = {
    signal: abort.signal,
    current: () => (abort.signal.aborted ? ('stop' as const) : null),
    interruptedBy: () => null,
    close() {},
  };
  const run = runners[kind] as Job<unknown>;
  const ending = await run(jobs[kind].config.parse(config), { folder, segment: 0, report, wishes });
  const result = events.findLast((event): event is EventOf<'result'> => event.type === 'result');
  return { folder, ending, events, values: result?.values ?? {}, protocol: result?.protocol ?? {} };
}
