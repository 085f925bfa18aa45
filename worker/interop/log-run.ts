/** The run folder of an imported log: a record of what was read, which only grows. */
import {
  closeSync,
  copyFileSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { JobEvent } from '../../common/events.ts';
import { stringifyNumbers } from '../../common/numbers.ts';
import type { RunConfigFile, RunStateFile } from '../../common/records.ts';
import { readLines } from '../../system/read-lines.ts';

export interface EventLog {
  add(event: JobEvent, time?: string): void;
  close(): void;
}

/** A folder with an empty log, or with a copy of the one that is to grow: `from` is a run folder. */
export function openEvents(folder: string, from?: string): EventLog {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'checkpoints'), { recursive: true });
  const path = join(folder, 'events.jsonl');
  let seq = from === undefined ? 0 : copyWhole(join(from, 'events.jsonl'), path) + 1;
  let file: number | null = openSync(path, 'a');
  let lines: string[] = [];
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

/** Returns the number of its last event. */
function copyWhole(from: string, to: string): number {
  copyFileSync(from, to);
  let last = '{"seq":-1}';
  let end = 0;
  for (const line of readLines(to)) ({ text: last, end } = line);
  truncateSync(to, end);
  return (JSON.parse(last) as { seq: number }).seq;
}

interface LogRecord {
  id: string;
  name: string;
  createdAt: string;
  source: string;
  sha256: string;
  remarks: string[];
  lastStep: number;
}

export function writeRecord(folder: string, { id, name, createdAt, source, sha256, remarks, lastStep }: LogRecord) {
  const config: RunConfigFile = {
    ...{ id, kind: 'tensorboard', name, createdAt, recipe: null, parent: null },
    config: { source, sha256 },
  };
  writeFileSync(join(folder, 'config.json'), `${JSON.stringify(config, null, 2)}\n`);
  writeState(folder, createdAt, lastStep);
  writeFileSync(join(folder, 'command.txt'), `npx contrast import ${JSON.stringify(source)}\n`);
  writeFileSync(join(folder, 'log.txt'), [`Imported from ${source}`, ...remarks, ''].join('\n'));
}

/** What is beside the events of a log that grew; `from`: its run folder. */
export function writeGrowth(folder: string, from: string, words: string[], lastStep: number) {
  writeState(folder, new Date().toISOString(), lastStep);
  writeFileSync(join(folder, 'log.txt'), `${readFileSync(join(from, 'log.txt'), 'utf8')}${words.join('\n')}\n`);
}

function writeState(folder: string, updatedAt: string, step: number) {
  const state: RunStateFile = {
    ...{ state: 'finished', pid: null, processStart: null, updatedAt, epoch: 0, step },
    ...{ totalSteps: null, stage: 'imported', device: null, error: null },
  };
  writeFileSync(join(folder, 'state.json'), `${JSON.stringify(state, null, 2)}\n`);
}

/** Puts what a log has grown by into its run folder: the events first, by its state the application finds them. */
export function placeGrowth(unfinished: string, folder: string) {
  for (const name of ['events.jsonl', 'log.txt', 'state.json']) renameSync(join(unfinished, name), join(folder, name));
  rmSync(unfinished, { recursive: true, force: true });
}
