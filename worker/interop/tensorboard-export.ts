/** Runs as a log folder of TensorBoard: one sub-folder each. */
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../../common/errors.ts';
import { isEventFile } from '../../common/interop.ts';
import { recordOf, writerName } from '../tensorboard/event-record.ts';
import { recordedMetrics } from './recorded-metrics.ts';

/** Bytes that are written in one go. */
const chunkBytes = 1 << 20;

interface Options {
  overwrite: boolean;
  signal: AbortSignal;
  onRun(done: number): void;
}

/** Whole or not at all. Returns how many bytes were written. */
export async function exportEvents(runs: readonly string[], target: string, options: Options): Promise<number> {
  refuseTarget(target, options.overwrite);
  const unfinished = join(dirname(target), `.${basename(target)}.${process.pid}.partial`);
  mkdirSync(unfinished, { recursive: true });
  try {
    let sizeBytes = 0;
    for (const [index, run] of runs.entries()) {
      options.onRun(index);
      sizeBytes += await exportRun(run, join(unfinished, basename(run)), options.signal);
    }
    rmSync(target, { recursive: true, force: true });
    renameSync(unfinished, target);
    return sizeBytes;
  } catch (thrown) {
    rmSync(unfinished, { recursive: true, force: true });
    throw thrown;
  }
}

/** Replaced is a log folder alone: a name that was mistyped may be that of somebody's home. */
function refuseTarget(target: string, overwrite: boolean) {
  if (!existsSync(target)) return;
  const conflict = (message: string, cure: string) => new AppError('conflict', message, { cure, field: 'target' });
  if (!statSync(target).isDirectory())
    throw conflict(`${target} is a file.`, 'Choose another name for the log folder.');
  if (readdirSync(target).length === 0) return;
  if (!overwrite) {
    throw conflict(
      `The folder ${target} is not empty.`,
      'Choose another folder, or replace what is in it with --force.',
    );
  }
  const foreign = readdirSync(target, { recursive: true, withFileTypes: true }).find(
    (entry) => !entry.isDirectory() && !isEventFile(entry.name),
  );
  if (!foreign) return;
  throw conflict(
    `The folder ${target} holds more than event files: ${foreign.name}.`,
    'Choose another folder; only a log folder of TensorBoard is replaced.',
  );
}

async function exportRun(run: string, folder: string, signal: AbortSignal): Promise<number> {
  mkdirSync(folder);
  let file: number | null = null;
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  let sizeBytes = 0;
  const flush = () => {
    if (file !== null) writeSync(file, Buffer.concat(waiting));
    sizeBytes += waitingBytes;
    [waiting, waitingBytes] = [[], 0];
  };
  const add = (record: Buffer) => {
    waiting.push(record);
    waitingBytes += record.length;
  };
  try {
    for (const { group, step, time, values } of recordedMetrics(run)) {
      const wallTime = Date.parse(time) / 1000;
      if (file === null) {
        file = openSync(
          join(folder, `events.out.tfevents.${String(Math.floor(wallTime)).padStart(10, '0')}.contrast`),
          'w',
        );
        add(recordOf({ wallTime, step: 0, fileVersion: 'brain.Event:2', writer: writerName }));
      }
      const scalars = Object.fromEntries(
        Object.entries(values).map(([name, value]) => [group === 'tensorboard' ? name : `${group}/${name}`, value]),
      );
      add(recordOf({ wallTime, step: group === 'step' ? step + 1 : step, scalars }));
      if (waitingBytes < chunkBytes) continue;
      flush();
      await new Promise(setImmediate); // a wish to stop can be heard
      signal.throwIfAborted();
    }
    flush();
    return sizeBytes;
  } finally {
    if (file !== null) closeSync(file);
  }
}
