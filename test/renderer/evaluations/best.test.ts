import { expect, test } from 'vitest';
import type { CheckpointSummary } from '../../../common/checkpoints.ts';
import { type Headline, headlinesOf, measureKey } from '../../../common/evaluations.ts';
import { bestOfColumn, bestOfEachRun } from '../../../renderer/evaluations/best.ts';
import type { PlacedCell } from '../../../renderer/evaluations/placed-cell.ts';

const run = (id: string) => ({ id, name: id, kind: 'train' as const });

function checkpointOf(sha256: string, runId: string | null): CheckpointSummary {
  return {
    ...{ id: sha256, sha256, name: sha256, source: runId ? 'run' : 'imported', run: runId ? run(runId) : null },
    ...{ origin: '', location: sha256, file: sha256, how: 'written', format: 'safetensors', layout: 'moco' },
    ...{ arch: 'resnet18', stem: null, head: null, dim: null, imageSize: 32, epoch: 1, step: 1, sizeBytes: 1 },
    ...{ createdAt: '', best: false, state: 'ok', problem: null, verifiedAt: null, results: {}, trashedAt: null },
  };
}

function cellOf(
  sha256: string,
  runId: string | null,
  value?: number,
  better: Headline['better'] = 'maximum',
): PlacedCell {
  const headlines: Headline[] = value === undefined ? [] : [{ label: 'x', value, unit: '%', better }];
  const cell =
    value === undefined
      ? { state: 'open' as const, estimateMs: null, changed: null }
      : { state: 'known' as const, runId: 'r', headlines, measuredAt: '' };
  return { checkpoint: checkpointOf(sha256, runId), measure: { kind: 'knn', config: {} }, cell, refused: undefined };
}

test('the best of each run stays; of a run of which nothing is known, all', () => {
  const cells = [
    cellOf('a1', 'a', 40),
    cellOf('a2', 'a', 60),
    cellOf('a3', 'a', 60),
    cellOf('b1', 'b'),
    cellOf('b2', 'b'),
    cellOf('imported', null, 10),
  ];
  expect(bestOfEachRun(cells).map(({ sha256 }) => sha256)).toEqual(['a2', 'b1', 'b2', 'imported']);
  expect(bestOfColumn(cells)).toBe(60);
});

test('where less is better the least is the best; a NaN never is', () => {
  const cells = [
    cellOf('a1', 'a', Number.NaN, 'minimum'),
    cellOf('a2', 'a', 3, 'minimum'),
    cellOf('a3', 'a', 2, 'minimum'),
  ];
  expect(bestOfEachRun(cells).map(({ sha256 }) => sha256)).toEqual(['a3']);
});

test('one number alone is not the best of anything', () => {
  expect(bestOfColumn([cellOf('a1', 'a', 40), cellOf('a2', 'a')])).toBeUndefined();
});

test('what an evaluation is judged by', () => {
  expect(headlinesOf('knn', { bestAccuracy: 61.5, bestK: 7 })).toEqual([
    { label: 'k = 7', value: 61.5, unit: '%', better: 'maximum' },
  ]);
  expect(headlinesOf('instdisc', { top: [80, 90] })[0]?.value).toBe(80);
  expect(headlinesOf('stats', { alignmentDSd: 0.2, uniformityD: -3 }).map(({ value }) => value)).toEqual([0.2, -3]);
  expect(headlinesOf('embed', { images: 12 })[0]).toMatchObject({ label: 'images', value: 12 });
});

test('a protocol is the same with its defaults written out, on another device, and of other images', () => {
  const usual = measureKey({ kind: 'knn', config: { data: '/a' } });
  const same = { data: '/b', vote: 'best-nn', maxNeighbours: 101, device: 'cpu', batchSize: 8, memory: 64 };
  expect(measureKey({ kind: 'knn', config: same })).toBe(usual);
  expect(measureKey({ kind: 'knn', config: { data: '/a', maxNeighbours: 11 } })).not.toBe(usual);
  expect(measureKey({ kind: 'embed', config: { data: '/a' } })).not.toBe(usual);
});

test('the batch of a classifier is a part of its protocol', () => {
  const of = (batchSize: number) => measureKey({ kind: 'linear', config: { data: '/a', batchSize } });
  expect(of(64)).not.toBe(of(256));
});
