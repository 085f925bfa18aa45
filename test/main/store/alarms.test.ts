import { expect, test } from 'vitest';
import type { EventOf, RecordedEvent } from '../../../common/events.ts';
import { openStore } from '../../../main/store/index.ts';
import { temporaryFolder } from '../../support/studio.ts';

const time = '2026-01-01T00:00:00.000Z';
const found = { threshold: 0.1, message: 'All alike.', cure: 'Look.', epoch: 1 };

function alarm(seq: number, step: number, change: Partial<EventOf<'alarm'>>): RecordedEvent {
  return { seq, time, type: 'alarm', rule: 'collapse', value: 0.02, step, ...found, ...change };
}

test('alarms are part of the record, in order; a segment that goes on from before takes back those after it', () => {
  const store = openStore(`${temporaryFolder()}/studio.db`);
  const run = { id: 'r', folder: 'r', kind: 'train', name: 'r', state: 'running', config: '{}' } as const;
  store.runs.insert({ ...run, recipe: null, parent: null, createdAt: time });
  const segment = (seq: number, number: number, step: number): RecordedEvent => ({
    ...{ seq, time, type: 'segment', segment: number, epoch: 0, step, resumedFrom: null, environment: {} },
  });
  store.ingest(
    'r',
    [
      segment(0, 0, 0),
      alarm(1, 10, {}),
      alarm(2, 20, { rule: 'not-finite', value: Number.NaN, threshold: null }),
      alarm(3, 30, {}),
    ],
    1,
  );
  expect(store.runs.get('r')!.alarms).toEqual([
    { rule: 'collapse', step: 10, at: time, value: 0.02, ...found },
    { rule: 'not-finite', step: 20, at: time, value: Number.NaN, ...found, threshold: null },
    { rule: 'collapse', step: 30, at: time, value: 0.02, ...found },
  ]);
  // Step 20 itself is done again, and what was found at the end of the tenth stays.
  store.ingest('r', [segment(4, 1, 20)], 2);
  expect(store.runs.get('r')!.alarms.map(({ step }) => step)).toEqual([10]);
  store.ingest('r', [segment(5, 2, 10)], 3);
  expect(store.runs.get('r')!.alarms.map(({ step }) => step)).toEqual([10]);
  store.close();
});
