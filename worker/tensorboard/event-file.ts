/** `events.out.tfevents.*` beside `events.jsonl`: the curves of a run for TensorBoard. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { EventOf, JobEvent } from '../../common/events.ts';
import { recordOf, type TensorboardEvent, writerName } from './event-record.ts';

export interface EventFile {
  add(event: JobEvent): void;
  close(): void;
}

/**
 * One file for each segment of a run, begun with its first event. A point lies at the number of steps that are done
 * with it, so that what a new segment supersedes (docs/run-folder.md) is all that lies beyond where it goes on.
 */
export function openEventFile(folder: string, segment: number): EventFile {
  let file: number | null = null;
  let learningRate = Number.NaN;

  function write(event: Omit<TensorboardEvent, 'wallTime'>): void {
    const wallTime = Date.now() / 1000;
    if (file === null) {
      file = openSync(join(folder, fileName(wallTime, segment)), 'a');
      writeSync(file, recordOf({ wallTime, step: 0, fileVersion: 'brain.Event:2', writer: writerName }));
    }
    writeSync(file, recordOf({ wallTime, ...event }));
  }

  function addMetrics({ group, step, values }: EventOf<'metrics'>): void {
    const named = Object.entries(values).map(([name, value]) => [`${group}/${name}`, value]);
    const scalars: Record<string, number> = Object.fromEntries(named);
    if (group === 'step') learningRate = values.learningRate ?? learningRate;
    // SEED's own names, once an epoch as there.
    if (group === 'epoch' && values.loss !== undefined) {
      Object.assign(scalars, { train_loss: values.loss, learning_rate: learningRate });
    }
    write({ step: group === 'step' ? step + 1 : step, scalars });
  }

  return {
    add(event) {
      if (event.type === 'segment' && event.segment > 0) write({ step: event.step + 1, sessionStart: true });
      if (event.type === 'metrics') addMetrics(event);
    },
    close() {
      if (file !== null) closeSync(file);
    },
  };
}

/** Much as TensorFlow names them; TensorBoard reads the files of a folder in the order of their names. */
function fileName(wallTime: number, segment: number): string {
  const seconds = String(Math.floor(wallTime)).padStart(10, '0');
  return `events.out.tfevents.${seconds}.${String(segment).padStart(4, '0')}.${hostname()}`;
}
