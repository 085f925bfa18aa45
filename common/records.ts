/** Runs, checkpoints and points as the store keeps them and the pages show them. */
import { z } from 'zod';
import type { AlarmRule } from './events.ts';
import type { JobKind } from './jobs/index.ts';

export const runStates = [
  'queued',
  'preparing',
  'running',
  'pausing',
  'paused',
  'stopping',
  'finished',
  'failed',
  'stopped',
  'interrupted',
] as const;
export type RunState = (typeof runStates)[number];

/** A worker process is (or should be) alive. */
export function isActive(state: RunState): boolean {
  return state === 'preparing' || state === 'running' || state === 'pausing' || state === 'stopping';
}

/** The run may go on from its last checkpoint. */
export function isResumable(state: RunState): boolean {
  return state === 'paused' || state === 'stopped' || state === 'interrupted' || state === 'failed';
}

/**
 * `state.json` of a run folder, written by rename: by whoever queued the run until a worker takes it, then by the
 * worker every two seconds at least, then by the application if the worker died without a word.
 */
export const runStateFile = z.object({
  state: z.enum(runStates),
  /** The worker's process, null before there is one. */
  pid: z.int().nullable(),
  /** Tells a process apart from a later one that was given the same pid; the kernel's start time, as text. */
  processStart: z.string().nullable(),
  updatedAt: z.iso.datetime(),
  epoch: z.int(),
  step: z.int(),
  totalSteps: z.int().nullable(),
  /** What the worker is doing, in words: "training", "scanning images", "measuring kNN". */
  stage: z.string(),
  device: z.string().nullable(),
  error: z.object({ code: z.string(), message: z.string(), cure: z.string().optional() }).nullable(),
});
export type RunStateFile = z.infer<typeof runStateFile>;

/** `config.json` of a run folder: what was asked, resolved, and never changed afterwards. */
export const runConfigFile = z.object({
  id: z.string(),
  kind: z.string(),
  name: z.string(),
  createdAt: z.iso.datetime(),
  recipe: z.string().nullable(),
  parent: z.string().nullable(),
  /** The same in the runs that were queued together, varying some settings. */
  sweep: z.string().optional(),
  /** Id of the run that this one is to repeat exactly. */
  reproduces: z.string().optional(),
  config: z.record(z.string(), z.unknown()),
});
export type RunConfigFile = z.infer<typeof runConfigFile>;

/** `control.json` of a run folder, written by rename by whoever wants something of the worker; `id` is new each time. */
export const controlFile = z.object({ id: z.string(), command: z.enum(['stop', 'pause']) });
export type ControlFile = z.infer<typeof controlFile>;

/** A row of the runs table; kept up to date as events arrive, so that a list never reads the points. */
export interface RunRecord {
  id: string;
  kind: JobKind;
  name: string;
  state: RunState;
  recipe: string | null;
  parent: string | null;
  /** Id that it shares with the runs that were queued with it, varying some settings. */
  sweep: string | null;
  /** Path of the run folder. */
  folder: string;
  config: Record<string, unknown>;
  createdAt: string;
  startedAt: string | null;
  endedAt: string | null;
  epoch: number;
  epochs: number | null;
  step: number;
  totalSteps: number | null;
  stage: string;
  /** How far a stage is that has no steps; null while training. */
  progress: { done: number; total: number | null } | null;
  /** Time left at the rate of late, evaluations and checkpoints included; null before it can be told. */
  remaining: Remaining | null;
  device: string | null;
  error: { code: string; message: string; cure?: string } | null;
  /** Last value of each series. */
  last: Record<string, number>;
  /** Best value of each series that has a direction, with where it was reached. */
  best: Record<string, { value: number; epoch: number; step: number }>;
  /** Values that were asked for of the points (filter/point-fields.ts), by their field; left out where none were. */
  measured?: Record<string, number>;
  references: Reference[];
  /** In the order in which they were raised. */
  alarms: AlarmRecord[];
  results: Record<string, { values: Record<string, unknown>; protocol: Record<string, unknown> }>;
  /** Of its checkpoints that are still there. */
  sizeBytes: number;
  /** In the trash since then; null: not in the trash. */
  trashedAt: string | null;
  star: boolean;
  /** No two that differ by case alone. */
  tags: string[];
  note: string;
  /** Left out of the list of runs, but nowhere else. */
  archived: boolean;
  /** Given by hand, `#rrggbb`; null: the one that it has by its id (charts/curve-style.ts). */
  colour: string | null;
}

/** Milliseconds from its start to its end, or to now while it has a worker. */
export function durationOf({ startedAt, endedAt, state }: RunRecord): number | undefined {
  if (!startedAt) return undefined;
  const end = endedAt ? Date.parse(endedAt) : isActive(state) ? Date.now() : undefined;
  return end === undefined ? undefined : end - Date.parse(startedAt);
}

/** What people add to a run; what is left out stays as it is. */
export type RunMarks = Partial<Pick<RunRecord, 'star' | 'tags' | 'note' | 'archived' | 'colour'>>;

export interface Remaining {
  lowMs: number;
  expectedMs: number;
  highMs: number;
  /** When it was reckoned; ISO-8601. */
  at: string;
}

export interface Reference {
  series: string;
  name: string;
  value: number;
}

/** Something that a rule of health found (`alarm` of common/events.ts). */
export interface AlarmRecord {
  rule: AlarmRule;
  epoch: number;
  step: number;
  /** ISO-8601. */
  at: string;
  value: number;
  threshold: number | null;
  message: string;
  cure: string;
}

export interface CheckpointRecord {
  runId: string;
  /** As the event had it: relative to the run folder, or absolute. */
  path: string;
  /** The same, always absolute. */
  file: string;
  epoch: number;
  step: number;
  sizeBytes: number;
  sha256: string;
  createdAt: string;
  best: boolean;
  removed: boolean;
}

/** A curve; thinned ones keep the minimum and maximum of each bucket, `count` says how many points there are in all. */
export interface Series {
  name: string;
  count: number;
  steps: number[];
  epochs: number[];
  times: number[];
  values: number[];
}

export interface Point {
  series: string;
  step: number;
  epoch: number;
  /** Milliseconds since 1970. */
  time: number;
  value: number;
}

/** A job that is not recorded as a run: making data, checking it, a dry run. */
export interface LaunchedTask {
  id: string;
  kind: JobKind;
}

/** `label.json` of a run folder, written by rename by the application: what people change about a run afterwards. */
export const labelFile = z.object({
  name: z.string(),
  trashedAt: z.iso.datetime().nullable(),
  star: z.boolean().default(false),
  tags: z.array(z.string()).default([]),
  note: z.string().default(''),
  archived: z.boolean().default(false),
});
export type LabelFile = z.infer<typeof labelFile>;

/** `resume.json` of a run folder: the checkpoint to go on from (a path as its event had it), where it is not to be the newest. */
export const resumeFile = z.object({ checkpoint: z.string() });
export type ResumeFile = z.infer<typeof resumeFile>;

/** `results/baselines.json` of a training run: kNN accuracies, percent, by the protocol of its probe. */
export const baselinesFile = z.object({
  pixels: z.record(z.string(), z.number()),
  untrained: z.record(z.string(), z.number()),
});
export type Baselines = z.infer<typeof baselinesFile>;
