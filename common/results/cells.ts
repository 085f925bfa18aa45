/** What is written in a cell of a table of results: decided here, once, for the page and for every format. */
import { runValue } from '../filter/run-fields.ts';
import type { RunRecord } from '../records.ts';
import { type Summary, summarise } from '../statistics.ts';
import type { ResultsColumn } from './columns.ts';
import { hasField, oneOfEachSeed, type SeedGroup } from './groups.ts';
import { formatNumber } from './numbers.ts';
import { writtenProtocol } from './protocols.ts';

export interface ResultsCell {
  /** As it is shown, without marks: "61.20 ± 0.84", "NaN", "resnet18". */
  text: string;
  /** The mean over seeds, or the one value. */
  value: number | string | null;
  /** Of the values that are finite; null where the cell is no number, or is published. */
  summary: Summary | null;
  /** Values that are NaN or infinite: they are in no mean. */
  notFinite: number;
  /** As words; null where nothing was measured. */
  protocol: string | null;
  /** Tells protocols apart, also those of the same words. */
  protocolKey: string | null;
  rank: 'best' | 'second' | null;
  /** Index into the table's notes. */
  note: number | null;
}

/** Of runs that are one row: of each seed one. Else as `cellOf`. */
export function cellOfGroup(group: SeedGroup, column: ResultsColumn): ResultsCell {
  return cellOf(oneOfEachSeed(group, hasField(column.field)), column);
}

/** Without its rank and its note, which are those of a whole table (open-table.ts). */
export function cellOf(runs: RunRecord[], column: ResultsColumn): ResultsCell {
  const values = runs
    .map((run) => runValue(run, column.field))
    .filter((value) => value !== undefined && value !== null);
  const numbers = values.filter((value) => typeof value === 'number');
  const isSetting = column.decimals === null;
  if (values.length === 0) return emptyCell;
  if (isSetting || numbers.length < values.length) return settingCell(values, column);

  const protocols = new Map<string, () => string>();
  for (const run of runs) {
    const protocol = typeof runValue(run, column.field) === 'number' ? writtenProtocol(run, column.field) : null;
    if (protocol) protocols.set(protocol.key, protocol.words);
  }
  const [key, words] = [...protocols][0] ?? [null, null];
  // A mean over several ways of measuring would be a number without a meaning.
  if (protocols.size > 1)
    return {
      ...emptyCell,
      text: 'several protocols',
      protocol: [...protocols.values()].map((written) => written()).join('; or '),
    };
  const summary = summarise(numbers);
  const notFinite = numbers.length - summary.n;
  const value = numbers.length === 1 ? numbers[0]! : summary.n > 0 ? summary.mean : numbers[0]!;
  return {
    ...emptyCell,
    value,
    summary,
    notFinite,
    protocol: words?.() ?? null,
    protocolKey: key,
    text: textOf(value, { summary, notFinite, column, rowRuns: runs.length }),
  };
}

interface Shown {
  summary: Summary;
  notFinite: number;
  column: ResultsColumn;
  rowRuns: number;
}

/** "61.20 ± 0.84", and how many runs it is of where that is not all of the row's. */
function textOf(value: number, { summary, notFinite, column, rowRuns }: Shown): string {
  const text = formatNumber(value, column.decimals);
  const half = summary.interval ? (summary.interval[1] - summary.interval[0]) / 2 : null;
  const mean = half === null ? text : `${text} ± ${formatNumber(half, column.decimals)}`;
  const seen = summary.n + notFinite;
  if (rowRuns === 1 || (notFinite === 0 && seen === rowRuns)) return mean;
  const broken = notFinite > 0 && summary.n > 0 ? `, ${notFinite} not finite` : '';
  return `${mean} (n = ${summary.n > 0 ? summary.n : seen}${broken})`;
}

function settingCell(values: (string | number | boolean)[], column: ResultsColumn): ResultsCell {
  const texts = [
    ...new Set(
      values.map((value) => (typeof value === 'number' ? formatNumber(value, column.decimals) : wordOf(value))),
    ),
  ];
  const [only] = values;
  const one = texts.length === 1 && only !== undefined;
  return {
    ...emptyCell,
    text: texts.join(', '),
    value: one ? (typeof only === 'number' ? only : wordOf(only)) : texts.join(', '),
  };
}

export function wordOf(value: string | boolean | number): string {
  return value === true ? 'yes' : value === false ? 'no' : String(value);
}

const emptyCell: ResultsCell = {
  text: '',
  value: null,
  summary: null,
  notFinite: 0,
  protocol: null,
  protocolKey: null,
  rank: null,
  note: null,
};
