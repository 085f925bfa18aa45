/**
 * A list of runs as it is sent to the pages. What goes over the wire is looked through value by value, for NaN and the
 * like, which takes seconds for thousands of runs; here all runs whose numbers are finite go as one text of JSON.
 */
import type { RunRecord } from './records.ts';

interface RunList {
  rows: RunRecord[];
  total: number;
}

export interface PackedRuns {
  /** JSON: runs, and null for each that is among the `others`. */
  text: string;
  /** In their order: those with a number that JSON cannot write. */
  others: RunRecord[];
  total: number;
}

export function packRuns({ rows, total }: RunList): PackedRuns {
  const others = rows.filter((run) => !isWritable(run));
  const apart = new Set(others);
  return { text: JSON.stringify(rows.map((run) => (apart.has(run) ? null : run))), others, total };
}

export function unpackRuns({ text, others, total }: PackedRuns): RunList {
  const rest = others.values();
  const rows = (JSON.parse(text) as (RunRecord | null)[]).map((run) => run ?? rest.next().value!);
  return { rows, total };
}

function isWritable({ last, best, results, references, alarms, measured }: RunRecord): boolean {
  return [last, best, results, references, alarms, measured].every(hasFiniteNumbers);
}

function hasFiniteNumbers(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return true;
  for (const key in value) if (!hasFiniteNumbers(Reflect.get(value, key))) return false;
  return true;
}
