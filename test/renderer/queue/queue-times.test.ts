import { expect, test } from 'vitest';
import { timesOf } from '../../../renderer/queue/queue-times.ts';
import { runRecordOf } from '../../support/run-records.ts';

const now = Date.parse('2026-03-01T12:00:00Z');
const minute = 60_000;
const free = { held: false, heldRuns: [] };
const remaining = (minutes: number) => ({
  lowMs: minutes * minute,
  expectedMs: minutes * minute,
  highMs: minutes * minute,
  at: new Date(now).toISOString(),
});
const lane = {
  device: 'cpu' as const,
  active: [runRecordOf({ id: 'r', state: 'running', remaining: remaining(5) })],
  waiting: ['a', 'b', 'c'].map((id) => runRecordOf({ id, state: 'queued' })),
};
const minutesOf = (time: number | null | undefined) =>
  time === null || time === undefined ? null : (time - now) / minute;
const starts = (times: ReturnType<typeof timesOf>) => [...times.byRun.values()].map((one) => minutesOf(one.startsAt));

test('one after the other, the first when what runs has ended', () => {
  const times = timesOf(lane, free, { a: 600, b: 60, c: 120 }, now);
  expect(starts(times)).toEqual([5, 15, 16]);
  expect(minutesOf(times.byRun.get('c')?.endsAt)).toBe(18);
  expect(minutesOf(times.endsAt)).toBe(18);
  expect(times).toMatchObject({ totalMs: 18 * minute, runs: 4, timedRuns: 4 });
  // Two minutes later the run that computes has two minutes less left.
  expect(minutesOf(timesOf(lane, free, { a: 600, b: 60, c: 120 }, now + 2 * minute).endsAt)).toBe(18);
});

test('what is held is passed over; what is not known makes all after it unknown', () => {
  expect(starts(timesOf(lane, { held: false, heldRuns: ['a'] }, { a: 600, b: 60, c: 120 }, now))).toEqual([null, 5, 6]);
  const unknown = timesOf(lane, free, { a: 600, b: null, c: 120 }, now);
  expect(starts(unknown)).toEqual([5, 15, null]);
  expect(unknown).toMatchObject({ endsAt: null, runs: 4, timedRuns: 3, totalMs: 17 * minute });
  const held = timesOf(lane, { held: true, heldRuns: [] }, { a: 600, b: 60, c: 120 }, now);
  expect(starts(held)).toEqual([null, null, null]);
  expect(held.byRun.get('a')?.durationMs).toBe(10 * minute);
  expect(minutesOf(held.endsAt)).toBe(5);
});

test('a run that has just started is told by earlier ones', () => {
  const started = { ...lane, active: [runRecordOf({ id: 'r', state: 'running', remaining: null })] };
  expect(starts(timesOf(started, free, { r: 180, a: 60, b: 60, c: 60 }, now))).toEqual([3, 4, 5]);
  expect(starts(timesOf(started, free, { a: 60 }, now))).toEqual([null, null, null]);
});
