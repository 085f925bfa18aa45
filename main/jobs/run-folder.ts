/** The application's side of a run folder; the contract is docs/run-folder.md. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { z } from 'zod';
import { stringifyNumbers } from '../../common/numbers.ts';
import {
  type ControlFile,
  isActive,
  type LabelFile,
  labelFile,
  type ResumeFile,
  type RunConfigFile,
  type RunStateFile,
  runConfigFile,
  runStateFile,
} from '../../common/records.ts';
import { processStart } from '../../system/process-start.ts';
import { writeAtomically } from '../../system/write-atomically.ts';

export interface NewRunFolder {
  file: RunConfigFile;
  command: string;
  /** `queued`; or `preparing`, when this process is going to see to the run itself. */
  state: 'queued' | 'preparing';
}

export function newRunId(): string {
  // Without the letters that are mistaken for digits.
  return Array.from(randomBytes(8), (byte) => 'abcdefghjkmnpqrstuvwxyz23456789'[byte % 31]).join('');
}

/** Makes the folder whole before it has its name, so that nobody finds half of one. Returns its path. */
export function createRunFolder(parent: string, { file, command, state }: NewRunFolder): string {
  const folder = join(parent, runFolderName(file));
  const unfinished = join(parent, `.${file.id}.new`);
  mkdirSync(join(unfinished, 'checkpoints'), { recursive: true });
  writeFileSync(join(unfinished, 'config.json'), `${stringifyNumbers(file, 2)}\n`);
  writeFileSync(join(unfinished, 'command.txt'), `${command}\n`);
  writeState(unfinished, state === 'queued' ? queuedState() : preparingState(process.pid));
  renameSync(unfinished, folder);
  return folder;
}

export function runFolderName({ id, name, createdAt }: Pick<RunConfigFile, 'id' | 'name' | 'createdAt'>): string {
  const date = new Date(createdAt);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}${two(date.getMonth() + 1)}${two(date.getDate())}`;
  const time = `${two(date.getHours())}${two(date.getMinutes())}${two(date.getSeconds())}`;
  const slug = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 40);
  return [`${day}-${time}`, slug, id].filter(Boolean).join('-');
}

export function queuedState(before?: RunStateFile | null): RunStateFile {
  return { ...blankState, ...before, ...gone, state: 'queued', stage: 'waiting in the queue', error: null };
}

/** The worker is about to start; until it says so itself, `pid` answers for the run. */
export function preparingState(pid: number, before?: RunStateFile | null): RunStateFile {
  const start = processStart(pid);
  return { ...blankState, ...before, state: 'preparing', pid, processStart: start, stage: 'starting', error: null };
}

const gone = { pid: null, processStart: null };
const blankState: RunStateFile = {
  ...gone,
  state: 'queued',
  updatedAt: '',
  epoch: 0,
  step: 0,
  totalSteps: null,
  stage: '',
  device: null,
  error: null,
};

/** Of a run whose state file is gone or cannot be read. */
export function lostState(): RunStateFile {
  const updatedAt = new Date().toISOString();
  return { ...blankState, state: 'interrupted', stage: 'interrupted', updatedAt };
}

export function readConfig(folder: string): RunConfigFile {
  return runConfigFile.parse(JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')));
}

/** Null where there is none, or none that can be read. */
export function readState(folder: string): RunStateFile | null {
  return readOrNull(join(folder, 'state.json'), runStateFile);
}

export function writeState(folder: string, state: RunStateFile) {
  const stamped = { ...state, updatedAt: new Date().toISOString() };
  writeAtomically(join(folder, 'state.json'), `${stringifyNumbers(stamped, 2)}\n`);
}

export function readLabel(folder: string): LabelFile | null {
  return readOrNull(join(folder, 'label.json'), labelFile);
}

export function writeLabel(folder: string, label: z.input<typeof labelFile>) {
  writeAtomically(join(folder, 'label.json'), `${JSON.stringify(label, null, 2)}\n`);
}

export function writeControl(folder: string, command: ControlFile['command']) {
  writeAtomically(join(folder, 'control.json'), JSON.stringify({ id: newRunId(), command } satisfies ControlFile));
}

/** What was wanted of an earlier worker is not meant for the next one. */
export function clearControl(folder: string) {
  rmSync(join(folder, 'control.json'), { force: true });
}

export function writeResume(folder: string, checkpoint: string | undefined) {
  const path = join(folder, 'resume.json');
  if (checkpoint === undefined) rmSync(path, { force: true });
  else writeAtomically(path, JSON.stringify({ checkpoint } satisfies ResumeFile));
}

/** Whether the process that the state names is still that process. */
export function isAlive(state: Pick<RunStateFile, 'pid' | 'processStart'>): boolean {
  if (state.pid === null) return false;
  const start = processStart(state.pid);
  return start !== null && (state.processStart === null || start === state.processStart);
}

/** A worker that was started a moment ago may not have written its own pid yet. */
const startGraceMs = 15_000;

export function isOrphaned(state: RunStateFile, nowMs: number): boolean {
  if (!isActive(state.state) || isAlive(state)) return false;
  return state.state !== 'preparing' || nowMs - Date.parse(state.updatedAt) > startGraceMs;
}

/** Removed in two steps, so that a folder that is half gone is not taken for a run. */
export function deleteRunFolder(folder: string) {
  if (!existsSync(folder)) return;
  const going = join(dirname(folder), `.${basename(folder)}.deleted`);
  renameSync(folder, going);
  rmSync(going, { recursive: true, force: true, maxRetries: 3 });
}

function readOrNull<Schema extends z.ZodType>(path: string, schema: Schema): z.infer<Schema> | null {
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return null;
  }
}
