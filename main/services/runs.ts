/** Runs: starting, steering, finding and reading them. */
import type { JobKind } from '../../common/jobs/index.ts';
import type { CheckpointRecord, RunRecord, RunState, Series } from '../../common/records.ts';
import type { RunListUpdate, RunUpdate } from '../../common/updates.ts';

export interface LaunchRequest {
  kind: JobKind;
  /** Values that differ from the defaults are enough. */
  config: Record<string, unknown>;
  name?: string;
  recipe?: string;
  /** The run that this one was made from. */
  parent?: string;
}

export interface RunQuery {
  /** Words that must all occur in the name, id, kind, recipe, state or config. */
  search?: string;
  states?: RunState[];
  kinds?: JobKind[];
  /** A column (`createdAt`, `name`, `state`, ...), or `last:<series>`, `best:<series>`, `config:<field>`. */
  sort?: string;
  descending?: boolean;
  limit: number;
  offset: number;
  /** Those in the trash instead of those that are not. */
  trashed?: boolean;
}

export interface PointQuery {
  id: string;
  /** All where none is named. */
  series?: string[];
  /** A longer curve is thinned to the least and greatest value of each bucket. */
  maxPoints: number;
  fromStep?: number;
  toStep?: number;
}

export interface LogPart {
  text: string;
  fromByte: number;
  /** Where to read on. */
  toByte: number;
  sizeBytes: number;
}

export interface RunService {
  launch(request: LaunchRequest): Promise<RunRecord>;
  list(query: RunQuery): { rows: RunRecord[]; total: number };
  get(id: string): RunRecord;
  /** `seq` is what `watch` is to go on after. */
  points(query: PointQuery): { series: Series[]; seq: number };
  seriesNames(id: string): { name: string; count: number }[];
  /** The end of log.txt, or the part from a byte on; cut at whole lines. */
  log(id: string, options: { fromByte?: number; maxBytes: number }): Promise<LogPart>;
  checkpoints(id: string): CheckpointRecord[];
  /** A queued run leaves the queue; a running one saves a checkpoint and stops. */
  stop(id: string): Promise<RunRecord>;
  pause(id: string): Promise<RunRecord>;
  /** From its newest checkpoint, or from another one, in the same folder. */
  resume(id: string, checkpoint?: string): Promise<RunRecord>;
  rename(id: string, name: string): RunRecord;
  trash(ids: string[]): RunRecord[];
  restore(ids: string[]): RunRecord[];
  /** The folder with all that is in it; only what is in the trash. */
  deleteForever(ids: string[]): Promise<void>;
  /** What the launch form starts from to make a run like this one. */
  duplicate(id: string): { kind: JobKind; name: string; config: Record<string, unknown>; parent: string };
  command(id: string): Promise<string>;
  watch(id: string, options: { afterSeq?: number; signal?: AbortSignal }): AsyncGenerator<RunUpdate>;
  watchList(options: { signal?: AbortSignal }): AsyncGenerator<RunListUpdate>;
}
