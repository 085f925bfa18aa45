/** The writing side of a run folder (docs/run-folder.md): numbered events, the log for people, the state file. */
import { appendFileSync, closeSync, existsSync, openSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { JobEvent } from '../common/events.ts';
import { stringifyNumbers } from '../common/numbers.ts';
import type { RunState, RunStateFile } from '../common/records.ts';
import { processStart } from '../system/process-start.ts';
import { readLines } from '../system/read-lines.ts';
import { writeAtomically } from '../system/write-atomically.ts';

const stateIntervalMs = 500;

export interface RunLog {
  /** How many segments earlier workers wrote. */
  earlierSegments: number;
  record(event: JobEvent): void;
  line(text: string): void;
  setState(state: RunState, change?: Partial<RunStateFile>): void;
  /** Updates fields of the state file, at most twice a second. */
  note(change: Partial<RunStateFile>): void;
  close(): void;
}

export function openRunLog(folder: string): RunLog {
  const eventsPath = join(folder, 'events.jsonl');
  const earlier = readEarlier(eventsPath);
  const events = openSync(eventsPath, 'a');
  let seq = earlier.lines;
  let writtenAt = 0;
  let state: RunStateFile = {
    state: 'preparing',
    pid: process.pid,
    processStart: processStart(process.pid),
    updatedAt: '',
    epoch: 0,
    step: 0,
    totalSteps: null,
    stage: 'starting',
    device: null,
    error: null,
  };

  function write() {
    writtenAt = Date.now();
    state = { ...state, updatedAt: new Date(writtenAt).toISOString() };
    writeAtomically(join(folder, 'state.json'), `${stringifyNumbers(state, 2)}\n`);
  }

  return {
    earlierSegments: earlier.segments,
    record(event) {
      writeSync(events, `${stringifyNumbers({ seq, time: new Date().toISOString(), ...event })}\n`);
      seq++;
    },
    line: (text) => appendFileSync(join(folder, 'log.txt'), `${text}\n`),
    setState(next, change = {}) {
      state = { ...state, ...change, state: next };
      write();
    },
    note(change) {
      state = { ...state, ...change };
      if (Date.now() - writtenAt >= stateIntervalMs) write();
    },
    close: () => closeSync(events),
  };
}

/** Counts what earlier segments wrote, and cuts off a last line that a killed worker left torn. */
function readEarlier(path: string): { lines: number; segments: number } {
  let lines = 0;
  let segments = 0;
  let whole = 0;
  for (const { text, end } of readLines(path)) {
    lines++;
    if (text.includes('"type":"segment"')) segments++;
    whole = end;
  }
  if (existsSync(path)) truncateSync(path, whole);
  return { lines, segments };
}
