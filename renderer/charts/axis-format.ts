/** Positions along an axis; one function per axis, so that a chart sees when nothing changed. */
import { formatCount, formatDuration } from '../ui/format.ts';
import type { Axis } from './collect-curve.ts';

const words: Record<Axis, (x: number) => string> = {
  step: (x) => `Step ${formatCount(x)}`,
  epoch: (x) => `Epoch ${Number.isInteger(x) ? x : x.toFixed(2)}`,
  time: (x) => `After ${formatDuration(x * 1000)}`,
  wall: (x) => new Date(x * 1000).toLocaleString('en-GB'),
};

const clock = new Intl.DateTimeFormat('en-GB', { day: '2-digit', month: 'short', hour: '2-digit', minute: '2-digit' });

const ticks: Record<Axis, (x: number) => string> = {
  step: (x) => (Number.isInteger(x) ? formatCount(x) : ''),
  epoch: (x) => String(Number(x.toFixed(2))),
  time: (x) => formatDuration(x * 1000),
  wall: (x) => clock.format(x * 1000),
};

export const axisLabels: Record<Axis, string> = {
  step: 'Step',
  epoch: 'Epoch',
  time: 'Time since the start',
  wall: 'Time',
};

export function wordsFor(axis: Axis): (x: number) => string {
  return words[axis];
}

export function tickFormatterFor(axis: Axis): (x: number) => string {
  return ticks[axis];
}
