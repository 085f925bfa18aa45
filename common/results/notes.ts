/** The notes of a table of results: one for each protocol, in the order in which a reader meets them, row by row. */
import type { ResultsColumn } from './columns.ts';
import type { SeedGroup } from './groups.ts';
import type { OpenTable } from './open-table.ts';
import { measuredAlike, writtenProtocol } from './protocols.ts';
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
  const alikes = columns.map(({ field, decimals }) => (decimals === null ? null : measuredAlike(field)));
  const fieldOf = new Map(columns.flatMap(({ field }, index) => (alikes[index] ? [[alikes[index], field]] : [])));
  groups.forEach(({ runs }, row) => {
    const fresh = new Set<string>();
    for (const [alike, field] of fieldOf) {
      const keys = runs.map((run) => writtenProtocol(run, field, alike)?.key);
      const isKnown = keys.every((key) => key === keys[0]) && (keys[0] === undefined || of.has(keys[0]));
      if (!isKnown) fresh.add(alike);
    }
    if (fresh.size === 0) return;
    alikes.forEach((alike, index) => {
      if (alike === null || !fresh.has(alike)) return;
      const { noteKey } = column(index).gist(row);
      if (noteKey !== null) add(noteKey, () => column(index).bare(row).protocol ?? '');
    });
  });
  for (const { cells } of others) {
    for (const { protocol, protocolKey } of cells) if (protocol !== null) add(protocolKey ?? protocol, () => protocol);
  }
  return { words, of };
}
