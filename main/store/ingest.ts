/** What events do to the database: a batch is one transaction, and an event that is already in does nothing. */
import type { RecordedEvent } from '../../common/events.ts';
import { remainingTime } from '../../common/pace.ts';
import { isActive, type Point, type RunState } from '../../common/records.ts';
import { directionOf, isBetter } from '../../common/series.ts';
import type { SqliteDatabase } from './database.ts';
import type { PointStore, SequencedPoint } from './points.ts';
import { parseBest, parseNumbers, type RunRow, writeJson } from './rows.ts';
import type { RunStore } from './runs.ts';

/** What a batch brought, for those who watch the run. */
export interface Ingested {
  seq: number;
  points: Point[];
  supersededFrom: number | null;
  checkpointsChanged: boolean;
}

/** Steps from which the pace is taken, and ends of epochs. */
const paceSteps = 200;
const paceEpochs = 8;

export function createIngest(sqlite: SqliteDatabase, runs: RunStore, points: PointStore) {
  const addCheckpoint = sqlite.prepare(
    `INSERT INTO checkpoints (run_id, path, epoch, step, size_bytes, sha256, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET epoch = excluded.epoch, step = excluded.step, size_bytes = excluded.size_bytes,
       sha256 = excluded.sha256, created_at = excluded.created_at, removed = 0`,
  );
  const addUse = sqlite.prepare(
    'INSERT OR REPLACE INTO checkpoint_uses (run_id, role, sha256, path, at) VALUES (?, ?, ?, ?, ?)',
  );
  const removeCheckpoint = sqlite.prepare('UPDATE checkpoints SET removed = 1, best = 0 WHERE run_id = ? AND path = ?');
  const markBest = sqlite.prepare('UPDATE checkpoints SET best = (path = ?) WHERE run_id = ?');
  const checkpointBytes = sqlite.prepare<[string], { total: number }>(
    'SELECT total(size_bytes) AS total FROM checkpoints WHERE run_id = ? AND removed = 0',
  );
  const addReference = sqlite.prepare(
    'INSERT OR REPLACE INTO reference_levels (run_id, series, name, value) VALUES (?, ?, ?, ?)',
  );
  const addAlarm = sqlite.prepare(
    `INSERT OR REPLACE INTO alarms (run_id, seq, rule, epoch, step, at, value, threshold, message, cure)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  // As points: those of a step carry its own number, the others how many were done.
  const supersedeAlarms = sqlite.prepare(
    "DELETE FROM alarms WHERE run_id = ? AND (step > ? OR (step = ? AND rule = 'not-finite'))",
  );
  const addResult = sqlite.prepare(
    'INSERT OR REPLACE INTO results (run_id, name, "values", protocol) VALUES (?, ?, ?, ?)',
  );

  /** One event's effect on the row; points are collected and written together. */
  function apply(row: RunRow, event: RecordedEvent, batch: Batch) {
    switch (event.type) {
      case 'segment':
        writePoints(row, batch);
        if (event.segment > 0 || row.startedAt) supersede(row, event.step, batch);
        row.startedAt ??= event.time;
        Object.assign(row, { endedAt: null, error: null, progress: null, epoch: event.epoch, step: event.step });
        row.segmentSeq = event.seq;
        if (typeof event.environment.device === 'string') row.device = event.environment.device;
        if (!isActive(row.state)) row.state = 'running';
        break;
      case 'plan':
        Object.assign(row, { epochs: event.epochs, totalSteps: event.totalSteps });
        break;
      case 'metrics':
        addMetrics(row, event, batch);
        break;
      case 'progress':
        Object.assign(row, { stage: event.stage, progress: writeJson({ done: event.done, total: event.total }) });
        break;
      case 'checkpoint': {
        const { path, epoch, step, sizeBytes, sha256, time } = event;
        addCheckpoint.run(row.id, path, epoch, step, sizeBytes, sha256, time);
        batch.checkpointsChanged = true;
        break;
      }
      case 'used':
        addUse.run(row.id, event.role, event.sha256, event.path, event.time);
        break;
      case 'checkpoint-removed':
        removeCheckpoint.run(row.id, event.path);
        batch.checkpointsChanged = true;
        break;
      case 'checkpoint-best':
        markBest.run(event.path, row.id);
        batch.checkpointsChanged = true;
        break;
      case 'reference':
        addReference.run(row.id, event.series, event.name, event.value);
        break;
      case 'alarm': {
        const { seq, rule, epoch, step, time, value, message, cure } = event;
        addAlarm.run(row.id, seq, rule, epoch, step, time, value, writeJson(event.threshold), message, cure);
        break;
      }
      case 'result':
        addResult.run(row.id, event.name, writeJson(event.values), writeJson(event.protocol));
        break;
      case 'failed':
        row.error = writeJson({ code: event.code, message: event.message, cure: event.cure });
        break;
      case 'ended':
        Object.assign(row, {
          state: event.state satisfies RunState,
          stage: event.state,
          endedAt: event.time,
          progress: null,
          remaining: null,
        });
        break;
      case 'log':
        break; // log.txt has it
    }
  }

  function addMetrics(row: RunRow, event: RecordedEvent & { type: 'metrics' }, batch: Batch) {
    const time = Date.parse(event.time);
    for (const [name, value] of Object.entries(event.values)) {
      const series = `${event.group}/${name}`;
      batch.pending.push({ series, step: event.step, epoch: event.epoch, time, seq: event.seq, value });
      batch.last[series] = value;
      const direction = directionOf(series);
      const best = batch.best[series];
      if (direction && (!best || isBetter(direction, value, best.value))) {
        batch.best[series] = { value, epoch: event.epoch, step: event.step };
      }
    }
    // Points of single steps carry the number of the step itself, the others how many were done.
    row.epoch = event.epoch;
    row.step = event.group === 'step' ? event.step + 1 : event.step;
    row.progress = null;
  }

  function writePoints(row: RunRow, batch: Batch) {
    points.add(row.id, batch.pending);
    batch.points.push(...batch.pending);
    batch.pending = [];
  }

  function supersede(row: RunRow, step: number, batch: Batch) {
    points.supersede(row.id, step);
    supersedeAlarms.run(row.id, step, step);
    Object.assign(batch, points.summary(row.id, directionOf));
    batch.points = batch.points.filter((point) => point.step < step + (point.series.startsWith('step/') ? 0 : 1));
    batch.supersededFrom = Math.min(step, batch.supersededFrom ?? step);
    batch.checkpointsChanged = true;
  }

  function pace(row: RunRow) {
    if (row.totalSteps === null || !isActive(row.state)) return null;
    const moments = (name: string, count: number, more: number) =>
      points.tail(row.id, name, count, row.segmentSeq).map(({ step, time }) => ({ steps: step + more, time }));
    const names = points.names(row.id).map(({ name }) => name);
    const ofStep = names.find((name) => name.startsWith('step/'));
    const ofEpoch = names.find((name) => name.startsWith('epoch/'));
    if (!ofStep) return null;
    const epochs = ofEpoch ? moments(ofEpoch, paceEpochs, 0) : [];
    const remaining = remainingTime(moments(ofStep, paceSteps, 1), epochs, row.totalSteps, Date.now());
    return remaining && writeJson(remaining);
  }

  /** `offset` is where in `events.jsonl` the batch ends. */
  return sqlite.transaction((id: string, events: RecordedEvent[], offset: number): Ingested => {
    const row = runs.row(id);
    if (!row) throw new Error(`no run ${id}`);
    const before = { ...row };
    const batch: Batch = {
      pending: [],
      points: [],
      last: parseNumbers(row.last),
      best: parseBest(row.best),
      supersededFrom: null,
      checkpointsChanged: false,
    };
    for (const event of events) {
      if (event.seq <= row.lastSeq) continue;
      apply(row, event, batch);
      row.lastSeq = event.seq;
    }
    writePoints(row, batch);
    if (batch.checkpointsChanged) row.sizeBytes = checkpointBytes.get(id)!.total;
    row.last = writeJson(batch.last);
    row.best = writeJson(batch.best);
    row.eventsOffset = offset;
    row.remaining = pace(row);
    runs.update(id, changedColumns(before, row));
    const { points: added, supersededFrom, checkpointsChanged } = batch;
    return { seq: row.lastSeq, points: added, supersededFrom, checkpointsChanged };
  });
}

interface Batch extends Omit<Ingested, 'seq'> {
  points: SequencedPoint[];
  pending: SequencedPoint[];
  last: Record<string, number>;
  best: Record<string, { value: number; epoch: number; step: number }>;
}

function changedColumns(before: RunRow, after: RunRow): Partial<RunRow> {
  return Object.fromEntries(Object.entries(after).filter(([key, value]) => value !== before[key as keyof RunRow]));
}
