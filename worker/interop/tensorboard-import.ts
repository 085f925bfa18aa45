/** Event folders of TensorBoard as runs: read-only records with their curves, source and hash. */
import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readdirSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import type { JobEvent } from '../../common/events.ts';
import type { FoundRun } from '../../common/interop.ts';
import { stringifyNumbers } from '../../common/numbers.ts';
import type { RunConfigFile, RunStateFile } from '../../common/records.ts';
import { hashFile } from '../checkpoints/file-source.ts';
import { readScalarEvents } from '../tensorboard/event-reader.ts';
import { writerName } from '../tensorboard/event-record.ts';

const deepest = 8;
const mostRemarks = 50;

/** Folders with event files, the given one included, in the order of their names; links are not followed. */
export function eventFolders(root: string, depth = 0): string[] {
  const entries = readdirSync(root, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  const here = entries.some((entry) => entry.isFile() && isEventFile(entry.name)) ? [root] : [];
  const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
  if (depth === deepest) return here;
  return [...here, ...folders.flatMap(({ name }) => eventFolders(join(root, name), depth + 1))];
}

const isEventFile = (name: string) => name.includes('tfevents');

interface ReadOptions {
  /** The folder that was named: a run is called by its place below it. */
  root: string;
  /** `<workspace>/runs`. */
  into: string;
  preview: boolean;
  signal: AbortSignal;
  onBytes(done: number): void;
}

export interface ReadFolder {
  run: FoundRun;
  /** What was made for it, not yet under its name; null in a preview and for one that is here already. */
  unfinished: string | null;
}

export async function readEventFolder(folder: string, options: ReadOptions): Promise<ReadFolder> {
  const { root, into, preview, signal } = options;
  const place = relative(root, folder).split(sep).join('/');
  const files = readdirSync(folder).filter(isEventFile).sort();
  const hash = createHash('sha256').update(place);
  for (const name of files) hash.update(`\n${name} ${await hashFile(join(folder, name), signal)}`);
  const sha256 = hash.digest('hex');
  const id = idOf(sha256);
  const name = [basename(root), place].filter(Boolean).join('/');
  const existing = readdirSync(into).find((one) => one.endsWith(`-${id}`));
  const remarks: string[] = [];
  const tell = (remark: string) => {
    if (remarks.length < mostRemarks) remarks.push(remark);
  };
  const unfinished = preview || existing !== undefined ? null : join(into, `.${id}.new`);
  const log = unfinished === null ? null : openEvents(unfinished);
  try {
    const read = await readFiles(folder, files, { log, tell, signal, onBytes: options.onBytes });
    const createdAt = read.firstTime ?? statSync(folder).mtime.toISOString();
    const run: FoundRun = {
      id,
      name,
      kind: 'tensorboard',
      folder: join(into, existing ?? `${createdAt.slice(0, 10).replaceAll('-', '')}-tensorboard-${id}`),
      existing: existing !== undefined,
      files: files.length,
      sizeBytes: read.sizeBytes,
      tags: [...read.tags].sort(),
      points: read.points,
      remarks,
    };
    if (log && unfinished !== null) {
      const values = { points: run.points, tags: read.tags.size, files: files.length, leftOut: read.leftOut };
      log.add({
        type: 'result',
        name: 'tensorboard',
        values: { ...values, remarks },
        protocol: { source: folder, sha256 },
      });
      log.add({ type: 'ended', state: 'finished' });
      writeRecord(unfinished, { id, name, createdAt, source: folder, sha256, remarks, lastStep: read.lastStep });
    }
    return { run, unfinished };
  } catch (thrown) {
    log?.close();
    if (unfinished !== null) rmSync(unfinished, { recursive: true, force: true });
    throw thrown;
  } finally {
    log?.close();
  }
}

/** The same folder has the same id, so that it is not imported twice. */
function idOf(sha256: string): string {
  return Array.from(Buffer.from(sha256, 'hex').subarray(0, 8), (byte) => letters[byte % letters.length]).join('');
}
const letters = 'abcdefghjkmnpqrstuvwxyz23456789';

interface EventLog {
  add(event: JobEvent, time?: string): void;
  close(): void;
}

function openEvents(folder: string): EventLog {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'checkpoints'), { recursive: true });
  let file: number | null = openSync(join(folder, 'events.jsonl'), 'w');
  let lines: string[] = [];
  let seq = 0;
  const flush = () => {
    if (file !== null && lines.length > 0) writeSync(file, lines.join(''));
    lines = [];
  };
  return {
    add(event, time = new Date().toISOString()) {
      lines.push(`${stringifyNumbers({ seq, time, ...event })}\n`);
      seq++;
      if (lines.length >= 1000) flush();
    },
    close() {
      flush();
      if (file !== null) closeSync(file);
      file = null;
    },
  };
}

