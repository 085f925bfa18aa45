/** Whether two settings differ when all seeds that both were run with are looked at, and in words. */
import { runValue } from '../filter/run-fields.ts';
import type { RunRecord } from '../records.ts';
import { comparePaired, type PairedComparison } from '../statistics.ts';
import { type ResultsColumn, resultsColumn } from './columns.ts';
import { type Comparison, comparedFields } from './comparison.ts';
import { groupBySeed, type SeedGroup, seedsOf } from './groups.ts';
import { formatDelta } from './numbers.ts';
import { protocolKey, protocolOf } from './protocols.ts';

export interface SeedVerdict {
  /** The run that was compared, and of which the group is. */
  runId: string;
  name: string;
  baselineName: string;
  column: ResultsColumn;
  seeds: string[];
  comparison: PairedComparison;
  words: string;
}

/** Of the rows that are runs, where the baseline is one. */
export function compareRowSeeds({ rows, baseline }: Comparison, known: readonly RunRecord[]): SeedVerdict[] {
  const runOf = ({ kind, run }: Comparison['rows'][number]) => (kind === 'run' && run ? [run] : []);
  const [base] = runOf(baseline);
  return base ? compareSeeds(rows.flatMap(runOf), base, known) : [];
}

/**
 * Each of the runs against the baseline, over all seeds that the settings of both were run with; nothing where fewer
 * than two seeds are common.
 *
 * @param known all runs, in which the others of a group are found
 */
export function compareSeeds(
  runs: readonly RunRecord[],
  baseline: RunRecord,
  known: readonly RunRecord[],
): SeedVerdict[] {
  const groups = groupBySeed(known);
  const groupOf = (run: RunRecord) => groups.find((group) => group.runs.some(({ id }) => id === run.id));
  const seedOf = seedsOf(known);
  const base = groupOf(baseline);
  const seen = new Set([base?.key]);
  return runs.flatMap((run) => {
    const group = groupOf(run);
    if (!base || !group || seen.has(group.key)) return [];
    seen.add(group.key);
    return comparedFields([...group.runs, ...base.runs]).flatMap((field) => {
      const verdict = compareGroups(group, base, field, seedOf);
      return verdict ? [{ runId: run.id, ...verdict }] : [];
    });
  });
}

function compareGroups(
  group: SeedGroup,
  base: SeedGroup,
  field: string,
  seedOf: (run: RunRecord) => string,
): Omit<SeedVerdict, 'runId'> | null {
  const column = resultsColumn({ field });
  const others = valuesBySeed(base, field, seedOf);
  const pairs = [...valuesBySeed(group, field, seedOf)].flatMap(([seed, one]) => {
    const other = others.get(seed);
    return other && other.key === one.key ? [{ seed, delta: one.value - other.value }] : [];
  });
  if (pairs.length < 2) return null;
  const comparison = comparePaired(pairs.map(({ delta }) => delta));
  const names = { name: group.name, baselineName: base.name };
  return {
    ...names,
    column,
    seeds: pairs.map(({ seed }) => seed),
    comparison,
    words: verdictWords(comparison, column, names),
  };
}

/** Finite values; of several runs with one seed the newest. */
function valuesBySeed(group: SeedGroup, field: string, seedOf: (run: RunRecord) => string) {
  const values = new Map<string, { value: number; key: string | null; createdAt: string }>();
  for (const run of group.runs) {
    const value = runValue(run, field);
    const seed = seedOf(run);
    if (typeof value !== 'number' || !Number.isFinite(value)) continue;
    if ((values.get(seed)?.createdAt ?? '') > run.createdAt) continue;
    const protocol = protocolOf(run, field);
    values.set(seed, { value, key: protocol && protocolKey(protocol), createdAt: run.createdAt });
  }
  return values;
}

/** What may be said, and no more: "too few seeds" is not "the same". */
function verdictWords(
  comparison: PairedComparison,
  column: ResultsColumn,
  { name, baselineName }: { name: string; baselineName: string },
): string {
  const { pairs, meanDelta, interval, p, leastP, verdict, morePairs } = comparison;
  const unit = column.unit === '%' ? ' points' : '';
  const delta = (value: number) => formatDelta(value, column.decimals);
  const range = interval ? ` (95 % bootstrap interval ${delta(interval[0])} to ${delta(interval[1])})` : '';
  const observed = `Over ${pairs} common seeds ${name} is at ${delta(meanDelta)}${unit} against ${baselineName}${range}, sign-flip p = ${p.toPrecision(2)}.`;
  if (verdict === 'differs') {
    const better = meanDelta > 0 === (column.better === 'maximum');
    return `${observed} It is ${better ? 'better' : 'worse'}.`;
  }
  const more =
    morePairs === null
      ? ''
      : ` About ${morePairs} more ${morePairs === 1 ? 'seed' : 'seeds'} on both sides would tell, if the difference is as large as it looks.`;
  if (verdict === 'too-few-pairs') {
    return `${observed} Too few seeds to tell: with ${pairs} no outcome whatever gives less than p = ${leastP.toPrecision(2)}.${more}`;
  }
  return `${observed} They cannot be told apart.${more}`;
}
