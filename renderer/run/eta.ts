/** The time left of a run as it is shown: it goes on counting down between two reckonings. */
import type { Remaining } from '../../common/records.ts';
import { formatDuration, formatMoment } from '../ui/format.ts';

export interface Eta {
  leftMs: number;
  lowMs: number;
  highMs: number;
  /** Milliseconds since 1970 at which the run will have finished. */
  finishesAt: number;
}

/** @param now milliseconds since 1970 */
export function etaAt(remaining: Remaining, now: number): Eta {
  const reckonedAt = new Date(remaining.at).getTime();
  const elapsed = Math.max(0, now - reckonedAt);
  const left = (milliseconds: number) => Math.max(0, milliseconds - elapsed);
  return {
    leftMs: left(remaining.expectedMs),
    lowMs: left(remaining.lowMs),
    highMs: left(remaining.highMs),
    finishesAt: reckonedAt + Math.max(remaining.expectedMs, elapsed),
  };
}

/** Rounded as far as the range lets it be known: "about 12 min left (10 to 15 min), done at 14:32". */
export function etaWords(eta: Eta, now: Date): { left: string; range: string | null; finish: string } {
  const low = formatDuration(coarse(eta.lowMs));
  const high = formatDuration(coarse(eta.highMs));
  return {
    left: formatDuration(coarse(eta.leftMs)),
    range: low === high ? null : `${low} – ${high}`,
    finish: formatMoment(eta.finishesAt, now),
  };
}

/** Whole seconds near the end, then tens of seconds, then minutes: digits that are not known are not shown. */
function coarse(milliseconds: number): number {
  const unit = milliseconds < 20_000 ? 1000 : milliseconds < 120_000 ? 5000 : milliseconds < 600_000 ? 10_000 : 60_000;
  return Math.round(milliseconds / unit) * unit;
}
