import { expect, test } from 'vitest';
import type { RecordedEvent } from '../../../common/events.ts';
import { openStore, type Store } from '../../../main/store/index.ts';
import fc from '../../support/fast-check.ts';
import { temporaryFolder } from '../../support/studio.ts';

function emptyStore(): Store {
  const store = openStore(`${temporaryFolder()}/studio.db`);
  renew(store);
  return store;
}

/** The run `r` without anything in it. */
function renew(store: Store) {
  store.runs.remove('r');
  const run = { id: 'r', folder: 'r', kind: 'train', name: 'r', state: 'running', config: '{}' } as const;
  store.runs.insert({ ...run, recipe: null, parent: null, createdAt: new Date(0).toISOString() });
}

const time = '2026-01-01T00:00:00.000Z';

function metrics(seq: number, step: number, value: number, group: 'step' | 'epoch' = 'step'): RecordedEvent {
  return { seq, time, type: 'metrics', group, epoch: 0, step, values: { loss: value } };
}

function segment(seq: number, number: number, step: number): RecordedEvent {
  return { seq, time, type: 'segment', segment: number, epoch: 0, step, resumedFrom: null, environment: {} };
}

function lossOf(store: Store, maxPoints = 100_000, range: { fromStep?: number; toStep?: number } = {}) {
  return store.points.read('r', ['step/loss'], { maxPoints, ...range })[0]!;
}

test('every number comes back as it was: NaN, infinities, subnormals, and -0 as 0', () => {
  const store = emptyStore();
  fc.assert(
    fc.property(fc.array(fc.double(), { minLength: 1, maxLength: 50 }), (values) => {
      renew(store);
      store.ingest(
        'r',
        values.map((value, i) => metrics(i, i, value)),
        1,
      );
      const wanted = values.map((value) => (value === 0 ? 0 : value)); // SQLite keeps no sign of a zero
      expect(lossOf(store).values).toEqual(wanted);
      expect(store.runs.get('r')!.last['step/loss']).toEqual(wanted.at(-1));
    }),
    { numRuns: 30 },
  );
  store.close();
});

test('a NaN is never the best value, and is not taken for a small or a large one', () => {
  const store = emptyStore();
  const values = [Number.NaN, 3, Number.NaN, 2, Number.POSITIVE_INFINITY];
  store.ingest(
    'r',
    values.map((value, i) => metrics(i, i, value, 'epoch')),
    1,
  );
  expect(store.runs.get('r')!.best['epoch/loss']).toEqual({ value: 2, epoch: 0, step: 3 });
  store.ingest('r', [segment(5, 1, 2)], 2); // takes 2 and Infinity away
  expect(store.runs.get('r')!.best['epoch/loss']).toEqual({ value: 3, epoch: 0, step: 1 });
  expect(store.runs.get('r')!.last['epoch/loss']).toBeNaN();
  store.close();
});

test('events that are in already do nothing, however they are cut into batches', () => {
  const store = emptyStore();
  fc.assert(
    fc.property(fc.array(fc.nat(19), { minLength: 1, maxLength: 8 }), (cuts) => {
      const events = Array.from({ length: 20 }, (_, i) => metrics(i, i, i));
      renew(store);
      for (const cut of cuts) store.ingest('r', events.slice(0, cut + 1), cut);
      store.ingest('r', events, 20);
      expect(lossOf(store).values).toEqual(events.map((_, i) => i));
      expect(store.points.names('r')).toEqual([{ name: 'step/loss', count: 20 }]);
    }),
    { numRuns: 20 },
  );
  store.close();
});

test('a new segment hides the steps from its own on, and the epochs that ended after it', () => {
  const store = emptyStore();
  const first = [segment(0, 0, 0), ...Array.from({ length: 8 }, (_, i) => metrics(i + 1, i, i))];
  const epochs = [metrics(9, 4, 40, 'epoch'), metrics(10, 8, 80, 'epoch')];
  store.ingest('r', [...first, ...epochs], 1);
  const { supersededFrom } = store.ingest('r', [segment(11, 1, 4), metrics(12, 4, 104)], 2);
  expect(supersededFrom).toBe(4);
  expect(lossOf(store)).toMatchObject({ steps: [0, 1, 2, 3, 4], values: [0, 1, 2, 3, 104], count: 5 });
  expect(store.points.read('r', ['epoch/loss'], { maxPoints: 10 })[0]).toMatchObject({ steps: [4], values: [40] });
  expect(store.runs.get('r')).toMatchObject({ step: 5, last: { 'step/loss': 104, 'epoch/loss': 40 } });
  expect(store.points.since('r', 10, 100)).toEqual([expect.objectContaining({ step: 4, value: 104 })]);
  store.close();
});

