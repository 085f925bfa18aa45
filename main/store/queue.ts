/** The order of queued runs: places from 0 without gaps. */
import type { SqliteDatabase } from './database.ts';

export function createQueueStore(sqlite: SqliteDatabase) {
  const list = sqlite.prepare<[], { runId: string }>('SELECT run_id AS runId FROM queue ORDER BY position, rowid');
  const clear = sqlite.prepare('DELETE FROM queue');
  const add = sqlite.prepare('INSERT INTO queue (run_id, position) VALUES (?, ?)');

  function order(): string[] {
    return list.all().map((row) => row.runId);
  }

  const write = sqlite.transaction((ids: string[]) => {
    clear.run();
    for (const [position, id] of ids.entries()) add.run(id, position);
  });

  return {
    order,
    /** At the end, or at a place counted from 0; one that is there already is moved. */
    put(id: string, position = Number.MAX_SAFE_INTEGER) {
      const others = order().filter((other) => other !== id);
      write(others.toSpliced(position, 0, id));
    },
    remove(id: string) {
      const ids = order();
      if (ids.includes(id)) write(ids.filter((other) => other !== id));
    },
  };
}
