import { expect, test } from 'vitest';
import type { RunRecord } from '../../../common/records.ts';
import type { RunList } from '../../../renderer/api/merge-runs.ts';
import { newReading, readRuns, tell } from '../../../renderer/api/read-runs.ts';
import { runRecordOf } from '../../support/run-records.ts';

const most = 10_000;

function studioWith(count: number) {
  const runs = Array.from({ length: count }, (_, index) =>
    runRecordOf({ id: `run${index}`, createdAt: new Date(Date.UTC(2026, 0, 1) - index * 60_000).toISOString() }),
  );
  const parts: RunRecord[][] = [];
  const read = async ({ limit, after }: { limit: number; after?: { createdAt: string } }) => {
    const rows = runs.filter(({ createdAt }) => !after || createdAt < after.createdAt).slice(0, limit);
    parts.push(rows);
    return { rows: structuredClone(rows), total: runs.length };
  };
  return { runs, parts, read };
}

const source = (change: Partial<Parameters<typeof readRuns>[1]> & Pick<Parameters<typeof readRuns>[1], 'read'>) => ({
  most,
  known: [],
  onFirst: () => {},
  signal: new AbortController().signal,
  ...change,
});
const ids = ({ rows }: RunList) => rows.map(({ id }) => id);

test('the newest are there at once, then all in their order; a few runs are read once', async () => {
  const { runs, parts, read } = studioWith(1234);
  const firsts: RunList[] = [];
  const list = await readRuns(newReading(), source({ read, onFirst: (first) => firsts.push(first) }));
  expect(firsts.map(({ rows, total, complete }) => [rows.length, total, complete])).toEqual([[200, 1234, false]]);
  expect([ids(list), list.complete]).toEqual([runs.map(({ id }) => id), true]);
  expect(parts.length).toBeGreaterThan(2);
  const few = studioWith(7);
  expect((await readRuns(newReading(), source({ read: few.read }))).rows).toHaveLength(7);
  expect(few.parts).toHaveLength(1);
  const limited = await readRuns(newReading(), source({ read, most: 700 }));
  expect([limited.rows.length, limited.total, limited.complete]).toEqual([700, 1234, true]);
});

test('what changes, comes and goes meanwhile is in the list, and no older row takes its place', async () => {
  const { runs, read } = studioWith(900);
  const reading = newReading();
  const fresh = runRecordOf({ id: 'new', createdAt: '2026-02-01T00:00:00.000Z' });
  let count = 0;
  const list = await readRuns(
    reading,
    source({
      read: async (part) => {
        const answer = await read(part);
        // Told while the answer is under way: of runs that are here, that are in it, and that are still to come.
        if (count++ === 1) {
          const changed = ['run3', 'run250', 'run850'].map((id) =>
            runRecordOf({ ...runs.find((run) => run.id === id)!, epoch: 5 }),
          );
          tell(reading, { type: 'changed', runs: [...changed, fresh] });
          tell(reading, { type: 'removed', ids: ['run4', 'run260'] });
          // The studio goes on: what was told of the last is older than what is read of it.
          Object.assign(runs.find(({ id }) => id === 'run850')!, { epoch: 6 });
        }
        return answer;
      },
    }),
  );
  const epochs = new Map(list.rows.map(({ id, epoch }) => [id, epoch]));
  expect(['run3', 'run250', 'run850', 'run5'].map((id) => epochs.get(id))).toEqual([5, 5, 6, 0]);
  expect([ids(list)[0], epochs.has('run4'), epochs.has('run260'), list.rows.length]).toEqual([
    'new',
    false,
    false,
    899,
  ]);
});

test('what was read before it was listened to is read again; what is the same stays the same object', async () => {
  const { parts, read } = studioWith(3);
  const reading = { ...newReading(), again: true };
  const before = await readRuns(reading, source({ read }));
  expect(parts).toHaveLength(2);
  const after = await readRuns(newReading(), source({ read, known: before.rows }));
  expect(after.rows.map((run, index) => run === before.rows[index])).toEqual([true, true, true]);
});
