/** The runs table: single rows, and lists that never read a point. */

import { getTableColumns } from 'drizzle-orm';
import type { JobKind } from '../../common/jobs/index.ts';
import type { RunRecord, RunState } from '../../common/records.ts';
import type { SqliteDatabase } from './database.ts';
import {
  type AlarmRow,
  type CheckpointRow,
  type ReferenceRow,
  type ResultRow,
  type RunRow,
  runRecord,
} from './rows.ts';
import type { RunColours } from './run-colours.ts';
import { alarms, checkpoints, references, results, runs } from './schema.ts';

export interface RunListQuery {
  /** Words that must all occur in the name, id, kind, recipe, state or config. */
  search?: string;
  states?: RunState[];
  kinds?: JobKind[];
  /** A column (`createdAt`, `name`, `state`, ...), or `last:<series>`, `best:<series>`, `config:<field>`. */
  sort?: string;
  descending?: boolean;
  limit: number;
  offset: number;
  /** Of the usual order, the newest first: those behind this run, whatever has come or gone before it. */
  after?: { createdAt: string; id: string } | undefined;
  /** Those in the trash instead of those that are not. */
  trashed?: boolean;
}

export type RunStore = ReturnType<typeof createRunStore>;
export type NewRun = Pick<
  RunRow,
  'id' | 'folder' | 'kind' | 'name' | 'state' | 'recipe' | 'parent' | 'config' | 'createdAt'
> &
  Partial<RunRow>;

export function createRunStore(sqlite: SqliteDatabase, colours: RunColours) {
  const byId = sqlite.prepare<[string], RunRow>(`SELECT ${selected(runs)} FROM runs WHERE id = ?`);
  const byFolder = sqlite.prepare<[string], RunRow>(`SELECT ${selected(runs)} FROM runs WHERE folder = ?`);
  const resultsOf = sqlite.prepare<[string], ResultRow>(
    `SELECT ${selected(results)} FROM results WHERE run_id IN (SELECT value FROM json_each(?))`,
  );
  const referencesOf = sqlite.prepare<[string], ReferenceRow>(
    `SELECT ${selected(references)} FROM reference_levels WHERE run_id IN (SELECT value FROM json_each(?))`,
  );
  const alarmsOf = sqlite.prepare<[string], AlarmRow>(
    `SELECT ${selected(alarms)} FROM alarms WHERE run_id IN (SELECT value FROM json_each(?)) ORDER BY run_id, seq`,
  );
  const checkpointsOf = sqlite.prepare<[string], CheckpointRow>(
    `SELECT ${selected(checkpoints)} FROM checkpoints WHERE run_id = ? ORDER BY step, path`,
  );

  function records(rows: RunRow[]): RunRecord[] {
    const ids = JSON.stringify(rows.map((row) => row.id));
    const results = Map.groupBy(resultsOf.all(ids), (row) => row.runId);
    const references = Map.groupBy(referencesOf.all(ids), (row) => row.runId);
    const alarms = Map.groupBy(alarmsOf.all(ids), (row) => row.runId);
    return rows.map((row) =>
      runRecord(row, {
        results: results.get(row.id) ?? [],
        references: references.get(row.id) ?? [],
        alarms: alarms.get(row.id) ?? [],
        colour: colours.of(row.id),
      }),
    );
  }

  return {
    row: (id: string): RunRow | undefined => byId.get(id),
    rowOfFolder: (folder: string): RunRow | undefined => byFolder.get(folder),

    get(id: string): RunRecord | undefined {
      const row = byId.get(id);
      return row && records([row])[0];
    },

    insert(run: NewRun) {
      const entries = Object.entries(run);
      const names = entries.map(([key]) => columnName(key as keyof RunRow));
      sqlite
        .prepare(`INSERT INTO runs (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`)
        .run(...entries.map(([, value]) => value));
    },

    update(id: string, change: Partial<RunRow>) {
      const entries = Object.entries(change);
      if (entries.length === 0) return;
      const assignments = entries.map(([key]) => `${columnName(key as keyof RunRow)} = ?`);
      sqlite
        .prepare(`UPDATE runs SET ${assignments.join(', ')} WHERE id = ?`)
        .run(...entries.map(([, value]) => value), id);
    },

    remove(id: string) {
      sqlite.prepare('DELETE FROM runs WHERE id = ?').run(id);
    },

    list(query: RunListQuery): { rows: RunRecord[]; total: number } {
      const { where, values } = conditions(query);
      const order = orderBy(query.sort ?? 'createdAt', query.descending ?? query.sort === undefined);
      const counted = conditions({ ...query, after: undefined });
      const { total } = sqlite
        .prepare(`SELECT count(*) AS total FROM runs WHERE ${counted.where}`)
        .get(counted.values) as { total: number };
      const rows = sqlite
        // Rows are sorted by their keys alone; only those that are shown are read whole.
        .prepare(
          `WITH shown AS (
             SELECT rowid AS row_id, row_number() OVER () AS place FROM (
               SELECT rowid FROM runs WHERE ${where} ORDER BY ${order.sql} LIMIT @limit OFFSET @offset))
           SELECT ${selected(runs)} FROM shown JOIN runs ON runs.rowid = row_id ORDER BY place`,
        )
        .all({ ...values, ...order.values, limit: query.limit, offset: query.offset }) as RunRow[];
      return { rows: records(rows), total };
    },

    inStates(states: readonly RunState[]): RunRow[] {
      return sqlite
        .prepare(
          `SELECT ${selected(runs)} FROM runs WHERE state IN (SELECT value FROM json_each(?)) ORDER BY created_at, rowid`,
        )
        .all(JSON.stringify(states)) as RunRow[];
    },

    /** Of those that are not in the trash. */
    ids(): string[] {
      return sqlite.prepare('SELECT id FROM runs WHERE trashed_at IS NULL').pluck().all() as string[];
    },

    folders(): { id: string; folder: string }[] {
      return sqlite.prepare('SELECT id, folder FROM runs').all() as { id: string; folder: string }[];
    },

    /** What runs of a kind were given for a field, newest first. */
    usedValues(field: string): { value: string; lastUsedAt: string }[] {
      return sqlite
        .prepare(
          `SELECT json_extract(config, ?) AS value, max(created_at) AS lastUsedAt FROM runs
           WHERE value <> '' GROUP BY value ORDER BY lastUsedAt DESC, value`,
        )
        .all(jsonPath(field)) as { value: string; lastUsedAt: string }[];
    },

    checkpoints: (id: string): CheckpointRow[] =>
      checkpointsOf.all(id).map((row) => ({ ...row, best: Boolean(row.best), removed: Boolean(row.removed) })),
  };
}

