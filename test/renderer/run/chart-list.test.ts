import { expect, test } from 'vitest';
import { chartsFor } from '../../../renderer/run/chart-list.ts';

test('a measurement that no chart names gets one of its own, with a readable title', () => {
  const { more } = chartsFor(['step/loss', 'step/negativeSimilarity', 'step/residentBytes', 'probe/bestK']);
  expect(more.map(({ title }) => title)).toEqual(['Best K', 'Negative similarity', 'Resident bytes']);
});

test('figures are written as the field writes them', () => {
  const { main, more } = chartsFor(['step/residentBytes']);
  const format = (id: string, value: number) => main.find((chart) => chart.id === id)!.format(value);
  expect(format('loss', 6.93147)).toBe('6.93');
  expect(format('knn', 52.3)).toBe('52.30 %');
  expect(format('waiting', 0.0312)).toBe('3.12 %');
  expect(more[0]!.format(3 * 2 ** 30)).toBe('3.0 GiB');
  expect(main[0]!.formatTick(0.1 + 0.2)).toBe('0.3');
});

test('a kind has no chart of what only others measure, unless it was measured', () => {
  const ids = (names: string[], kind: 'train' | 'distill') => chartsFor(names, kind).main.map(({ id }) => id);
  expect(ids([], 'train')).not.toContain('agreement');
  expect(ids([], 'distill')).toContain('agreement');
  expect(ids([], 'distill')).not.toContain('accuracy');
  expect(ids(['step/agreement'], 'train')).toContain('agreement');
});
