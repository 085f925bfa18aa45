/** The notes of a table of results: one for each protocol, in the order in which a reader meets them, row by row. */
import type { RunRecord } from '../records.ts';
import type { ResultsColumn } from './columns.ts';
import type { SeedGroup } from './groups.ts';
import type { OpenTable } from './open-table.ts';
import { protocolReader } from './protocols.ts';
import type { ResultsRow } from './table.ts';

export interface Notes {
  words: string[];
  /** Index of the note, by what tells it from others. */
  of: ReadonlyMap<string, number>;
}

interface Rows extends Pick<OpenTable, 'column'> {
  groups: readonly SeedGroup[];
  /** Published. */
  others: readonly ResultsRow[];
}

/** Many columns are measured alike: only where a row has a protocol that is not yet among the notes its cells are looked at. */
export function findNotes(columns: readonly ResultsColumn[], { groups, others, column }: Rows): Notes {
  const words: string[] = [];
  const of = new Map<string, number>();
  const add = (key: string, text: () => string) => {
    if (!of.has(key)) of.set(key, words.push(text()) - 1);
  };
  const readers = columns.map(({ field, decimals }) => (decimals === null ? null : protocolReader(field)));
  const alikes = new Set(readers.filter((reader) => reader !== null));
  groups.forEach(({ runs }, row) => {
    let fresh: Set<unknown> | undefined;
    for (const read of alikes) {
      const only = onlyOne(runs, read);
      const isKnown = only === null || (only !== undefined && of.has(only.key));
      if (!isKnown) fresh = (fresh ?? new Set()).add(read);
    }
    if (!fresh) return;
    readers.forEach((read, index) => {
      if (!fresh.has(read)) return;
      const { noteKey } = column(index).gist(row);
      if (noteKey !== null) add(noteKey, () => column(index).bare(row).protocol ?? '');
    });
  });
  for (const { cells } of others) {
    for (const { protocol, protocolKey } of cells) if (protocol !== null) add(protocolKey ?? protocol, () => protocol);
  }
  return { words, of };
}

/** The protocol of those runs that have one; null: none has, undefined: they have several. */
function onlyOne(runs: readonly RunRecord[], read: ReturnType<typeof protocolReader>) {
  let only: ReturnType<typeof read> = null;
  for (const run of runs) {
    const protocol = read(run);
    if (protocol === null) continue;
    if (only !== null && only !== protocol) return undefined;
    only = protocol;
  }
  return only;
}
