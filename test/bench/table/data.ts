/** The part without a browser: the query of a list, what it sends, and what the pages compute from it. */
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import superjson from 'superjson';
import { runFields, runValue } from '../../../common/filter/run-fields.ts';
import { type PackedRuns, packRuns, unpackRuns } from '../../../common/packed-runs.ts';
import { offeredFields } from '../../../common/results/columns.ts';
import { groupRuns } from '../../../common/results/groups.ts';
import { buildTable, selectRuns } from '../../../common/results/table.ts';
import { createRunStore } from '../../../main/store/runs.ts';
import { filterRuns } from '../../../renderer/runs/filter-runs.ts';
import { listRows } from '../../../renderer/runs/list-rows.ts';
import { report } from './report.ts';

const limit = 10_000;
const filter = 'arch = resnet18 and (loss < 5 or epochs >= 100) and not name ~ /seed [34]/';

/** @returns as many fields as asked for that some run has */
export function measureData(workspace: string, { columns, rounds }: { columns: number; rounds: number }): string[] {
  const said: string[] = [];
  const sqlite = new Sqlite(join(workspace, 'studio.db'), {
    readonly: true,
    verbose: (text) => said.push(String(text)),
  });
  const store = createRunStore(sqlite);
  const { rows } = store.list({ limit, offset: 0 });
  const touched = said.filter((statement) => /\b(from|join)\s+"?(points|series)\b/i.test(statement));
  console.log(`${said.length} statements for a list; of the points or their series: ${touched.length} (none allowed)`);
  if (touched.length > 0) process.exitCode = 1;

  report('query of the list', rounds, () => store.list({ limit, offset: 0 }));
  const write = () => JSON.stringify(superjson.serialize(packRuns({ rows, total: rows.length })));
  const wire = write();
  report('written for the wire', rounds, write);
  report(`read from the wire, ${(wire.length / 2 ** 20).toFixed(1)} MiB`, rounds, () =>
    unpackRuns(superjson.deserialize<PackedRuns>(JSON.parse(wire))),
  );
  sqlite.close();

  const known = runFields(rows);
  const fields = offeredFields(known)
    .filter((field) => rows.some((run) => runValue(run, field) !== undefined))
    .slice(0, columns);
  const definition = { columns: fields.map((field) => ({ field })), filter: '', groupBySeed: false, published: false };
  const few = { ...definition, columns: definition.columns.slice(0, 4) };
  console.log(`${rows.length} runs, ${fields.length} columns`);
  report('names of all fields', rounds, () => runFields(rows));
  report('results: filter', rounds, () => selectRuns(rows, filter), 150);
  report('results: 4 columns', rounds, () => buildTable(rows, few));
  report('results: 4 columns, a row for all seeds', rounds, () => buildTable(rows, { ...few, groupBySeed: true }));
  report(`results: ${fields.length} columns`, rounds, () => buildTable(rows, definition));
  const sorted = { ...definition, sort: { field: 'loss', descending: true } };
  report(`results: ${fields.length} columns, sorted`, rounds, () => buildTable(rows, sorted));
  report('runs: filter', rounds, () => filterRuns(rows, filter, 'all', known), 150);
  for (const groupBy of ['none', 'seed', 'arch']) {
    const view = { groupBy, folded: true, turned: new Set<string>(), sort: { field: 'loss', descending: false } };
    report(`runs: grouped by ${groupBy}`, rounds, () => groupRuns(rows, groupBy));
    const groups = groupRuns(rows, groupBy);
    report(`runs: sorted, grouped by ${groupBy}`, rounds, () => listRows(groups, view), 150);
  }
  return fields;
}
