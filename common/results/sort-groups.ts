/** Rows of a table of results in the order of one of its columns. */
import { runValue } from '../filter/run-fields.ts';
import type { RunRecord } from '../records.ts';
import { cellOfGroup, wordOf } from './cells.ts';
import { resultsColumn } from './columns.ts';
import type { SeedGroup } from './groups.ts';

type Key = number | string | null;

/** What is not a finite number comes last, whichever the direction. */
export function sortGroups(
  groups: readonly SeedGroup[],
  { field, descending }: { field: string; descending: boolean },
): SeedGroup[] {
  const column = resultsColumn({ field });
  const sign = descending ? -1 : 1;
  const keyOf = (group: SeedGroup): Key =>
    group.runs.length === 1 ? sortValue(group.runs[0]!, field) : cellOfGroup(group, column).value;
  return groups
    .map((group) => ({ group, key: keyOf(group) }))
    .sort(({ key: one }, { key: other }) => {
      if (isMissing(one) || isMissing(other)) return Number(isMissing(one)) - Number(isMissing(other));
      if (typeof one === 'number' && typeof other === 'number') return sign * (one - other);
      return sign * compareWords(String(one), String(other));
    })
    .map(({ group }) => group);
}

/** The value of the cell of a run alone. */
export function sortValue(run: RunRecord, field: string): Key {
  const value = runValue(run, field) ?? null;
  return value === null || typeof value === 'number' ? value : wordOf(value);
}

function isMissing(value: Key): boolean {
  return value === null || (typeof value === 'number' && !Number.isFinite(value));
}

const { compare: compareWords } = new Intl.Collator('en', { numeric: true });
