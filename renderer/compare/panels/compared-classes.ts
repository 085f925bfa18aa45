/** Classes and images that several columns have in common: pure. */
import type { ConfusionFile } from '../../../common/confusion.ts';
import type { NeighboursFile } from '../../../common/neighbours.ts';
import { type ClassRow, classRows } from '../../run/results/classes.ts';

export interface ComparedClass {
  name: string;
  images: number;
  /** One for each column; null where it does not know the class. */
  cells: (ClassRow | null)[];
  /** The greatest drop of any column, in percentage points; null without a baseline. */
  drop: number | null;
}

/**
 * The class that lost most first: in one column, else in any; without a baseline the worst first.
 *
 * @param baseline its place among the files; -1: none
 * @param column place of the one to sort by
 */
export function comparedClasses(
  files: readonly ConfusionFile[],
  baseline: number,
  column: number | null,
): ComparedClass[] {
  const byName = files.map((file) => {
    const rows = classRows(file, baseline < 0 ? undefined : files[baseline]);
    return new Map(rows.map((row) => [row.name, row]));
  });
  const names = [...new Set(byName.flatMap((rows) => [...rows.keys()]))];
  const classes = names.map((name): ComparedClass => {
    const cells = byName.map((rows) => rows.get(name) ?? null);
    const drops = cells.flatMap((cell, at) => (at === baseline || cell?.drop == null ? [] : [cell.drop]));
    const images = cells.find((cell) => cell !== null)?.images ?? 0;
    return { name, images, cells, drop: drops.length > 0 ? Math.max(...drops) : null };
  });
  const keyOf = ({ cells, drop }: ComparedClass): number => {
    const cell = column === null ? null : cells[column];
    if (baseline >= 0 && column !== baseline) return -((cell ? cell.drop : drop) ?? Number.NEGATIVE_INFINITY);
    return cell?.accuracy ?? Math.min(...cells.map((one) => one?.accuracy ?? Number.POSITIVE_INFINITY));
  };
  return classes.sort((a, b) => keyOf(a) - keyOf(b) || (a.name < b.name ? -1 : 1));
}

export interface ComparedQuery {
  path: string;
  label: number;
  /** Its place in each of the files. */
  places: number[];
  /** Whether each gave it its own class. */
  right: boolean[];
}

/** Images that every file has looked up, in the order of the first. */
export function commonQueries(files: readonly NeighboursFile[]): ComparedQuery[] {
  const [first] = files;
  if (!first) return [];
  const placesOf = files.map(({ queries }) => new Map(queries.paths.map((path, at) => [path, at])));
  return first.queries.paths.flatMap((path, at): ComparedQuery[] => {
    const places = placesOf.map((byPath) => byPath.get(path) ?? -1);
    if (places.includes(-1)) return [];
    const right = files.map(({ queries }, file) => {
      const place = places[file]!;
      return queries.predicted[place] === queries.labels[place];
    });
    return [{ path, label: first.queries.labels[at]!, places, right }];
  });
}
