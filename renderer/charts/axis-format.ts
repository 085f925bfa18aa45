/** Positions along an axis; one function per axis, so that a chart sees when nothing changed. */
import { formatCount, formatDuration } from '../ui/format.ts';
import type { Axis } from './collect-curve.ts';

const words: Record<Axis, (x: number) => string> = {
  step: (x) => `Step ${formatCount(x)}`,
  epoch: (x) => `Epoch ${Number.isInteger(x) ? x : x.toFixed(2)}`,
  time: (x) => `After ${formatDuration(x * 1000)}`,
};

const ticks: Record<Axis, (x: number) => string> = {
  step: (x) => (Number.isInteger(x) ? formatCount(x) : ''),
  epoch: (x) => String(Number(x.toFixed(2))),
  time: (x) => formatDuration(x * 1000),
};

export const axisLabels: Record<Axis, string> = { step: 'Step', epoch: 'Epoch', time: 'Time since the start' };

export function wordsFor(axis: Axis): (x: number) => string {
  return words[axis];
}

export function tickFormatterFor(axis: Axis): (x: number) => string {
  return ticks[axis];
}
