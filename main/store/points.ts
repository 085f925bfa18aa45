/** Curves: adding to them, hiding what was superseded, and reading them thinned. */
import type { Point, Series } from '../../common/records.ts';
import type { SqliteDatabase } from './database.ts';
import { numberOf } from './rows.ts';

interface PointRow {
  step: number;
  epoch: number;
  time: number;
  value: number | null;
}

export interface SequencedPoint extends Point {
  seq: number;
}

export interface PointRange {
  maxPoints: number;
  /**
   * What is kept of a stretch of a curve: its least and greatest value, or their mean (at its last step). Means are of
   * equal stretches from `fromStep` to `toStep`, so that curves of the same range have them at the same steps.
   */
  thinning?: 'extremes' | 'means' | undefined;
  fromStep?: number;
  toStep?: number;
}

/**
 * Stretch by stretch, so that each is one seek and one short scan: grouping all points would sort them, which takes ten
 * times as long. Of a query with a single min() or max() SQLite takes the other columns from the row that holds it.
 */
const inStretch = 'series_id = @id AND step >= start AND step < start + @width AND step <= @last';
const thinningSql = `
  WITH RECURSIVE
    stretch(start) AS (SELECT @first UNION ALL SELECT start + @width FROM stretch WHERE start + @width <= @last),
    kept(step) AS (
      SELECT (SELECT step FROM (SELECT step, min(value) FROM points WHERE ${inStretch})) FROM stretch
      UNION SELECT (SELECT step FROM (SELECT step, max(value) FROM points WHERE ${inStretch})) FROM stretch
      UNION SELECT (SELECT step FROM points WHERE ${inStretch} AND value IS NULL ORDER BY step LIMIT 1) FROM stretch
      UNION VALUES (@first), (@last))
  SELECT step, epoch, time, value FROM kept JOIN points USING (step) WHERE series_id = @id ORDER BY step`;

/** A stretch with a value that is no number has no mean either. */
const meansSql = `
  WITH RECURSIVE
    stretch(start) AS (SELECT @first UNION ALL SELECT start + @width FROM stretch WHERE start + @width <= @last),
    means(step, mean) AS (
      SELECT (SELECT max(step) FROM points WHERE ${inStretch}),
        (SELECT CASE WHEN count(value) = count(*) THEN avg(value) END FROM points WHERE ${inStretch})
      FROM stretch)
  SELECT step, epoch, time, mean AS value FROM means JOIN points USING (step) WHERE series_id = @id ORDER BY step`;

export type PointStore = ReturnType<typeof createPointStore>;

