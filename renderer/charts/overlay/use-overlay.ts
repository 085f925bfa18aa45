import { useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import { isActive, type RunRecord, type Series } from '../../../common/records.ts';
import { useTRPC } from '../../api/client.ts';
import type { Axis } from '../collect-curve.ts';
import { stepsWithin } from './overlay-curves.ts';

/** Of all curves together: as many as a plot has room for, and a page has memory. */
const mostPoints = 200_000;
const pointsOfACurve = { least: 400, most: 2000 };
const refreshMs = 5000;

export function pointsFor(curves: number): number {
  const each = Math.floor(mostPoints / Math.max(1, curves));
  return Math.min(pointsOfACurve.most, Math.max(pointsOfACurve.least, each));
}

interface Wanted {
  runs: readonly RunRecord[];
  series: string;
  /** These are asked for as means of equal stretches, so that they meet at the same steps. */
  asMeans: ReadonlySet<string>;
  axis: Axis;
  /** What of the axis is visible; null: all. */
  range: { min: number; max: number } | null;
}

export interface Overlay {
  /** By run. */
  whole: ReadonlyMap<string, Series>;
  detail: ReadonlyMap<string, Series>;
  /** Curves that have come, of those asked for. */
  arrived: number;
  error: Error | null;
}

/** The curves of many runs: each whole, and the visible part in finer detail. */
export function useOverlay({ runs, series, asMeans, axis, range }: Wanted): Overlay {
  const trpc = useTRPC();
  const maxPoints = pointsFor(runs.length);
  const lastStep = runs.reduce((most, run) => Math.max(most, run.totalSteps ?? 0, run.step), 0);
  const queryOf = (run: RunRecord, more: { fromStep: number; toStep: number } | undefined) =>
    trpc.runs.points.queryOptions(
      {
        id: run.id,
        series: [series],
        maxPoints,
        ...(asMeans.has(run.id) ? { thinning: 'means' as const, fromStep: 0, toStep: lastStep } : more),
      },
      {
        staleTime: Number.POSITIVE_INFINITY,
        structuralSharing: false as const,
        refetchInterval: isActive(run.state) ? refreshMs : (false as const),
      },
    );
  const whole = useQueries({ queries: runs.map((run) => queryOf(run, undefined)) });
  const known = byRun(runs, whole);
  const finer = runs.flatMap((run) => {
    const series = known.get(run.id);
    if (!range || !series || asMeans.has(run.id) || series.steps.length >= series.count) return [];
    const width = range.max - range.min;
    // As much again on either side, for when it is moved along.
    const steps = stepsWithin(run, series, axis, { min: range.min - width, max: range.max + width });
    return steps ? [{ run, steps }] : [];
  });
  const details = useQueries({ queries: finer.map(({ run, steps }) => queryOf(run, steps)) });
  const detail = byRun(
    finer.map(({ run }) => run),
    details,
  );
  const [wholeKey, detailKey] = [known, detail].map(keyOf);
  return useMemo(
    () => ({
      whole: known,
      detail,
      arrived: whole.filter(({ isSuccess }) => isSuccess).length,
      error: whole.find(({ error }) => error)?.error ? asError(whole.find(({ error }) => error)?.error) : null,
    }),
    [wholeKey, detailKey, whole.length],
  );
}

function byRun(
  runs: readonly RunRecord[],
  answers: { data?: { series: Series[] } | undefined }[],
): Map<string, Series> {
  return new Map(
    runs.flatMap((run, index) => {
      const series = answers[index]?.data?.series[0];
      return series && series.steps.length > 0 ? [[run.id, series] as const] : [];
    }),
  );
}

const numbers = new WeakMap<Series, number>();
let next = 0;

/** Another text for other points. */
function keyOf(series: ReadonlyMap<string, Series>): string {
  const parts = [...series].map(([id, one]) => {
    if (!numbers.has(one)) numbers.set(one, next++);
    return `${id}:${numbers.get(one)}`;
  });
  return parts.join();
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
