import type { RunRecord } from '../../common/records.ts';

type Progressing = Pick<RunRecord, 'step' | 'totalSteps' | 'state' | 'progress'>;

/** How far a run is, 0 to 1: its steps, or its stage while that has none; null where it cannot be told. */
export function progressOf({ step, totalSteps, state, progress }: Progressing): number | null {
  if (state === 'finished') return 1;
  if (totalSteps) return Math.min(1, step / totalSteps);
  if (progress?.total) return Math.min(1, progress.done / progress.total);
  return null;
}
