/** The part without a browser: the query of a list, what it sends, and what the pages compute from it. */
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import superjson from 'superjson';
import { runFields, runValue } from '../../../common/filter/run-fields.ts';
import { type PackedRuns, packRuns, unpackRuns } from '../../../common/packed-runs.ts';
import type { RunRecord } from '../../../common/records.ts';
import { offeredFields } from '../../../common/results/columns.ts';
import type { TableDefinition } from '../../../common/results/definition.ts';
import { groupRuns } from '../../../common/results/groups.ts';
import { openTable } from '../../../common/results/open-table.ts';
import { buildTable, selectRuns } from '../../../common/results/table.ts';
import { createRunColours } from '../../../main/store/run-colours.ts';
import { createRunStore } from '../../../main/store/runs.ts';
import { createSettingsStore } from '../../../main/store/settings.ts';
import { filterRuns } from '../../../renderer/runs/filter-runs.ts';
import { listRows } from '../../../renderer/runs/list-rows.ts';
import { report } from './report.ts';

const limit = 10_000;
const [rowsInSight, columnsInSight] = [40, 14];
const [first, part] = [200, 500];
const filter = 'arch = resnet18 and (loss < 5 or epochs >= 100) and not name ~ /seed [34]/';

/** @returns as many fields as asked for that some run has */
export function measureData(workspace: string, { columns, rounds }: { columns: number; rounds: number }): string[] {
  const said: string[] = [];
  const sqlite = new Sqlite(join(workspace, 'studio.db'), {
    readonly: true,
    verbose: (text) => said.push(String(text)),
  });
  const store = runStoreOf(sqlite);
  const { rows } = store.list({ limit, offset: 0 });
  const touched = said.filter((statement) => /\b(from|join)\s+"?(points|series)\b/i.test(statement));
  console.log(`${said.length} statements for a list; of the points or their series: ${touched.length} (none allowed)`);
  if (touched.length > 0) process.exitCode = 1;

  report('query of the list', rounds, () => store.list({ limit, offset: 0 }));
  const answer = (count: number) => () =>
    JSON.stringify(superjson.serialize(packRuns(store.list({ limit: count, offset: 0 }))));
  report(`queried and written, the first ${first}`, rounds, answer(first));
  report(`queried and written, a part of ${part}`, rounds, answer(part));
  const write = () => JSON.stringify(superjson.serialize(packRuns({ rows, total: rows.length })));
  const wire = write();
  report('written for the wire', rounds, write);
  report(`read from the wire, ${(wire.length / 2 ** 20).toFixed(1)} MiB`, rounds, () =>
    unpackRuns(superjson.deserialize<PackedRuns>(JSON.parse(wire))),
  );
  sqlite.close();

  const known = runFields(rows);
  const fields = shownFields(rows, columns);
  const definition = { columns: fields.map((field) => ({ field })), filter: '', groupBySeed: false, published: false };
  const look = (wanted: TableDefinition) => {
    const table = openTable(rows, wanted, undefined, rows);
    for (let index = 0; index < columnsInSight; index++) {
      const column = table.column(index);
      column.onlyNote();
      for (let row = 0; row < Math.min(rowsInSight, table.rows.length); row++) column.cell(row);
    }
    return [table.notes(), table.remarks()];
  };
  const few = { ...definition, columns: definition.columns.slice(0, 4) };
  console.log(`${rows.length} runs, ${fields.length} columns`);
  report('names of all fields', rounds, () => runFields(rows));
  report('results: filter', rounds, () => selectRuns(rows, filter, known), 150);
  report('results: 4 columns', rounds, () => buildTable(rows, few));
  report('results: 4 columns, a row for all seeds', rounds, () => buildTable(rows, { ...few, groupBySeed: true }));
  report(`results: ${fields.length} columns, whole, as exported`, 1, () => buildTable(rows, definition));
  const sorted = { ...definition, sort: { field: 'loss', descending: true } };
  for (const [label, wanted] of [
    ['', definition],
    [', sorted', sorted],
    [', a row for all seeds', { ...sorted, groupBySeed: true }],
  ] as const) {
    report(`results: ${fields.length} columns, what is in sight${label}`, rounds, () => look(wanted), 150);
  }
  report('runs: filter', rounds, () => filterRuns(rows, filter, 'all', known), 150);
  for (const groupBy of ['none', 'seed', 'arch']) {
    const view = { groupBy, folded: true, turned: new Set<string>(), sort: { field: 'loss', descending: false } };
    report(`runs: grouped by ${groupBy}`, rounds, () => groupRuns(rows, groupBy));
    const groups = groupRuns(rows, groupBy);
    report(`runs: sorted, grouped by ${groupBy}`, rounds, () => listRows(groups, view), 150);
  }
  return fields;
}

export function fieldsOf(workspace: string, columns: number): string[] {
  const sqlite = new Sqlite(join(workspace, 'studio.db'), { readonly: true });
  try {
    return shownFields(runStoreOf(sqlite).list({ limit, offset: 0 }).rows, columns);
  } finally {
    sqlite.close();
  }
}

function runStoreOf(sqlite: Sqlite.Database) {
  return createRunStore(sqlite, createRunColours(sqlite, createSettingsStore(sqlite)));
}

/** As many as asked for that some run has. */
function shownFields(rows: RunRecord[], columns: number): string[] {
  return offeredFields(runFields(rows))
    .filter((field) => rows.some((run) => runValue(run, field) !== undefined))
    .slice(0, columns);
}
