import type { EventOf, JobEvent } from '../common/events.ts';
import type { Wishes } from './wishes.ts';

export type Ending = EventOf<'ended'>['state'];

/** What a job is given beside its config. */
export interface JobContext {
  /** The run folder; relative paths in events are relative to it. */
  folder: string;
  /** 0 for the first worker of a run, more when it goes on. */
  segment: number;
  report(event: JobEvent): void;
  wishes: Wishes;
}

/** Runs to its end, or ends early when there is a wish; throws an AppError when it fails. */
export type Job<Config> = (config: Config, context: JobContext) => Promise<Ending>;
