/**
 * Tables of `studio.db`. Everything in them but the order of the queue and the settings is also in the run folders and
 * can be read again from there. After a change here: `npx drizzle-kit generate` writes the next migration.
 *
 * SQLite knows no NaN and stores it as NULL. A measured value always exists, so in `value` columns NULL *is* NaN;
 * infinities are stored as they are. Numbers inside JSON columns are written as `common/numbers.ts` says.
 */
import { index, integer, primaryKey, real, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import type { CheckpointRole } from '../../common/checkpoints.ts';
import type { AlarmRule } from '../../common/events.ts';
import type { JobKind } from '../../common/jobs/index.ts';
import type { RunState } from '../../common/records.ts';

export const runs = sqliteTable(
  'runs',
  {
    id: text().primaryKey(),
    /** Name of the folder below `<workspace>/runs`. */
    folder: text().notNull(),
    kind: text().$type<JobKind>().notNull(),
    name: text().notNull(),
    state: text().$type<RunState>().notNull(),
    recipe: text(),
    parent: text(),
    config: text().notNull(),
    createdAt: text().notNull(),
    startedAt: text(),
    endedAt: text(),
    epoch: integer().notNull().default(0),
    epochs: integer(),
    step: integer().notNull().default(0),
    totalSteps: integer(),
    stage: text().notNull().default(''),
    progress: text(),
    remaining: text(),
    device: text(),
    error: text(),
    /** The summary that lists read instead of the points. */
    last: text().notNull().default('{}'),
    best: text().notNull().default('{}'),
    sizeBytes: integer().notNull().default(0),
    trashedAt: text(),
    /** Events up to this byte of `events.jsonl` and this number are in. */
    eventsOffset: integer().notNull().default(0),
    lastSeq: integer().notNull().default(-1),
    /** Number of the event with which the newest segment began; the pace is taken from what came after it. */
    segmentSeq: integer().notNull().default(0),
    /** Of the runs that were queued together, varying some settings. */
    sweep: text(),
    /** `label.json`, with the name and the trash; flags are 0 or 1, tags a JSON array. */
    star: integer().notNull().default(0),
    tags: text().notNull().default('[]'),
    note: text().notNull().default(''),
    archived: integer().notNull().default(0),
  },
  (table) => [
    uniqueIndex('runs_folder').on(table.folder),
    index('runs_created').on(table.trashedAt, table.createdAt),
    index('runs_state').on(table.state),
  ],
);

export const series = sqliteTable(
  'series',
  {
    id: integer().primaryKey(),
    runId: text()
      .notNull()
      .references(() => runs.id, { onDelete: 'cascade' }),
    name: text().notNull(),
    count: integer().notNull().default(0),
  },
  (table) => [uniqueIndex('series_of_run').on(table.runId, table.name)],
);

/** Only points that are not superseded. The migration makes it WITHOUT ROWID: a curve is one stretch of the file. */
export const points = sqliteTable(
  'points',
  {
    seriesId: integer()
      .notNull()
      .references(() => series.id, { onDelete: 'cascade' }),
    step: integer().notNull(),
    epoch: integer().notNull(),
    /** Milliseconds since 1970. */
    time: integer().notNull(),
    /** Number of the event that brought it. */
    seq: integer().notNull(),
    value: real(),
  },
  (table) => [primaryKey({ columns: [table.seriesId, table.step] })],
);

export const checkpoints = sqliteTable(
  'checkpoints',
  {
    runId: text()
      .notNull()
      .references(() => runs.id, { onDelete: 'cascade' }),
    path: text().notNull(),
    epoch: integer().notNull(),
    step: integer().notNull(),
    sizeBytes: integer().notNull(),
    sha256: text().notNull(),
    createdAt: text().notNull(),
    best: integer({ mode: 'boolean' }).notNull().default(false),
    removed: integer({ mode: 'boolean' }).notNull().default(false),
  },
  (table) => [primaryKey({ columns: [table.runId, table.path] }), index('checkpoints_hash').on(table.sha256)],
);

/** Which files a run took weights from, by their hash then. */
export const checkpointUses = sqliteTable(
  'checkpoint_uses',
  {
    runId: text()
      .notNull()
      .references(() => runs.id, { onDelete: 'cascade' }),
    role: text().$type<CheckpointRole>().notNull(),
    sha256: text().notNull(),
    path: text().notNull(),
    at: text().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.runId, table.role, table.sha256] }),
    index('checkpoint_uses_hash').on(table.sha256),
  ],
);

/** The folders below `<workspace>/checkpoints`. */
export const importedCheckpoints = sqliteTable('imported_checkpoints', {
  sha256: text().primaryKey(),
  /** Name of the folder. */
  folder: text().notNull(),
  /** Changes whenever a file of the record does. */
  stamp: text().notNull(),
  /** `import.json`. */
  record: text().notNull(),
  name: text().notNull(),
  createdAt: text().notNull(),
  trashedAt: text(),
});

/** What verifying a file found last; it is not in the folders, and is found again by verifying. */
export const checkpointVerdicts = sqliteTable('checkpoint_verdicts', {
  file: text().primaryKey(),
  /** Null: there was no file. */
  foundSha256: text(),
  /** Of the version that was verified. */
  stamp: text().notNull().default(''),
  at: text().notNull(),
});

export const results = sqliteTable(
  'results',
  {
    runId: text()
      .notNull()
      .references(() => runs.id, { onDelete: 'cascade' }),
    name: text().notNull(),
    values: text().notNull(),
    protocol: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.runId, table.name] })],
);

/** Levels to read a series against. */
export const references = sqliteTable(
  'reference_levels',
  {
    runId: text()
      .notNull()
      .references(() => runs.id, { onDelete: 'cascade' }),
    series: text().notNull(),
    name: text().notNull(),
    value: real(),
  },
  (table) => [primaryKey({ columns: [table.runId, table.series, table.name] })],
);

/** What rules of health found; those of superseded steps are gone. */
export const alarms = sqliteTable(
  'alarms',
  {
    runId: text()
      .notNull()
      .references(() => runs.id, { onDelete: 'cascade' }),
    /** Number of the event that brought it. */
    seq: integer().notNull(),
    rule: text().$type<AlarmRule>().notNull(),
    epoch: integer().notNull(),
    step: integer().notNull(),
    at: text().notNull(),
    value: real(),
    /** JSON, as `null` is none. */
    threshold: text().notNull(),
    message: text().notNull(),
    cure: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.runId, table.seq] })],
);

export const queue = sqliteTable('queue', {
  runId: text()
    .primaryKey()
    .references(() => runs.id, { onDelete: 'cascade' }),
  /** Places in a row from 0. */
  position: integer().notNull(),
  /** It keeps its place and is passed over until it is released. */
  held: integer({ mode: 'boolean' }).notNull().default(false),
});

export const settings = sqliteTable('settings', { key: text().primaryKey(), value: text().notNull() });
