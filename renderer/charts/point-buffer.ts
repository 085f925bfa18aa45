/**
 * The points of one curve as a page holds them: appended to as they arrive, and never more than `capacity`. When it
 * is full it is thinned to half, keeping the least and the greatest value of each stretch of steps, so that spikes
 * stay visible; `count` goes on telling how many points there are in all.
 */
import type { Point, Series } from '../../common/records.ts';

export interface PointBuffer {
  name: string;
  count: number;
  steps: number[];
  epochs: number[];
  times: number[];
  values: number[];
}

const bufferCapacity = 4000;

export function bufferOf(series: Series): PointBuffer {
  return {
    name: series.name,
    count: series.count,
    steps: [...series.steps],
    epochs: [...series.epochs],
    times: [...series.times],
    values: [...series.values],
  };
}

export function emptyBuffer(name: string): PointBuffer {
  return { name, count: 0, steps: [], epochs: [], times: [], values: [] };
}

/** Adds a point at the end. A series has one point a step: the later replaces the earlier, an old one is left out. */
export function append(buffer: PointBuffer, point: Point, capacity: number = bufferCapacity): void {
  const last = buffer.steps.at(-1);
  if (last !== undefined && point.step < last) return;
  if (point.step === last) removeFrom(buffer, buffer.steps.length - 1);
  buffer.steps.push(point.step);
  buffer.epochs.push(point.epoch);
  buffer.times.push(point.time);
  buffer.values.push(point.value);
  buffer.count++;
  if (buffer.steps.length > capacity) thin(buffer, capacity / 2);
}

/**
 * Removes what a run that went on from `step` measures anew: steps carry their index, so that step too; epochs and
 * probes carry the number of steps done, so only what lies beyond.
 */
export function supersede(buffer: PointBuffer, step: number): void {
  const kept = buffer.steps.findIndex((point) => (isOfSteps(buffer.name) ? point >= step : point > step));
  if (kept >= 0) removeFrom(buffer, kept);
}

export function isOfSteps(series: string): boolean {
  return series.startsWith('step/');
}

function removeFrom(buffer: PointBuffer, index: number): void {
  buffer.count -= buffer.steps.length - index;
  for (const column of columnsOf(buffer)) column.length = index;
}

/** Keeps at most about `target` points: first, last, and the extremes of each of target/2 equal stretches of steps. */
export function thin(buffer: PointBuffer, target: number): void {
  const { steps, values } = buffer;
  const first = steps[0];
  const last = steps.at(-1);
  if (first === undefined || last === undefined || steps.length <= target) return;
  const buckets = Math.max(1, Math.floor(target / 2));
  const width = (last - first + 1) / buckets;
  const kept = new Set([0, steps.length - 1]);
  let start = 0;
  while (start < steps.length) {
    const bucket = Math.floor((steps[start]! - first) / width);
    let end = start;
    let least = start;
    let greatest = start;
    while (end < steps.length && Math.floor((steps[end]! - first) / width) === bucket) {
      // A not-a-number is worth seeing: it takes the place of an extreme.
      if (Number.isNaN(values[end]) || values[end]! < values[least]!) least = end;
      if (values[end]! > values[greatest]!) greatest = end;
      end++;
    }
    kept.add(least).add(greatest);
    start = end;
  }
  const order = [...kept].sort((a, b) => a - b);
  for (const column of columnsOf(buffer)) {
    order.forEach((from, to) => {
      column[to] = column[from]!;
    });
    column.length = order.length;
  }
}

function columnsOf(buffer: PointBuffer): number[][] {
  return [buffer.steps, buffer.epochs, buffer.times, buffer.values];
}
