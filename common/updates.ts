/** What is pushed while something runs; only what is new. */
import type { EventOf } from './events.ts';
import type { Point, RunRecord } from './records.ts';

export interface RunUpdate {
  /** Everything up to this event is in; give it back as `afterSeq` (or by the tracked id) to go on from here. */
  seq: number;
  /** The record, when something of it changed. */
  run: RunRecord | null;
  points: Point[];
  /** The run went on from an earlier step: points at or after it that were sent before are gone. */
  supersededFrom: number | null;
  /** Too much to push: read the curves again with `runs.points`. */
  reload: boolean;
  /** Checkpoints were written, removed, or found to be the best. */
  checkpointsChanged: boolean;
  /** Length of log.txt, for `runs.log`. */
  logBytes: number;
}

/** First, and whenever too much happened to be told: read the list again. Then runs that changed or are new, or are gone. */
export type RunListUpdate =
  | { type: 'reload' }
  | { type: 'changed'; runs: RunRecord[] }
  | { type: 'removed'; ids: string[] };

export interface QueueState {
  /** Nothing is started while it is held; what runs goes on. */
  held: boolean;
  /** Why, where the studio itself held it. */
  reason: string | null;
  /** Ids of queued runs in the order in which they will start. */
  order: string[];
  /** Of those, ids of runs that are passed over until they are released. */
  heldRuns: string[];
  /** Ids of runs that have a worker. */
  active: string[];
  /** What each run in the queue or at work computes on: one at a time runs on each. */
  devices: Record<string, 'gpu' | 'cpu'>;
}

/** Seconds that runs still need, by their ids; null where it is not known. */
export type QueueEstimates = Record<string, number | null>;

/** Where a run was in the queue, to put it back there. */
export interface QueuePlace {
  id: string;
  position: number;
  held: boolean;
}

/** In a task's folder: what it made to be fetched. */
export const exportedFolder = 'exported';

/** What a task reports, in order; the last is always `ended`. */
export type TaskUpdate =
  | EventOf<'progress'>
  | EventOf<'log'>
  | EventOf<'result'>
  | EventOf<'failed'>
  | EventOf<'ended'>;
