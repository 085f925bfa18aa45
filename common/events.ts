/**
 * What a job reports, one object a line in the run folder's `events.jsonl` (append-only; the truth of a run).
 * The worker is the only writer of that file; `seq` counts from 0 without a gap over all segments of the run.
 */
import { z } from 'zod';
import { errorCodes } from './errors.ts';
import { measurement, measurements } from './numbers.ts';

/**
 * Where in training something happened. `step` counts optimizer steps over the whole run: a step's own measurements
 * carry its index from 0, everything else the number of steps done. `epoch` likewise.
 */
const position = { epoch: z.int(), step: z.int() };

const alarmRules = ['at-chance', 'not-finite', 'collapse', 'pretext-solved', 'queue-too-long', 'key-drift'] as const;
export type AlarmRule = (typeof alarmRules)[number];

const bodies = [
  /** A worker process began, or went on, at `step`; which points it supersedes: docs/run-folder.md. */
  z.object({
    type: z.literal('segment'),
    segment: z.int(),
    ...position,
    resumedFrom: z.string().nullable(),
    environment: z.record(z.string(), z.unknown()),
  }),
  /** The totals that progress and ETA are computed from, once they are known. */
  z.object({ type: z.literal('plan'), epochs: z.int(), stepsPerEpoch: z.int(), totalSteps: z.int(), images: z.int() }),
  /**
   * Measurements; the series is named `<group>/<name>`: step/loss, epoch/acc1, probe/bestAccuracy, ... The group
   * tensorboard is of an event folder that was imported, under its own tags.
   */
  z.object({
    type: z.literal('metrics'),
    group: z.enum(['step', 'epoch', 'probe', 'tensorboard']),
    ...position,
    values: measurements,
  }),
  /** A level to read a series against: chance, the untrained net, raw pixels. */
  z.object({ type: z.literal('reference'), series: z.string(), name: z.string(), value: measurement }),
  /** A checkpoint was written; `path` is relative to the run folder, or absolute where `--ckpt-dir` was given. */
  z.object({
    type: z.literal('checkpoint'),
    ...position,
    path: z.string(),
    sizeBytes: z.int(),
    sha256: z.string(),
  }),
  /** The run takes weights from this file, whose hash was computed now; `path` is absolute. */
  z.object({
    type: z.literal('used'),
    role: z.enum(['pretrained', 'resume', 'teacher', 'against']),
    path: z.string(),
    sha256: z.string(),
  }),
  /** Retention removed a checkpoint, or says why the ones that stay do. */
  z.object({ type: z.literal('checkpoint-removed'), path: z.string() }),
  z.object({ type: z.literal('checkpoint-best'), path: z.string(), by: z.string() }),
  /** How far a stage is that has no series of its own: scanning, decoding, extracting features. */
  z.object({ type: z.literal('progress'), stage: z.string(), done: z.number(), total: z.number().nullable() }),
  z.object({ type: z.literal('log'), level: z.enum(['info', 'warning', 'error']), message: z.string() }),
  /** A rule of health found something wrong; `threshold` is what the value was held against, null where there is none. */
  z.object({
    type: z.literal('alarm'),
    ...position,
    rule: z.enum(alarmRules),
    value: measurement,
    threshold: measurement.nullable(),
    message: z.string(),
    cure: z.string(),
  }),
  /** What the job was for; `protocol` says how it was measured and is part of the number. */
  z.object({
    type: z.literal('result'),
    name: z.string(),
    values: z.record(z.string(), z.unknown()),
    protocol: z.record(z.string(), z.unknown()),
  }),
  z.object({
    type: z.literal('failed'),
    code: z.enum(Object.keys(errorCodes) as [keyof typeof errorCodes]),
    message: z.string(),
    cure: z.string().optional(),
  }),
  /** The last event of a segment. */
  z.object({ type: z.literal('ended'), state: z.enum(['finished', 'failed', 'stopped', 'paused', 'interrupted']) }),
] as const;

const envelope = z.object({ seq: z.int(), time: z.iso.datetime() });

export const jobEvent = z.discriminatedUnion('type', bodies);
export const recordedEvent = z.intersection(envelope, jobEvent);

/** An event as a job yields it, before it has its number and time. */
export type JobEvent = z.infer<typeof jobEvent>;
export type RecordedEvent = z.infer<typeof recordedEvent>;
export type EventOf<Type extends JobEvent['type']> = Extract<JobEvent, { type: Type }>;
