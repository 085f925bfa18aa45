/** Points of `results/projection.csv`, and which of them lie where: pure. */
export interface ProjectedPoint {
  path: string;
  label: string;
  x: number;
  y: number;
  /** Of a static set: 0 is the original; null where there are no views. */
  view: number | null;
}

/** Text is quoted as RFC 4180 says. Rows that are not numbers are left out. */
export function readPoints(csv: string): ProjectedPoint[] {
  const [head, ...rows] = recordsOf(csv);
  const at = (name: string) => head?.indexOf(name) ?? -1;
  const [path, label, x, y, view] = ['path', 'label', 'x', 'y', 'view'].map(at) as [
    number,
    number,
    number,
    number,
    number,
  ];
  return rows.flatMap((row) => {
    const point = { path: row[path] ?? '', label: row[label] ?? '', x: Number(row[x]), y: Number(row[y]) };
    const number = view < 0 || !row[view] ? null : Number(row[view]);
    return row.length > y && Number.isFinite(point.x) && Number.isFinite(point.y) ? [{ ...point, view: number }] : [];
  });
}

function recordsOf(csv: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  // A field, quoted or not, and what ends it.
  for (const [, quoted, plain, end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    record.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    if (end === ',') continue;
    if (record.length > 1) records.push(record);
    record = [];
  }
  return records;
}

export interface Place {
  x: number;
  y: number;
}

/** Where the points are drawn on a square of this side, px: one scale for both axes, y upwards. */
export function placesOn(points: readonly ProjectedPoint[], side: number, margin: number): Place[] {
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  const [left, right, low, high] = [least(xs), greatest(xs), least(ys), greatest(ys)];
  const scale = (side - 2 * margin) / Math.max(right - left, high - low, 1e-12);
  return points.map(({ x, y }) => ({
    x: side / 2 + (x - (left + right) / 2) * scale,
    y: side / 2 - (y - (low + high) / 2) * scale,
  }));
}

const least = (values: number[]) => values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
const greatest = (values: number[]) => values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);

/** The nearest within a distance; -1 where there is none. */
export function nearestPlace(places: readonly Place[], { x, y }: Place, within: number): number {
  let [nearest, best] = [-1, within * within];
  for (const [index, place] of places.entries()) {
    const distance = (place.x - x) ** 2 + (place.y - y) ** 2;
    if (distance <= best) [nearest, best] = [index, distance];
  }
  return nearest;
}

/** Whether a place is inside of a closed outline (even-odd rule). */
export function isInside(outline: readonly Place[], { x, y }: Place): boolean {
  let inside = false;
  for (const [index, end] of outline.entries()) {
    const start = outline[(index + outline.length - 1) % outline.length]!;
    if (end.y > y !== start.y > y && x < ((start.x - end.x) * (y - end.y)) / (start.y - end.y) + end.x)
      inside = !inside;
  }
  return inside;
}

/** Colours far apart for classes that follow one another. */
export function classColour(label: number, scheme: 'light' | 'dark'): string {
  if (label < 0) return scheme === 'light' ? '#868e96' : '#8b929a';
  return `hsl(${Math.round((label * 137.508) % 360)} ${scheme === 'light' ? '70% 42%' : '70% 64%'})`;
}