export function createPointStore(sqlite: SqliteDatabase) {
  const addSeries = sqlite.prepare('INSERT INTO series (run_id, name) VALUES (?, ?) ON CONFLICT DO NOTHING');
  const findSeries = sqlite.prepare<[string, string], { id: number }>(
    'SELECT id FROM series WHERE run_id = ? AND name = ?',
  );
  const listSeries = sqlite.prepare<[string], { id: number; name: string; count: number }>(
    'SELECT id, name, count FROM series WHERE run_id = ? ORDER BY name',
  );
  const addPoint = sqlite.prepare(
    'INSERT INTO points (series_id, step, epoch, time, seq, value) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const replacePoint = sqlite.prepare(
    'UPDATE points SET epoch = ?, time = ?, seq = ?, value = ? WHERE series_id = ? AND step = ?',
  );
  const addToCount = sqlite.prepare('UPDATE series SET count = count + ? WHERE id = ?');
  const removeFrom = sqlite.prepare('DELETE FROM points WHERE series_id = ? AND step >= ?');
  const latest = sqlite.prepare<[number], { seq: number } & PointRow>(
    'SELECT step, epoch, time, seq, value FROM points WHERE series_id = ? ORDER BY step DESC',
  );
  const extent = sqlite.prepare<[number, number, number], { first: number; last: number; count: number }>(
    'SELECT min(step) AS first, max(step) AS last, count(*) AS count FROM points WHERE series_id = ? AND step BETWEEN ? AND ?',
  );
  const all = sqlite.prepare<[number, number, number], PointRow>(
    'SELECT step, epoch, time, value FROM points WHERE series_id = ? AND step BETWEEN ? AND ? ORDER BY step',
  );
  const thinnedRows = sqlite.prepare<Record<string, number>, PointRow>(thinningSql);
  const meanRows = sqlite.prepare<Record<string, number>, PointRow>(meansSql);
  const firstFrom = sqlite.prepare<[number, number], PointRow>(
    'SELECT step, epoch, time, value FROM points WHERE series_id = ? AND step >= ? ORDER BY step LIMIT 1',
  );
  const lastBefore = sqlite.prepare<[number, number], PointRow>(
    'SELECT step, epoch, time, value FROM points WHERE series_id = ? AND step < ? ORDER BY step DESC LIMIT 1',
  );
  const newest = sqlite.prepare<[number, number], { mean: number | null; count: number; numbers: number }>(
    `SELECT avg(value) AS mean, count(*) AS count, count(value) AS numbers
     FROM (SELECT value FROM points WHERE series_id = ? ORDER BY step DESC LIMIT ?)`,
  );
  const bestOf = {
    minimum: sqlite.prepare<[number], PointRow>(
      'SELECT step, epoch, time, value FROM points WHERE series_id = ? ORDER BY value IS NULL, value, step LIMIT 1',
    ),
    maximum: sqlite.prepare<[number], PointRow>(
      'SELECT step, epoch, time, value FROM points WHERE series_id = ? ORDER BY value IS NULL, value DESC, step LIMIT 1',
    ),
  };

  function seriesId(runId: string, name: string): number {
    const known = findSeries.get(runId, name);
    if (known) return known.id;
    addSeries.run(runId, name);
    return findSeries.get(runId, name)!.id;
  }

  /** The ends, and of each of half as many stretches as `maxPoints` its least and greatest value and its first NaN. */
  function thinned(id: number, first: number, last: number, maxPoints: number): PointRow[] {
    const stretches = Math.max(1, Math.floor((maxPoints - 2) / 2));
    return thinnedRows.all({ id, first, last, width: Math.max(1, Math.ceil((last - first + 1) / stretches)) });
  }

  /** The mean of each of `maxPoints` stretches; a stretch of one step is the point itself. */
  function averaged(id: number, first: number | null, last: number | null, maxPoints: number): PointRow[] {
    if (first === null || last === null) return [];
    return meanRows.all({ id, first, last, width: Math.max(1, Math.ceil((last - first + 1) / maxPoints)) });
  }

  return {
    /** Inside the caller's transaction; a series has one point a step, and a later one replaces an earlier one. */
    add(runId: string, points: SequencedPoint[]) {
      const ids = new Map<string, number>();
      const added = new Map<number, number>();
      for (const { series, step, epoch, time, seq, value } of points) {
        const id = ids.get(series) ?? seriesId(runId, series);
        ids.set(series, id);
        if (addPoint.run(id, step, epoch, time, seq, value).changes > 0) added.set(id, (added.get(id) ?? 0) + 1);
        else replacePoint.run(epoch, time, seq, value, id, step);
      }
      for (const [id, count] of added) addToCount.run(count, id);
    },

    /** Removes what earlier segments reported beyond `step`: of single steps from it on, of epochs and probes after it. */
    supersede(runId: string, step: number) {
      for (const { id, name } of listSeries.all(runId)) {
        const removed = removeFrom.run(id, name.startsWith('step/') ? step : step + 1).changes;
        if (removed > 0) addToCount.run(-removed, id);
      }
    },

    names(runId: string): { name: string; count: number }[] {
      return listSeries.all(runId).map(({ name, count }) => ({ name, count }));
    },

    read(runId: string, names: string[] | undefined, range: PointRange): Series[] {
      const wanted = listSeries.all(runId).filter(({ name }) => !names || names.includes(name));
      const from = range.fromStep ?? 0;
      const to = range.toStep ?? Number.MAX_SAFE_INTEGER;
      return wanted.map(({ id, name }) => {
        const { first, last, count } = extent.get(id, from, to)!;
        const rows =
          range.thinning === 'means'
            ? averaged(id, range.fromStep ?? first, range.toStep ?? last, range.maxPoints)
            : count <= range.maxPoints
              ? all.all(id, from, to)
              : thinned(id, first, last, range.maxPoints);
        return {
          name,
          count,
          steps: rows.map((row) => row.step),
          epochs: rows.map((row) => row.epoch),
          times: rows.map((row) => row.time),
          values: rows.map((row) => numberOf(row.value)),
        };
      });
    },

    /** Points of events after `seq`, at most `limit` and one more. They are at the end of their curves. */
    since(runId: string, seq: number, limit: number): Point[] {
      const found: Point[] = [];
      for (const { id, name } of listSeries.all(runId)) {
        const ofSeries: Point[] = [];
        for (const row of latest.iterate(id)) {
          if (row.seq <= seq || found.length + ofSeries.length > limit) break;
          ofSeries.push({
            series: name,
            step: row.step,
            epoch: row.epoch,
            time: row.time,
            value: numberOf(row.value),
          });
        }
        found.push(...ofSeries.reverse());
      }
      return found;
    },

    /** The last points of a series that came after event `afterSeq`, oldest first. */
    tail(runId: string, name: string, count: number, afterSeq: number): { step: number; time: number }[] {
      const id = findSeries.get(runId, name)?.id;
      if (id === undefined) return [];
      const rows: { step: number; time: number }[] = [];
      for (const { step, time, seq } of latest.iterate(id)) {
        if (rows.length >= count || seq < afterSeq) break;
        rows.push({ step, time });
      }
      return rows.reverse();
    },

    /** The last value of an epoch, found by halving as epochs rise with steps; undefined where the epoch has no point. */
    atEpoch(runId: string, name: string, epoch: number): number | undefined {
      const id = findSeries.get(runId, name)?.id;
      const end = id === undefined ? undefined : latest.get(id);
      if (id === undefined || !end || end.epoch < epoch) return undefined;
      let low = 0;
      let high = end.step + 1;
      while (low < high) {
        const middle = Math.floor((low + high) / 2);
        const row = firstFrom.get(id, middle);
        if (!row || row.epoch > epoch) high = middle;
        else low = row.step + 1;
      }
      const found = lastBefore.get(id, low);
      return found?.epoch === epoch ? numberOf(found.value) : undefined;
    },

    /** Of the last points of a series, or of all where there are fewer; NaN where one of them is. */
    meanOfLast(runId: string, name: string, points: number): number | undefined {
      const id = findSeries.get(runId, name)?.id;
      if (id === undefined) return undefined;
      const { mean, count, numbers } = newest.get(id, points)!;
      if (count === 0) return undefined;
      return numbers < count ? Number.NaN : numberOf(mean);
    },

    /** Last and best of every series, read from the points themselves. */
    summary(runId: string, directionOf: (name: string) => 'minimum' | 'maximum' | undefined) {
      const last: Record<string, number> = {};
      const best: Record<string, { value: number; epoch: number; step: number }> = {};
      for (const { id, name } of listSeries.all(runId)) {
        const end = latest.get(id);
        if (!end) continue;
        last[name] = numberOf(end.value);
        const direction = directionOf(name);
        const row = direction && bestOf[direction].get(id);
        if (row) best[name] = { value: numberOf(row.value), epoch: row.epoch, step: row.step };
      }
      return { last, best };
    },
  };
}