test('a thinned curve keeps its ends, its extremes and its gaps, against the plain definition', () => {
  const numbers = fc.oneof(fc.double({ min: -10, max: 10, noNaN: true }), fc.constant(Number.NaN));
  const store = emptyStore();
  fc.assert(
    fc.property(
      fc.array(numbers, { minLength: 30, maxLength: 300 }),
      fc.integer({ min: 6, max: 28 }),
      (values, most) => {
        renew(store);
        store.ingest(
          'r',
          values.map((value, i) => metrics(i, i * 3, value)),
          1,
        );
        const { steps, values: kept, count } = lossOf(store, most);
        expect(count).toBe(values.length);
        expect(steps.length).toBeLessThanOrEqual(most + gaps(values));
        expect(steps).toEqual(steps.toSorted((a, b) => a - b));
        for (const [i, step] of steps.entries()) expect(kept[i]).toEqual(values[step / 3]! + 0); // real points only
        expect([steps[0], steps.at(-1)]).toEqual([0, (values.length - 1) * 3]);
        const finite = (all: number[]) => all.filter((value) => !Number.isNaN(value));
        expect(Math.min(...finite(kept))).toBe(Math.min(...finite(values)) + 0);
        expect(Math.max(...finite(kept))).toBe(Math.max(...finite(values)) + 0);
        expect(kept.some(Number.isNaN)).toBe(values.some(Number.isNaN));
      },
    ),
    { numRuns: 40 },
  );
  store.close();
});

test('a range of steps is read alone', () => {
  const store = emptyStore();
  store.ingest(
    'r',
    Array.from({ length: 20 }, (_, i) => metrics(i, i, i)),
    1,
  );
  expect(lossOf(store, 100, { fromStep: 5, toStep: 8 })).toMatchObject({ steps: [5, 6, 7, 8], count: 4 });
  store.close();
});

function gaps(values: number[]): number {
  return values.filter(Number.isNaN).length;
}

test('the last value of an epoch and the mean of the last points, as reading the whole curve finds them', () => {
  const store = emptyStore();
  const point = fc.record({ steps: fc.integer({ min: 1, max: 9 }), epochs: fc.integer({ min: 0, max: 2 }) });
  fc.assert(
    fc.property(fc.array(point, { minLength: 1, maxLength: 60 }), (gaps) => {
      renew(store);
      let [step, epoch] = [0, 0];
      const events = gaps.map((gap, seq): RecordedEvent => {
        step += gap.steps;
        epoch += gap.epochs;
        return { seq, time, type: 'metrics', group: 'step', epoch, step, values: { loss: seq + 0.5 } };
      });
      store.ingest('r', events, 1);
      const { epochs, values } = lossOf(store);
      for (let asked = 0; asked <= epoch + 1; asked++) {
        expect(store.points.atEpoch('r', 'step/loss', asked)).toBe(values[epochs.lastIndexOf(asked)]);
      }
      const last = values.slice(-7);
      // Sums of up to 7 halves below 100 are exact.
      const mean = last.reduce((sum, value) => sum + value, 0) / last.length;
      expect(store.points.meanOfLast('r', 'step/loss', 7)).toBe(mean);
    }),
    { numRuns: 50 },
  );
  store.ingest('r', [metrics(1000, 10_000, Number.NaN)], 2);
  expect(store.points.meanOfLast('r', 'step/loss', 2)).toBe(Number.NaN);
  expect(store.points.meanOfLast('r', 'step/other', 2)).toBe(undefined);
  store.close();
});

test('means of equal stretches, at the same steps for all curves of a range; a gap has none', () => {
  const store = emptyStore();
  const values = Array.from({ length: 100 }, (_, step) => (step === 42 ? Number.NaN : Math.sin(step)));
  store.ingest(
    'r',
    values.map((value, step) => metrics(step, step, value)),
    1,
  );
  const range = { maxPoints: 10, fromStep: 0, toStep: 119, thinning: 'means' as const };
  const { steps, values: means, count } = store.points.read('r', ['step/loss'], range)[0]!;
  expect(count).toBe(100);
  expect(steps).toEqual([11, 23, 35, 47, 59, 71, 83, 95, 99]);
  for (const [index, mean] of means.entries()) {
    const part = values.slice(12 * index, 12 * index + 12);
    if (index === 3) expect(mean).toBeNaN();
    else expect(mean).toBeCloseTo(part.reduce((sum, value) => sum + value, 0) / part.length, 12);
  }
  store.close();
});
