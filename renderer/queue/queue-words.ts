/** Times of the queue in words. */
import { formatDuration, formatMoment } from '../ui/format.ts';
import type { LaneTimes, RunTimes } from './queue-times.ts';

/** When everything that may run has ended. */
export function wholeWords(lanes: LaneTimes[], now: number): string {
  const runs = lanes.reduce((sum, lane) => sum + lane.runs, 0);
  if (runs === 0) return '';
  const ends = lanes.flatMap(({ runs, endsAt }) => (runs === 0 ? [] : [endsAt]));
  if (ends.some((end) => end === null)) return '';
  const end = Math.max(...ends.filter((end) => end !== null));
  return `All done at ${formatMoment(end, new Date(now))}, in ${formatDuration(end - now)}.`;
}

/** `3 waiting · about 2 h 10 min, done at 14:32`. */
export function laneWords(waiting: number, { totalMs, runs, timedRuns, endsAt }: LaneTimes, now: number): string {
  const count = waiting === 0 ? 'nothing waits' : `${waiting} waiting`;
  if (timedRuns === 0) return count;
  const done = endsAt === null ? '' : `, done at ${formatMoment(endsAt, new Date(now))}`;
  const of = timedRuns < runs ? ` for the ${timedRuns} whose pace is known` : '';
  return `${count} · about ${formatDuration(totalMs)}${of}${done}`;
}

/** `14:32 – 15:10, about 38 min`. */
export function runWords({ startsAt, endsAt, durationMs }: RunTimes, now: number): string {
  const moment = (time: number) => formatMoment(time, new Date(now));
  const takes =
    durationMs === null ? 'time not known before a first run like it' : `about ${formatDuration(durationMs)}`;
  if (startsAt === null) return takes;
  return endsAt === null ? `from ${moment(startsAt)}, ${takes}` : `${moment(startsAt)} – ${moment(endsAt)}, ${takes}`;
}
