import { expect, test } from 'vitest';
import type { QueueState } from '../../../common/updates.ts';
import { lanesOf, placeInQueue, withMoved } from '../../../renderer/queue/lanes.ts';
import { runRecordOf } from '../../support/run-records.ts';

/** a, b, c wait for the GPU, x and y for the processor, r runs on the GPU. */
const state: QueueState = {
  held: false,
  reason: null,
  order: ['a', 'x', 'b', 'y', 'c'],
  heldRuns: [],
  active: ['r'],
  devices: { a: 'gpu', b: 'gpu', c: 'gpu', r: 'gpu', x: 'cpu', y: 'cpu' },
};
const runs = ['y', 'c', 'r', 'b', 'x', 'a'].map((id) => runRecordOf({ id }));

const waiting = (queue: QueueState) =>
  Object.fromEntries(lanesOf(queue, runs).map((lane) => [lane.device, lane.waiting.map(({ id }) => id).join('')]));

test('a lane for each device, in the order of the queue', () => {
  expect(waiting(state)).toEqual({ gpu: 'abc', cpu: 'xy' });
  expect(lanesOf(state, runs)[0]?.active.map(({ id }) => id)).toEqual(['r']);
  expect(lanesOf({ ...state, order: ['x'], active: [] }, runs).map(({ device }) => device)).toEqual(['cpu']);
});

test('every move within a lane gives the lane that was asked for and leaves the other one alone', () => {
  for (const [lane, other] of [
    ['abc', 'xy'],
    ['xy', 'abc'],
  ] as const) {
    for (const id of lane) {
      for (let place = 0; place < lane.length; place++) {
        const moved = withMoved(state, id, placeInQueue(state, id, place));
        const expected = [...lane]
          .filter((one) => one !== id)
          .toSpliced(place, 0, id)
          .join('');
        expect(Object.values(waiting(moved)).sort()).toEqual([expected, other].sort());
      }
    }
  }
});
