/** The rows of the table of runs: groups with their runs below them, in order. Pure. */
import { runValue } from '../../common/filter/run-fields.ts';
import type { RunRecord } from '../../common/records.ts';
import { hasField, oneOfEachSeed, type SeedGroup } from '../../common/results/groups.ts';
import type { RunsView } from '../../common/runs-view.ts';

export type RunRow =
  | { type: 'run'; id: string; run: RunRecord; inGroup: boolean }
  | { type: 'group'; id: string; group: SeedGroup; folded: boolean };

interface Listing extends Pick<RunsView, 'groupBy' | 'sort' | 'folded'> {
  /** Keys of groups that are the other way than `folded` says. */
  turned: ReadonlySet<string>;
}

/**
 * A group is sorted by its mean, its runs by their own values; a group of one by seed is that run.
 *
 * @param groups of `groupRuns` by `groupBy`
 */
export function listRows(
  groups: readonly SeedGroup[],
  { groupBy, sort, folded, turned }: Listing,
): { rows: RunRow[]; groups: number } {
  const sorted = sortBy(
    groups,
    sort,
    (group) => sortKey(oneOfEachSeed(group, hasField(sort.field)), sort),
    ({ runs: [first] }) => first!,
  );
  let many = 0;
  const rows = sorted.flatMap((group): RunRow[] => {
    const [first] = group.runs;
    if (groupBy === 'none' || (groupBy === 'seed' && group.runs.length === 1)) return [runRow(first!, false)];
    many++;
    const isFolded = folded !== turned.has(group.key);
    const head: RunRow = { type: 'group', id: `group ${group.key}`, group, folded: isFolded };
    if (isFolded) return [head];
    const members = sortBy(
      group.runs,
      sort,
      (run) => sortKey([run], sort),
      (run) => run,
    );
    return [head, ...members.map((run) => runRow(run, true))];
  });
  return { rows, groups: many };
}

function runRow(run: RunRecord, inGroup: boolean): RunRow {
  return { type: 'run', id: run.id, run, inGroup };
}

type Key = number | string | null;

/** The mean of what is finite; of texts and times the end that comes first; null is last, whichever the direction. */
function sortKey(runs: readonly RunRecord[], { field, descending }: RunsView['sort']): Key {
  const values = runs
    // What waits is as new as it was made.
    .map((run) => runValue(run, field) ?? (field === 'started' ? run.createdAt : null))
    .filter((value) => value !== null);
  const numbers = values.map((value) => (typeof value === 'boolean' ? Number(value) : value));
  if (numbers.every((value) => typeof value === 'number')) {
    const finite = numbers.filter(Number.isFinite);
    return finite.length === 0 ? null : finite.reduce((sum, value) => sum + value, 0) / finite.length;
  }
  if (times.has(field))
    return (
      numbers
        .map(String)
        .sort()
        .at(descending ? -1 : 0) ?? null
    );
  const texts = numbers.map(String).sort(compareText);
  return texts.at(descending ? -1 : 0) || null;
}

/** Equal ones: the newest first. */
function sortBy<Item>(
  items: readonly Item[],
  { field, descending }: RunsView['sort'],
  keyOf: (item: Item) => Key,
  runOf: (item: Item) => RunRecord,
): Item[] {
  const sign = descending ? -1 : 1;
  const compare = times.has(field) ? compareTimes : compareText;
  return items
    .map((item) => ({ item, key: keyOf(item), run: runOf(item) }))
    .sort((a, b) => {
      if (a.key === null || b.key === null) {
        if (a.key !== b.key) return a.key === null ? 1 : -1;
      } else if (typeof a.key === 'number' && typeof b.key === 'number') {
        if (a.key !== b.key) return sign * (a.key - b.key);
      } else {
        const order = compare(String(a.key), String(b.key));
        if (order !== 0) return sign * order;
      }
      return compareTimes(b.run.createdAt, a.run.createdAt);
    })
    .map(({ item }) => item);
}

/** ISO-8601: their order is that of their letters, which takes no dictionary. */
const times = new Set(['created', 'started', 'ended']);
const compareTimes = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
const { compare: compareText } = new Intl.Collator('en', { numeric: true });