type Table = Parameters<typeof getTableColumns>[0];

/** `created_at AS createdAt, ...`: every column under the name that its row type has. */
function selected(table: Table): string {
  return Object.keys(getTableColumns(table))
    .map((key) => `"${snakeCase(key)}" AS "${key}"`)
    .join(', ');
}

function columnName(key: keyof RunRow): string {
  if (!(key in runs)) throw new Error(`no column ${key}`);
  return snakeCase(key);
}

function snakeCase(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function conditions(query: RunListQuery): { where: string; values: Record<string, string> } {
  const parts = [`trashed_at IS ${query.trashed ? 'NOT NULL' : 'NULL'}`];
  const values: Record<string, string> = {};
  if (query.after) {
    parts.push('created_at <= @afterCreatedAt AND (created_at < @afterCreatedAt OR id > @afterId)');
    values.afterCreatedAt = query.after.createdAt;
    values.afterId = query.after.id;
  }
  if (query.states) {
    parts.push('state IN (SELECT value FROM json_each(@states))');
    values.states = JSON.stringify(query.states);
  }
  if (query.kinds) {
    parts.push('kind IN (SELECT value FROM json_each(@kinds))');
    values.kinds = JSON.stringify(query.kinds);
  }
  for (const [i, word] of (query.search ?? '').split(/\s+/).filter(Boolean).entries()) {
    parts.push(
      `(name || ' ' || id || ' ' || kind || ' ' || state || ' ' || ifnull(recipe, '') || ' ' || config) LIKE @word${i} ESCAPE '\\'`,
    );
    values[`word${i}`] = `%${word.replaceAll(/[\\%_]/g, '\\$&')}%`;
  }
  return { where: parts.join(' AND '), values };
}

/** Rows without a number there come last, whichever the direction; ties are in the order of creation. */
function orderBy(sort: string, descending: boolean): { sql: string; values: Record<string, string> } {
  const direction = descending ? 'DESC' : 'ASC';
  const [, source, name] = /^(last|best|config):(.+)$/.exec(sort) ?? [];
  if (source && name) {
    const path = source === 'best' ? `${jsonPath(name)}.value` : jsonPath(name);
    const value = `json_extract(${source}, @path)`;
    const absent = source === 'config' ? `${value} IS NULL` : `typeof(${value}) NOT IN ('real', 'integer')`;
    return { sql: `${absent}, iif(${absent}, NULL, ${value}) ${direction}, created_at DESC, id`, values: { path } };
  }
  const value = sortable[sort];
  // The usual order, which an index has: with anything before it SQLite would sort all runs.
  if (!value) return { sql: `created_at ${direction}, id`, values: {} };
  return { sql: `${value} IS NULL, ${value} ${direction}, created_at DESC, id`, values: {} };
}

const sortable: Record<string, string> = {
  startedAt: 'started_at',
  endedAt: 'ended_at',
  name: 'name COLLATE NOCASE',
  kind: 'kind',
  state: 'state',
  recipe: 'recipe',
  epoch: 'epoch',
  step: 'step',
  device: 'device',
  sizeBytes: 'size_bytes',
  trashedAt: 'trashed_at',
  progress: 'CAST(step AS REAL) / total_steps',
  duration: "julianday(ifnull(ended_at, 'now')) - julianday(started_at)",
};

function jsonPath(key: string): string {
  return `$."${key.replaceAll('"', '')}"`;
}
