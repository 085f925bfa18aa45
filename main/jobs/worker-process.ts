/** A worker as a process: how one is started is the door's business; its environment and what its end means are here. */

import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { RunStateFile } from '../../common/records.ts';
import { readSetup } from '../../system/setup-record.ts';
import { readConfig } from './run-folder.ts';

export interface WorkerExit {
  code: number | null;
  signal: string | null;
}

export interface SpawnedWorker {
  pid: number;
  onExit(listener: (exit: WorkerExit) => void): void;
  kill(signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL'): void;
}

export interface SpawnOptions {
  /** The whole environment of the process. */
  environment: Record<string, string>;
  /** The process appends its stdout and stderr to this file. */
  outputFile: string;
}

/** Starts `entry` with `args` as a process that, where the door can do that, outlives this one. */
export type SpawnWorker = (
  entry: string,
  args: string[],
  options: SpawnOptions,
) => SpawnedWorker | Promise<SpawnedWorker>;

export interface StartedWorker extends SpawnedWorker {
  exited: Promise<WorkerEnd>;
}

export interface WorkerEnd extends WorkerExit {
  /** The kernel killed a process for memory meanwhile; null where it does not say. */
  outOfMemoryKill: boolean | null;
}

/** `more` is what the process alone is to know beside the environment of this one. */
export type WorkerLauncher = (folder: string, more?: Record<string, string>) => Promise<StartedWorker>;

export const outputName = 'worker-output.txt';

export function createWorkerLauncher(spawn: SpawnWorker, workerEntry: string): WorkerLauncher {
  return async (folder, more) => {
    const killsBefore = outOfMemoryKills();
    const worker = await spawn(workerEntry, [folder], {
      environment: workerEnvironment({ ...process.env, ...more }, readSetup()?.libraryPaths ?? []),
      outputFile: join(folder, outputName),
    });
    const exited = new Promise<WorkerEnd>((resolve) => {
      worker.onExit((exit) => {
        const kills = outOfMemoryKills();
        const known = kills !== null && killsBefore !== null;
        resolve({ ...exit, outOfMemoryKill: known ? kills > killsBefore : null });
      });
    });
    return { ...worker, exited };
  };
}

/**
 * TensorFlow finds CUDA's libraries through the loader's path; its start-up notes are kept out of the output. Images are
 * decoded on libuv's pool, which has four threads unless told otherwise.
 */
export function workerEnvironment(base: NodeJS.ProcessEnv, libraryPaths: string[]): Record<string, string> {
  const environment: Record<string, string> = {
    TF_CPP_MIN_LOG_LEVEL: '3',
    UV_THREADPOOL_SIZE: String(Math.max(4, availableParallelism())),
  };
  for (const [name, value] of Object.entries(base)) if (value !== undefined) environment[name] = value;
  if (libraryPaths.length > 0) {
    const separator = process.platform === 'win32' ? ';' : ':';
    const name = process.platform === 'win32' ? 'PATH' : 'LD_LIBRARY_PATH';
    environment[name] = [...libraryPaths, base[name]].filter(Boolean).join(separator);
  }
  return environment;
}

/** How many processes the kernel has killed for memory since it began. */
function outOfMemoryKills(): number | null {
  try {
    const count = /^oom_kill (\d+)$/m.exec(readFileSync('/proc/vmstat', 'latin1'))?.[1];
    return count === undefined ? null : Number(count);
  } catch {
    return null; // not Linux
  }
}

/** Where a worker says itself how it ended that counts; this is for one that is gone without a word. */
export function endingOf(end: WorkerEnd | null, folder: string): Pick<RunStateFile, 'state' | 'error'> {
  if (end === null) return { state: 'interrupted', error: null };
  const { code, outOfMemoryKill } = end;
  const signal = end.signal ?? signalOf(code);
  if (signal === 'SIGKILL' && outOfMemoryKill !== false) {
    const certain = outOfMemoryKill ? 'for want of memory' : 'most likely for want of memory';
    return {
      state: 'interrupted',
      error: {
        code: 'out-of-memory',
        message: `The worker was killed by the system, ${certain}.`,
        cure: `${smallerBatch(folder)} Or resume it when more memory is free.`,
      },
    };
  }
  if (/std::bad_alloc|failed to allocate|OOM when allocating/.test(outputOf(folder))) {
    return {
      state: 'failed',
      error: {
        code: 'out-of-memory',
        message: 'The worker ran out of memory, and TensorFlow ended it.',
        cure: smallerBatch(folder),
      },
    };
  }
  const words = lastWords(folder);
  if (signal === 'SIGKILL' || signal === 'SIGTERM' || signal === 'SIGINT' || signal === 'SIGHUP') {
    const message = `The worker was ended from outside (${signal}).`;
    return {
      state: 'interrupted',
      error: { code: 'job-failed', message, cure: 'Resume it from its last checkpoint.' },
    };
  }
  const how = signal ? `crashed (${signal})` : `ended with code ${code} and without a result`;
  return {
    state: 'failed',
    error: {
      code: code === 4 ? 'environment' : 'job-failed',
      message: `The worker ${how}.${words ? ` Its last words: ${words}` : ''}`,
      cure: `${outputName} in the run folder has all that it said.`,
    },
  };
}

/** Electron and shells give a signal as 128 + its number, Electron also as the number itself. */
function signalOf(code: number | null): string | null {
  const names: Record<number, string> = { 6: 'SIGABRT', 9: 'SIGKILL', 11: 'SIGSEGV', 15: 'SIGTERM' };
  return code === null ? null : (names[code > 128 ? code - 128 : code] ?? null);
}

function lastWords(folder: string): string {
  const lines = outputOf(folder).trim().split('\n');
  const telling = lines.findLast((line) => /error|cannot|fatal/i.test(line)) ?? lines.at(-1);
  return (telling ?? '').trim().slice(0, 500);
}

function outputOf(folder: string): string {
  try {
    return readFileSync(join(folder, outputName), 'utf8');
  } catch {
    return '';
  }
}

/** What takes about half the memory; names the batch where the run's config is there to be read. */
function smallerBatch(folder: string): string {
  const others = 'or smaller images, or a shorter queue.';
  try {
    const { batchSize } = readConfig(folder).config;
    if (typeof batchSize === 'number' && batchSize > 2) {
      return `Duplicate the run with a batch of ${Math.floor(batchSize / 2)}, or computed in parts (--accumulate 2), which takes about half; ${others}`;
    }
  } catch {
    // A folder without a config that can be read: nothing more is known.
  }
  return `Duplicate the run with a smaller batch, ${others}`;
}
