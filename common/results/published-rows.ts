/** Published numbers as rows of a table: one for each system, model and length of training. */
import type { RunRecord } from '../records.ts';
import type { ResultsCell } from './cells.ts';
import type { ResultsColumn } from './columns.ts';
import { formatNumber } from './numbers.ts';
import { protocolKey, protocolOf } from './protocols.ts';
import {
  fitsColumn,
  kindWords,
  type Published,
  type PublishedRow,
  publishedSets,
  whyOtherProtocol,
} from './published.ts';
import type { ResultsRow } from './table.ts';

/**
 * Those that have a number in one of the columns.
 *
 * @param runs one's own, to tell whether they were measured alike
 */
export function publishedRows(
  published: Published,
  columns: readonly ResultsColumn[],
  runs: readonly RunRecord[],
): ResultsRow[] {
  const fits = (row: PublishedRow) =>
    columns.some(({ field }) => fitsColumn(row, published.protocols[row.protocol]!, field));
  return publishedSets(published).flatMap(({ id, numbers }): ResultsRow[] => {
    if (!numbers.some(fits)) return [];
    const [first] = numbers as [PublishedRow];
    const verdicts: (string | null)[] = [];
    const cells = columns.map((column): ResultsCell => {
      const number = numbers.find((row) => fitsColumn(row, published.protocols[row.protocol]!, column.field));
      if (!number) return factCell(first, column);
      const verdict = ownProtocol(number, published, column, runs);
      verdicts.push(verdict.why);
      return numberCell(number, column, verdict.key);
    });
    const others = [...new Set(verdicts)].filter((why) => why !== null);
    const row: ResultsRow = {
      key: id,
      name: first.system,
      runIds: [],
      cells,
      published: {
        source: `${first.source} (${kindWords[first.kind]})`,
        sameProtocol: others.length === 0,
        why: others.length === 0 ? '' : others.join('; '),
      },
    };
    return [row];
  });
}

/** The key of one's own protocol where it is that of the published number, and why it is not. */
export function ownProtocol(
  row: PublishedRow,
  { protocols }: Published,
  { field }: Pick<ResultsColumn, 'field'>,
  runs: readonly RunRecord[],
) {
  const protocol = protocols[row.protocol]!;
  const evaluated = runs.filter((run) => run.results[protocol.evaluation]);
  const alike = evaluated.find((run) => whyOtherProtocol(run, protocol) === null);
  const own = alike && protocolOf(alike, field);
  if (own) return { key: protocolKey(own), why: null };
  const why = evaluated[0]
    ? (whyOtherProtocol(evaluated[0], protocol) ?? 'another measure in this column')
    : `no ${protocol.evaluation} result here`;
  return { key: `published ${row.protocol}`, why };
}

/** With its spread and its runs, and with no more digits than the source gives. */
export function publishedNumber(row: PublishedRow, { decimals }: Pick<ResultsColumn, 'decimals'>): string {
  const spread = row.spread === undefined ? '' : ` ± ${row.spread}`;
  const runs = row.runs === undefined ? '' : ` (n = ${row.runs})`;
  const digits = String(row.value).split('.')[1]?.length ?? 0;
  return `${formatNumber(row.value, Math.max(digits, Math.min(1, decimals ?? 0)))}${spread}${runs}`;
}

function numberCell(row: PublishedRow, column: ResultsColumn, key: string): ResultsCell {
  return {
    text: publishedNumber(row, column),
    value: row.value,
    summary: null,
    notFinite: 0,
    protocol: `published: ${row.protocol}`,
    protocolKey: key,
    rank: null,
    note: null,
  };
}

function factCell({ model, epochs }: PublishedRow, { field }: ResultsColumn): ResultsCell {
  const value = /^(config:)?arch$/.test(field) ? model : /^(config:)?epochs$/.test(field) ? (epochs ?? null) : null;
  return {
    text: value === null ? '' : String(value),
    value,
    summary: null,
    notFinite: 0,
    protocol: null,
    protocolKey: null,
    rank: null,
    note: null,
  };
}
