/** The order of queued runs: places from 0 without gaps. */
import type { SqliteDatabase } from './database.ts';

interface Entry {
  runId: string;
  /** 1: passed over until it is released. */
  held: 0 | 1;
}

export function createQueueStore(sqlite: SqliteDatabase) {
  const list = sqlite.prepare<[], Entry>('SELECT run_id AS runId, held FROM queue ORDER BY position, rowid');
  const clear = sqlite.prepare('DELETE FROM queue');
  const add = sqlite.prepare('INSERT INTO queue (run_id, position, held) VALUES (?, ?, ?)');
  const mark = sqlite.prepare<[number, string]>('UPDATE queue SET held = ? WHERE run_id = ?');

  const write = sqlite.transaction((entries: Entry[]) => {
    clear.run();
    for (const [position, { runId, held }] of entries.entries()) add.run(runId, position, held);
  });

  return {
    order: (): string[] => list.all().map(({ runId }) => runId),
    held: (): string[] => list.all().flatMap(({ runId, held }) => (held ? [runId] : [])),
    /** At the end, or at a place counted from 0; one that is there already is moved, and is held if it was. */
    put(id: string, position = Number.MAX_SAFE_INTEGER) {
      const entries = list.all();
      const entry = entries.find(({ runId }) => runId === id) ?? { runId: id, held: 0 };
      const others = entries.filter(({ runId }) => runId !== id);
      write(others.toSpliced(position, 0, entry));
    },
    /** Of those that are in the queue. */
    setHeld: sqlite.transaction((ids: string[], held: boolean) => {
      for (const id of ids) mark.run(held ? 1 : 0, id);
    }),
    remove(id: string) {
      const entries = list.all();
      const others = entries.filter(({ runId }) => runId !== id);
      if (others.length < entries.length) write(others);
    },
  };
}
