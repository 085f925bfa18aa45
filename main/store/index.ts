/** The database of a workspace: an index of its run folders, the order of the queue and the settings. */
import { createCheckpointStore } from './checkpoints.ts';
import { type DatabaseOptions, openDatabase } from './database.ts';
import { createIngest } from './ingest.ts';
import { createPointStore } from './points.ts';
import { createQueueStore } from './queue.ts';
import { createRunColours } from './run-colours.ts';
import { createRunStore } from './runs.ts';
import { createSettingsStore } from './settings.ts';

export type Store = ReturnType<typeof openStore>;

export function openStore(file: string, options?: DatabaseOptions) {
  const { sqlite, damagedFile, created } = openDatabase(file, options);
  const settings = createSettingsStore(sqlite);
  const runColours = createRunColours(sqlite, settings);
  const runs = createRunStore(sqlite, runColours);
  const points = createPointStore(sqlite);
  return {
    runs,
    runColours,
    points,
    checkpoints: createCheckpointStore(sqlite),
    queue: createQueueStore(sqlite),
    settings,
    ingest: createIngest(sqlite, runs, points),
    damagedFile,
    created,
    transaction: <Result>(work: () => Result): Result => sqlite.transaction(work)(),
    close() {
      sqlite.close();
    },
  };
}
