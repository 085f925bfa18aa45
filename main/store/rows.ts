/** Between rows of the database and the records that the pages see. */
import { reviveNumbers, stringifyNumbers } from '../../common/numbers.ts';
import type { AlarmRecord, LabelFile, Reference, RunRecord } from '../../common/records.ts';
import type { alarms, checkpoints, references, results, runs } from './schema.ts';

export type RunRow = typeof runs.$inferSelect;
export type ResultRow = typeof results.$inferSelect;
export type ReferenceRow = typeof references.$inferSelect;
export type AlarmRow = typeof alarms.$inferSelect;
export type CheckpointRow = typeof checkpoints.$inferSelect;

export function runRecord(
  row: RunRow,
  parts: { results: ResultRow[]; references: ReferenceRow[]; alarms: AlarmRow[]; colour: string | null },
): RunRecord {
  const { eventsOffset: _offset, lastSeq: _seq, segmentSeq: _segment, ...columns } = row;
  const { results, references, alarms, colour } = parts;
  return {
    ...columns,
    colour,
    config: JSON.parse(row.config),
    ...labelOf(row),
    progress: parseOrNull(row.progress),
    remaining: parseOrNull(row.remaining),
    error: parseOrNull(row.error),
    last: parseNumbers(row.last),
    best: parseBest(row.best),
    references: references.map(referenceOf),
    alarms: alarms.map(alarmOf),
    results: Object.fromEntries(
      results.map((result) => [
        result.name,
        { values: reviveNumbers(result.values), protocol: reviveNumbers(result.protocol) },
      ]),
    ),
  };
}

/** What `label.json` says, as columns. */
export function labelColumns({ name, trashedAt, star, tags, note, archived }: LabelFile) {
  return { name, trashedAt, star: Number(star), tags: JSON.stringify(tags), note, archived: Number(archived) };
}

export function labelOf({ name, trashedAt, note, ...row }: RunRow): LabelFile {
  return { name, trashedAt, star: row.star === 1, tags: JSON.parse(row.tags), note, archived: row.archived === 1 };
}

/** NULL is NaN, see schema.ts. */
export function numberOf(value: number | null): number {
  return value ?? Number.NaN;
}

function referenceOf({ series, name, value }: ReferenceRow): Reference {
  return { series, name, value: numberOf(value) };
}

function alarmOf({ runId: _run, seq: _seq, value, threshold, ...alarm }: AlarmRow): AlarmRecord {
  return { ...alarm, value: numberOf(value), threshold: threshold === 'null' ? null : Number(JSON.parse(threshold)) };
}

type Best = RunRecord['best'];

export function parseNumbers(json: string): Record<string, number> {
  const values = JSON.parse(json) as Record<string, number | string>;
  for (const name in values) values[name] = Number(values[name]);
  return values as Record<string, number>;
}

export function parseBest(json: string): Best {
  const values = JSON.parse(json) as Best;
  for (const name in values) values[name]!.value = Number(values[name]!.value);
  return values;
}

export const writeJson = stringifyNumbers;

function parseOrNull<Value>(json: string | null): Value | null {
  return json === null ? null : (JSON.parse(json) as Value);
}
