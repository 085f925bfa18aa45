import { expect, test } from 'vitest';
import {
  formatAgo,
  formatBytes,
  formatDuration,
  formatMoment,
  formatPercent,
  formatSignificant,
} from '../../../renderer/ui/format.ts';

test('three significant digits, whatever the size', () => {
  expect([6.93147, 0.0312, 187.34, 1234.5, 0.00001, 0, 2e6].map((value) => formatSignificant(value))).toEqual([
    '6.93',
    '0.0312',
    '187',
    '1235',
    '1.00e-5',
    '0',
    '2.00e6',
  ]);
});

test('what is not finite is named, what is missing is a dash', () => {
  expect(formatSignificant(Number.NaN)).toBe('NaN');
  expect(formatPercent(Number.POSITIVE_INFINITY)).toBe('∞');
  expect(formatSignificant(undefined)).toBe('–');
  expect(formatDuration(Number.NaN)).toBe('–');
});

test('durations have their two largest units, and 59.6 s is no 60 s', () => {
  expect(formatDuration(4_200)).toBe('4 s');
  expect(formatDuration(59_600)).toBe('1 min 00 s');
  expect(formatDuration(125_000)).toBe('2 min 05 s');
  expect(formatDuration(12_000_000)).toBe('3 h 20 min');
  expect(formatDuration(3_599_600)).toBe('1 h 00 min');
  expect(formatDuration(187_200_000)).toBe('2 d 4 h');
});

test('sizes in binary units', () => {
  expect([0, 1023, 1024, 172 * 2 ** 20, 61.04 * 2 ** 30].map((bytes) => formatBytes(bytes))).toEqual([
    '0 B',
    '1023 B',
    '1.0 KiB',
    '172 MiB',
    '61.0 GiB',
  ]);
});

test('moments of another day carry the day, of another year the year', () => {
  const now = new Date(2026, 10, 24, 12, 0);
  expect(formatMoment(new Date(2026, 10, 24, 9, 5), now)).toBe('09:05');
  expect(formatMoment(new Date(2026, 10, 22, 9, 5), now)).toBe('22 Nov, 09:05');
  expect(formatMoment(new Date(2025, 10, 22, 9, 5), now)).toBe('22 Nov 2025, 09:05');
  expect(formatAgo(new Date(2026, 10, 24, 11, 58), now)).toBe('2 min ago');
});
