import { expect, it } from 'vitest';
import { packRuns, unpackRuns } from '../../common/packed-runs.ts';
import { runRecordOf } from '../support/run-records.ts';

it('gives back what was packed, in its order, with NaN and infinities wherever they are', () => {
  const [nan, infinite] = [Number.NaN, Number.NEGATIVE_INFINITY];
  const rows = [
    runRecordOf({ id: 'a', config: { seed: 1, note: 'NaN' }, last: { 'epoch/loss': 2.5 } }),
    runRecordOf({ id: 'b', last: { 'epoch/loss': nan } }),
    runRecordOf({ id: 'c', tags: ['wide'] }),
    runRecordOf({ id: 'd', best: { 'epoch/loss': { value: infinite, epoch: 1, step: 4 } } }),
    runRecordOf({ id: 'e', results: { knn: { values: { top: [1, nan] }, protocol: {} } } }),
    runRecordOf({ id: 'f', references: [{ series: 'epoch/loss', name: 'chance', value: nan }] }),
  ];
  const packed = packRuns({ rows, total: 9 });
  expect(packed.others.map(({ id }) => id)).toEqual(['b', 'd', 'e', 'f']);
  expect(unpackRuns(packed)).toEqual({ rows, total: 9 });
});
