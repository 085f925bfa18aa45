/** Event folders of TensorBoard as runs: read-only records with their curves, source and hash. */
import { createHash } from 'node:crypto';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import type { JobEvent } from '../../common/events.ts';
import { type FoundRun, isEventFile, logFolder, type TakenFile } from '../../common/interop.ts';
import { hashFile } from '../checkpoints/file-source.ts';
import { readScalarEvents } from '../tensorboard/event-reader.ts';
import { writerName } from '../tensorboard/event-record.ts';
import { goesOn, type KnownLog, knownLogs, logMark } from './known-logs.ts';
import { type EventLog, openEvents, writeGrowth, writeRecord } from './log-run.ts';

const mostRemarks = 50;

/** Folders with event files, the given one included, in the order of their names; links are not followed. */
export function eventFolders(root: string, depth = 0): string[] {
  const entries = readdirSync(root, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  const here = entries.some((entry) => entry.isFile() && isEventFile(entry.name)) ? [root] : [];
  const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
  if (depth === logFolder.deepest) return here;
  return [...here, ...folders.flatMap(({ name }) => eventFolders(join(root, name), depth + 1))];
}

interface ReadOptions {
  /** The folder that was named: a run is called by its place below it. */
  root: string;
  /** What it is called where `root` is but a place on its way here. */
  called?: string;
  /** `<workspace>/runs`. */
  into: string;
  preview: boolean;
  signal: AbortSignal;
  onBytes(done: number): void;
}

export interface ReadFolder {
  run: FoundRun;
  /** What was made for it, not yet under its name; null in a preview and where nothing is new. */
  unfinished: string | null;
}

export async function readEventFolder(folder: string, options: ReadOptions): Promise<ReadFolder> {
  const { root, into, preview, signal } = options;
  const place = relative(root, folder).split(sep).join('/');
  const source = options.called === undefined ? folder : [options.called, place].filter(Boolean).join('/');
  const files = readdirSync(folder).filter(isEventFile).sort();
  const hash = createHash('sha256').update(place);
  for (const name of files) hash.update(`\n${name} ${await hashFile(join(folder, name), signal)}`);
  const sha256 = hash.digest('hex');
  const id = idOf(sha256);
  const same = readdirSync(into).find((one) => one.endsWith(`${logMark}${id}`));
  const earlier = same === undefined ? knownLogs(into, source) : [];
  let grown: KnownLog | undefined;
  for (const one of earlier) grown ??= (await goesOn(folder, one, signal)) ? one : undefined;
  const remarks: string[] = [];
  const tell = (remark: string) => {
    if (remarks.length < mostRemarks) remarks.push(remark);
  };
  if (!grown && earlier[0]) {
    tell(`it does not go on from what was imported from here as run ${earlier[0].id}: it becomes a second run`);
  }
  const createdAt = firstTimeOf(folder, files) ?? statSync(folder).mtime.toISOString();
  const unfinished = preview || same !== undefined ? null : join(into, `.${grown?.id ?? id}.new`);
  const log = unfinished === null ? null : openEvents(unfinished, grown?.folder);
  try {
    const read = await readFiles(folder, files, {
      source,
      createdAt,
      log,
      grown,
      tell,
      signal,
      onBytes: options.onBytes,
    });
    const name = [basename(root), place].filter(Boolean).join('/');
    const found = {
      ...{ kind: 'tensorboard', files: files.length, sizeBytes: read.sizeBytes, tags: [...read.tags].sort() },
      ...{ points: read.points, newPoints: grown ? read.newPoints : 0, remarks },
    };
    const run: FoundRun = grown
      ? { ...found, id: grown.id, name: grown.name, folder: grown.folder, existing: true }
      : {
          ...{ ...found, id, name: earlier.length > 0 ? `${name} (${earlier.length + 1})` : name },
          folder: join(into, same ?? `${createdAt.slice(0, 10).replaceAll('-', '')}${logMark}${id}`),
          existing: same !== undefined,
        };
    if (!log || unfinished === null) return { run, unfinished };
    if (grown && run.newPoints === 0) {
      log.close();
      rmSync(unfinished, { recursive: true, force: true });
      return { run, unfinished: null };
    }
    const taken = await hashedFiles(folder, read.ends, signal);
    log.add({
      ...{ type: 'result', name: 'tensorboard', protocol: { source, sha256 } },
      values: { points: run.points, tags: read.tags.size, files: files.length, leftOut: read.leftOut, remarks, taken },
    });
    log.add({ type: 'ended', state: 'finished' }, read.lastTime);
    if (grown)
      writeGrowth(unfinished, grown.folder, [`${run.newPoints} new points from ${source}`, ...remarks], read.lastStep);
    else writeRecord(unfinished, { id, name: run.name, createdAt, source, sha256, remarks, lastStep: read.lastStep });
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

/** @param ends by the name of a file, the end of the last record that was taken of it */
async function hashedFiles(
  folder: string,
  ends: ReadonlyMap<string, number>,
  signal: AbortSignal,
): Promise<TakenFile[]> {
  const taken: TakenFile[] = [];
  for (const [name, sizeBytes] of ends) {
    taken.push({ name, sizeBytes, sha256: await hashFile(join(folder, name), signal, sizeBytes) });
  }
  return taken;
}

interface FileOptions extends Pick<ReadOptions, 'signal' | 'onBytes'> {
  source: string;
  /** When its first point was measured. */
  createdAt: string;
  log: EventLog | null;
  /** What was taken of it before is gone through, but not written again. */
  grown: KnownLog | undefined;
  tell(remark: string): void;
}

/** The files of a folder are one run, in the order of their names, as TensorBoard reads them. */
async function readFiles(
  folder: string,
  files: string[],
  { source, createdAt, log, grown, tell, signal, onBytes }: FileOptions,
) {
  const tags = new Set<string>();
  const lastStepOf = new Map<string, number>();
  const ends = new Map<string, number>();
  const counts = { points: 0, newPoints: 0, leftOut: 0, backwards: 0, badSteps: 0, badTimes: 0 };
  let time = createdAt;
  let lastTime = createdAt;
  let segment = 0;
  let sizeBytes = 0;
  let lastStep = 0;
  const start = { type: 'segment', epoch: 0, resumedFrom: null } as const;
  if (!grown) log?.add({ ...start, segment, step: 0, environment: { source } }, createdAt);
  for (const name of files) {
    const before = grown?.taken.find((file) => file.name === name)?.sizeBytes ?? 0;
    ends.set(name, before);
    let ours = false;
    let heard = 0;
    for (const event of readScalarEvents(join(folder, name), (remark) => tell(`${name}, ${remark}`))) {
      if (++heard % 5000 === 0) {
        onBytes(sizeBytes + event.end);
        await new Promise(setImmediate); // a wish to stop can be heard
        signal.throwIfAborted();
      }
      const fresh = event.end > before;
      if (fresh) ends.set(name, event.end);
      if (event.writer !== null) ours = event.writer === writerName;
      counts.leftOut += event.leftOut;
      const step = Number(event.step);
      if (!Number.isSafeInteger(step)) {
        counts.badSteps += event.scalars.length;
        continue;
      }
      if (event.sessionStart && lastStepOf.size > 0) {
        segment++;
        if (fresh) log?.add({ ...start, segment, step: step - 1, environment: {} }, time);
        lastStepOf.clear();
      }
      if (event.scalars.length === 0) continue;
      const at = dateOf(event.wallTime);
      if (at === null) counts.badTimes++;
      time = at ?? time;
      if (time > lastTime) lastTime = time;
      for (const { tag, value } of event.scalars) {
        tags.add(tag);
        counts.points++;
        if (fresh) counts.newPoints++;
        if (step <= (lastStepOf.get(tag) ?? Number.NEGATIVE_INFINITY)) counts.backwards++;
        lastStepOf.set(tag, step);
        lastStep = Math.max(lastStep, step);
        if (fresh) log?.add(metricsOf(tag, step, value, ours), time);
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
  const { points, newPoints, leftOut } = counts;
  return { tags, points, newPoints, leftOut, ends, lastTime, sizeBytes, lastStep };
}

function firstTimeOf(folder: string, files: string[]): string | null {
  for (const name of files) {
    for (const { scalars, wallTime } of readScalarEvents(join(folder, name), () => undefined)) {
      const time = scalars.length > 0 ? dateOf(wallTime) : null;
      if (time !== null) return time;
    }
  }
  return null;
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
