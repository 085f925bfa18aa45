/** A job in the foreground: its folder, its worker, its events as they come, its exit code. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError, type ErrorCode, errorCodes } from '../../common/errors.ts';
import { isActive, type RunStateFile } from '../../common/records.ts';
import { readEvents } from '../jobs/follower.ts';
import { readConfig, readState, writeControl, writeState } from '../jobs/run-folder.ts';
import { spawnDetached } from '../jobs/spawn-detached.ts';
import { createWorkerLauncher, endingOf, type StartedWorker, type WorkerEnd } from '../jobs/worker-process.ts';
import { places } from './checkout.ts';
import type { Outcome } from './outcome.ts';
import type { Progress } from './progress.ts';
import { onEndSignal } from './signals.ts';

export interface Finished {
  state: RunStateFile['state'];
  /** Why it failed; null where it did not. */
  failure: AppError | null;
  exitCode: number;
  elapsedSeconds: number;
}

const pollMs = 150;

/** Runs the worker of a folder that was made for it, to its end. */
export async function runWorker(folder: string, outcome: Outcome, progress: Progress): Promise<Finished> {
  const startedAt = performance.now();
  const worker = await createWorkerLauncher(spawnDetached, places.worker)(folder);
  let end: WorkerEnd | null = null;
  void worker.exited.then((ended) => {
    end = ended;
  });

  // The worker is in a process group of its own: what the terminal sends reaches it by us alone.
  let interruptedBy: NodeJS.Signals | null = null;
  const stopListening = onEndSignal((signal, count) => {
    interruptedBy ??= signal;
    if (count > 1) return worker.kill('SIGKILL');
    progress.say(`${stoppingWords(readConfig(folder).kind)}; once more ends it at once.`);
    interrupt(worker, signal, folder);
  });

  try {
    for (let offset = 0; ; ) {
      // Asked before reading: what the worker wrote last is then read as well.
      const ended = end !== null;
      const chunk = await readEvents(join(folder, 'events.jsonl'), offset);
      offset = chunk.offset;
      for (const event of chunk.events) {
        outcome.add(event);
        progress.add(event);
      }
      if (chunk.more) continue;
      if (ended) break;
      await sleep(pollMs);
    }
  } finally {
    progress.end();
    // Of one that is ending anyway, a late signal shall not cut off how it ended.
    if (!interruptedBy) stopListening();
  }
  const { state, error } = settle(folder, await worker.exited);
  return {
    state,
    failure: error && new AppError(codeOf(error.code), error.message, { cure: error.cure }),
    exitCode: exitCodeOf(await worker.exited, interruptedBy, error),
    elapsedSeconds: (performance.now() - startedAt) / 1000,
  };
}

/** What a job does when it is asked to stop. */
function stoppingWords(kind: string): string {
  if (['train', 'distill', 'linear', 'transfer'].includes(kind)) return 'Saving a checkpoint';
  if (kind === 'mlflow-push') return 'Stopping the push: what was sent stays, the next push goes on from there';
  return 'Stopping';
}

function interrupt(worker: StartedWorker, signal: NodeJS.Signals, folder: string): void {
  // Windows has no signals: there this one would end the worker before it has saved.
  if (process.platform === 'win32') writeControl(folder, 'stop');
  else worker.kill(signal === 'SIGINT' ? 'SIGINT' : 'SIGTERM');
}

/** A worker that is gone without a word leaves a state that says it runs: that is put right. */
function settle(folder: string, end: WorkerEnd): Pick<RunStateFile, 'state' | 'error'> {
  const left = readState(folder);
  if (!left) return endingOf(end, folder);
  if (!isActive(left.state)) return left;
  const state = { ...left, ...endingOf(end, folder), pid: null, processStart: null };
  writeState(folder, state);
  return state;
}

function exitCodeOf(end: WorkerEnd, interruptedBy: NodeJS.Signals | null, error: RunStateFile['error']): number {
  if (interruptedBy) return end.code === 0 ? 0 : interruptedBy === 'SIGINT' ? 130 : 143;
  if (end.code !== null && (end.code === 0 || !error)) return end.code;
  return error ? errorCodes[codeOf(error.code)] : errorCodes['job-failed'];
}

function codeOf(code: string): ErrorCode {
  return code in errorCodes ? (code as ErrorCode) : 'job-failed';
}
