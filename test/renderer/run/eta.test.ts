import { expect, test } from 'vitest';
import { etaAt, etaWords } from '../../../renderer/run/eta.ts';

const at = '2026-11-24T12:00:00.000Z';
const reckonedAt = new Date(at).getTime();
const remaining = { lowMs: 540_000, expectedMs: 600_000, highMs: 780_000, at };

test('counts down between two reckonings while the moment of the end stands', () => {
  const first = etaAt(remaining, reckonedAt);
  const later = etaAt(remaining, reckonedAt + 60_000);
  expect(later.leftMs).toBe(540_000);
  expect(later.lowMs).toBe(480_000);
  expect(later.finishesAt).toBe(first.finishesAt);
});

test('never promises an end in the past', () => {
  const late = etaAt(remaining, reckonedAt + 700_000);
  expect(late.leftMs).toBe(0);
  expect(late.finishesAt).toBe(reckonedAt + 700_000);
});

test('digits that are not known are not shown', () => {
  const words = etaWords(etaAt({ ...remaining, expectedMs: 601_234 }, reckonedAt), new Date(at));
  expect(words.left).toBe('10 min 00 s');
  expect(words.range).toBe('9 min 00 s – 13 min 00 s');
});

test('a range that rounds to one figure is left out', () => {
  const narrow = { lowMs: 3_590_000, expectedMs: 3_600_000, highMs: 3_610_000, at };
  expect(etaWords(etaAt(narrow, reckonedAt), new Date(at)).range).toBeNull();
});