interface FileOptions extends Pick<ReadOptions, 'signal' | 'onBytes'> {
  log: EventLog | null;
  tell(remark: string): void;
}

/** The files of a folder are one run, in the order of their names, as TensorBoard reads them. */
async function readFiles(folder: string, files: string[], { log, tell, signal, onBytes }: FileOptions) {
  const tags = new Set<string>();
  const lastStepOf = new Map<string, number>();
  const counts = { points: 0, leftOut: 0, backwards: 0, badSteps: 0, badTimes: 0 };
  let firstTime: string | undefined;
  let time = new Date(0).toISOString();
  let segment = 0;
  let sizeBytes = 0;
  let lastStep = 0;
  log?.add({ type: 'segment', segment, epoch: 0, step: 0, resumedFrom: null, environment: { source: folder } });
  for (const name of files) {
    let ours = false;
    let heard = 0;
    for (const event of readScalarEvents(join(folder, name), (remark) => tell(`${name}, ${remark}`))) {
      if (++heard % 5000 === 0) {
        onBytes(sizeBytes + event.end);
        await new Promise(setImmediate); // a wish to stop can be heard
        signal.throwIfAborted();
      }
      if (event.writer !== null) ours = event.writer === writerName;
      counts.leftOut += event.leftOut;
      const step = Number(event.step);
      if (!Number.isSafeInteger(step)) {
        counts.badSteps += event.scalars.length;
        continue;
      }
      if (event.sessionStart && lastStepOf.size > 0) {
        log?.add({ type: 'segment', segment: ++segment, epoch: 0, step: step - 1, resumedFrom: null, environment: {} });
        lastStepOf.clear();
      }
      if (event.scalars.length === 0) continue;
      const at = dateOf(event.wallTime);
      if (at === null) counts.badTimes++;
      time = at ?? time;
      firstTime ??= at ?? undefined;
      for (const { tag, value } of event.scalars) {
        tags.add(tag);
        counts.points++;
        if (step <= (lastStepOf.get(tag) ?? Number.NEGATIVE_INFINITY)) counts.backwards++;
        lastStepOf.set(tag, step);
        lastStep = Math.max(lastStep, step);
        log?.add(metricsOf(tag, step, value, ours), time);
      }
    }
    sizeBytes += statSync(join(folder, name)).size;
    onBytes(sizeBytes);
  }
  const say = (count: number, words: string) => count > 0 && tell(`${count} ${words}`);
  say(counts.leftOut, 'values are no scalars (images, histograms, texts): left out');
  say(counts.badSteps, 'points have a step beyond 2^53: left out');
  say(counts.badTimes, 'events have no time that is a date: that of the one before stands for it');
  say(counts.backwards, 'points lie at or before the step of the one before them; of two at one step the later counts');
  return { tags, points: counts.points, leftOut: counts.leftOut, firstTime, sizeBytes, lastStep };
}

/** A tag in a group of ours is the series that it was; in files of ours a step lies at the number of steps done. */
function metricsOf(tag: string, step: number, value: number, ours: boolean): JobEvent {
  const [, known, rest] = /^(step|epoch|probe)\/(.+)$/.exec(tag) ?? [];
  const group = (known as 'step' | 'epoch' | 'probe' | undefined) ?? 'tensorboard';
  const at = group === 'step' && ours ? step - 1 : step;
  return { type: 'metrics', group, epoch: 0, step: at, values: { [rest ?? tag]: value } };
}

/** From 1970 to the end of the year 9999. */
function dateOf(seconds: number): string | null {
  return seconds >= 0 && seconds < 253_402_300_800 ? new Date(seconds * 1000).toISOString() : null;
}

interface Recorded {
  id: string;
  name: string;
  createdAt: string;
  source: string;
  sha256: string;
  remarks: string[];
  lastStep: number;
}

function writeRecord(folder: string, { id, name, createdAt, source, sha256, remarks, lastStep }: Recorded) {
  const config: RunConfigFile = {
    ...{ id, kind: 'tensorboard', name, createdAt, recipe: null, parent: null },
    config: { source, sha256 },
  };
  const state: RunStateFile = {
    ...{ state: 'finished', pid: null, processStart: null, updatedAt: createdAt, epoch: 0, step: lastStep },
    ...{ totalSteps: null, stage: 'imported', device: null, error: null },
  };
  writeFileSync(join(folder, 'config.json'), `${JSON.stringify(config, null, 2)}\n`);
  writeFileSync(join(folder, 'state.json'), `${JSON.stringify(state, null, 2)}\n`);
  writeFileSync(join(folder, 'command.txt'), `npx contrast import ${JSON.stringify(source)}\n`);
  writeFileSync(join(folder, 'log.txt'), [`Imported from ${source}`, ...remarks, ''].join('\n'));
}
