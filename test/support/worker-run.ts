/** A run folder and the real worker in a process of its own, as the application starts it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { EventOf, JobEvent, RecordedEvent } from '../../common/events.ts';
import { recordedEvent } from '../../common/events.ts';
import { type JobKind, jobs } from '../../common/jobs/index.ts';
import { readLines } from '../../system/read-lines.ts';

const worker = new URL('../../worker/main.ts', import.meta.url).pathname;
const stopItself = new URL('stop-itself.ts', import.meta.url).href;

export async function makeRunFolder(folder: string, kind: JobKind, config: Record<string, unknown>): Promise<string> {
  await mkdir(folder, { recursive: true });
  const resolved = jobs[kind].config.parse(config);
  const createdAt = '2026-01-01T00:00:00.000Z';
  const file = { id: 'test', kind, name: 'test', createdAt, recipe: null, parent: null, config: resolved };
  await writeFile(join(folder, 'config.json'), JSON.stringify(file));
  return folder;
}

export interface RunningWorker {
  child: ChildProcess;
  /** Exit code, or the signal that ended it. */
  ended: Promise<number | NodeJS.Signals>;
}

/** `stopAfter`: the process stops itself when it has written or renamed what matches, and goes on by SIGCONT. */
export function startWorker(folder: string, { stopAfter }: { stopAfter?: RegExp } = {}): RunningWorker {
  const child = spawn(process.execPath, [worker, folder], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3', ...(stopAfter && stoppingAfter(stopAfter)) },
  });
  // One that stands still would stay for ever where a test fails before it lets it go.
  if (stopAfter) onTestFinished(() => void child.kill('SIGKILL'));
  return { child, ended: new Promise((resolve) => child.on('exit', (code, signal) => resolve(signal ?? code ?? -1))) };
}

/** The environment in which a process, or the one that it starts, stops itself there. */
export function stoppingAfter(pattern: RegExp) {
  return { NODE_OPTIONS: `--import ${stopItself}`, CONTRAST_TEST_STOP: pattern.source };
}

/** What the event of a step holds. */
export function eventOfStep(step: number): RegExp {
  return new RegExp(`"group":"step","epoch":\\d+,"step":${step},`);
}

export function eventsOf(folder: string): RecordedEvent[] {
  return Array.from(readLines(join(folder, 'events.jsonl')), ({ text }) => recordedEvent.parse(JSON.parse(text)));
}

export function eventsOfType<Type extends JobEvent['type']>(folder: string, type: Type) {
  return eventsOf(folder).filter((event): event is RecordedEvent & EventOf<Type> => event.type === type);
}

/** A series as the application shows it: of points that a later segment repeated, the later ones. */
export function seriesOf(folder: string, group: EventOf<'metrics'>['group'], name: string): Map<number, number> {
  const points = new Map<number, number>();
  for (const event of eventsOf(folder)) {
    if (event.type === 'metrics' && event.group === group && name in event.values) {
      points.set(event.step, event.values[name]!);
    }
  }
  return points;
}

/** Looks every few milliseconds until it is so; the test's own time limit bounds it. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 20));
}
