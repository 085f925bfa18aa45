/** Runs: starting, steering, finding and reading them. */
import { basename, join, resolve } from 'node:path';
import { commandLineOf } from '../../common/command-line.ts';
import { AppError } from '../../common/errors.ts';
import { pointFieldOf } from '../../common/filter/point-fields.ts';
import { type JobKind, jobs } from '../../common/jobs/index.ts';
import {
  type CheckpointRecord,
  isActive,
  isResumable,
  type LabelFile,
  type RunMarks,
  type RunRecord,
  type Series,
} from '../../common/records.ts';
import type { RunListUpdate, RunUpdate } from '../../common/updates.ts';
import { isBroken } from '../jobs/discovery.ts';
import type { Indexer } from '../jobs/indexer.ts';
import {
  createRunFolder,
  deleteRunFolder,
  newRunId,
  writeControl,
  writeLabel,
  writeResume,
} from '../jobs/run-folder.ts';
import type { Scheduler } from '../jobs/scheduler.ts';
import type { Store } from '../store/index.ts';
import { labelColumns, labelOf, type RunRow } from '../store/rows.ts';
import type { RunListQuery } from '../store/runs.ts';
import { type LaunchService, refuseErrors } from './launch.ts';
import { readCommand, readLog } from './run-files.ts';
import { nameFor } from './run-names.ts';
import { checkedTags, withoutTags } from './run-tags.ts';
import { watchRun, watchRunList } from './run-watching.ts';
import type { TaskService } from './tasks.ts';

export interface LaunchRequest {
  kind: JobKind;
  /** Values that differ from the defaults are enough. */
  config: Record<string, unknown>;
  name?: string;
  recipe?: string;
  /** The run that this one was made from. */
  parent?: string;
  /** Shared by runs that are queued together, varying some settings. */
  sweep?: string;
  /** The run that this one repeats exactly. */
  reproduces?: string;
  /** One that was written down before, as whose run it is; left out: a new one. */
  id?: string;
}

export interface PointQuery {
  id: string;
  /** All where none is named. */
  series?: string[];
  /** A longer curve is thinned to the least and greatest value of each bucket. */
  maxPoints: number;
  fromStep?: number;
  toStep?: number;
  /** See `PointRange`. */
  thinning?: 'extremes' | 'means' | undefined;
}

export interface LogPart {
  text: string;
  fromByte: number;
  /** Where to read on. */
  toByte: number;
  sizeBytes: number;
}

export interface RunService {
  launch(request: LaunchRequest): Promise<RunRecord>;
  /** With the values of some fields that are read from the points (common/filter/point-fields.ts). */
  list(query: RunListQuery & { measure?: readonly string[] }): { rows: RunRecord[]; total: number };
  /** The same values alone, by run; left out `ids`: of all runs that are not in the trash. */
  measured(query: { ids?: readonly string[]; fields: readonly string[] }): Record<string, Record<string, number>>;
  get(id: string): RunRecord;
  /** `seq` is what `watch` is to go on after. */
  points(query: PointQuery): { series: Series[]; seq: number };
  seriesNames(id: string): { name: string; count: number }[];
  /** The end of log.txt, or the part from a byte on; cut at whole lines. */
  log(id: string, options: { fromByte?: number; maxBytes: number }): Promise<LogPart>;
  checkpoints(id: string): CheckpointRecord[];
  /** A queued run leaves the queue; a running one saves a checkpoint and stops. */
  stop(id: string): Promise<RunRecord>;
  pause(id: string): Promise<RunRecord>;
  /** From its newest checkpoint, or from another one, in the same folder. */
  resume(id: string, checkpoint?: string): Promise<RunRecord>;
  rename(id: string, name: string): RunRecord;
  /** Stars, tags, notes, the archive and colours. */
  mark(ids: string[], change: RunMarks & { addTags?: string[]; removeTags?: string[] }): RunRecord[];
  trash(ids: string[]): RunRecord[];
  restore(ids: string[]): RunRecord[];
  /** The folder with all that is in it; only what is in the trash. */
  deleteForever(ids: string[]): Promise<void>;
  /** What the launch form starts from to make a run like this one. */
  duplicate(id: string): { kind: JobKind; name: string; config: Record<string, unknown>; parent: string };
  command(id: string): Promise<string>;
  watch(id: string, options: { afterSeq?: number; signal?: AbortSignal }): AsyncGenerator<RunUpdate>;
  watchList(options: { signal?: AbortSignal }): AsyncGenerator<RunListUpdate>;
}

export interface RunPorts {
  store: Store;
  indexer: Indexer;
  scheduler: Scheduler;
  launch: LaunchService;
  tasks: TaskService;
  /** Title of a recipe, for a run's name. */
  recipeTitle(id: string): Promise<string>;
  runsFolder: string;
}

export function createRunService(ports: RunPorts): RunService {
  const { store, indexer, scheduler, runsFolder } = ports;

  const folderOf = (row: { folder: string }) => join(runsFolder, row.folder);
  /** The store knows the name of the folder; everybody else wants its path. */
  const present = (record: RunRecord): RunRecord => ({ ...record, folder: folderOf(record) });

  function find(id: string): RunRow {
    const row = store.runs.row(id);
    if (row) return row;
    throw new AppError('not-found', `There is no run ${id}.`, { cure: '"contrast runs ls" lists those there are.' });
  }

  function get(id: string): RunRecord {
    find(id);
    return present(store.runs.get(id)!);
  }

  function refuse(row: RunRow, wish: string, cure: string): never {
    throw new AppError('conflict', `"${row.name}" is ${row.state}: it cannot be ${wish}.`, { cure });
  }

  function label(row: RunRow, change: Partial<LabelFile>): RunRecord {
    const next = { ...labelOf(row), ...change };
    writeLabel(folderOf(row), next);
    store.runs.update(row.id, labelColumns(next));
    indexer.touched(row.id);
    return get(row.id);
  }

  /** The worker is asked by a file, so that it does not matter who started it; one that was asked already is told. */
  async function ask(row: RunRow, command: 'stop' | 'pause') {
    writeControl(folderOf(row), command);
    await indexer.refresh(row.id);
    return get(row.id);
  }

  return {
    get,

    async launch({ kind, config, name, recipe, parent, sweep, reproduces, id = newRunId() }) {
      if (!jobs[kind].recorded) {
        throw new AppError('usage', `"${jobs[kind].title}" is not recorded as a run.`, { cure: 'Start it as a task.' });
      }
      const checked = await ports.launch.check(kind, config);
      refuseErrors(checked.issues);
      const resolved = checked.config!;
      const title = recipe === undefined || name !== undefined ? undefined : await ports.recipeTitle(recipe);
      const file = {
        id,
        kind,
        name: name ?? nameFor(kind, resolved, title, parent === undefined ? undefined : get(parent)),
        createdAt: new Date().toISOString(),
        recipe: recipe ?? null,
        parent: parent ?? null,
        sweep,
        reproduces,
        config: resolved,
      };
      // It was to tell whether to launch; now it would only be in the way.
      await ports.tasks.cancelKind('dry-run');
      const folder = createRunFolder(runsFolder, { file, command: commandLineOf(kind, resolved), state: 'queued' });
      await indexer.add(basename(folder));
      scheduler.kick();
      return get(file.id);
    },

    list({ measure = [], ...query }) {
      const { rows, total } = store.runs.list(query);
      if (measure.length === 0) return { rows: rows.map(present), total };
      return { rows: rows.map((row) => ({ ...present(row), measured: measuredOf(row.id, measure) })), total };
    },

    measured({ ids = store.runs.ids(), fields }) {
      return Object.fromEntries(ids.map((id) => [id, measuredOf(id, fields)]));
    },

    points({ id, series, ...range }) {
      const { lastSeq } = find(id);
      return { series: store.points.read(id, series, range), seq: lastSeq };
    },

    seriesNames(id) {
      find(id);
      return store.points.names(id);
    },

    log: async (id, options) => readLog(folderOf(find(id)), options),

    checkpoints(id) {
      const folder = folderOf(find(id));
      return store.runs.checkpoints(id).map((one) => ({ ...one, file: resolve(folder, one.path) }));
    },

    async stop(id) {
      await scheduler.settled(id);
      const row = find(id);
      if (row.state === 'queued') {
        await scheduler.dequeue(row);
        return get(id);
      }
      if (!isActive(row.state)) refuse(row, 'stopped', 'It has no worker any more.');
      const state = indexer.stateOf(id);
      // Asked a second time: what the command line's second Ctrl-C does, through the first.
      if (row.state === 'stopping' && state?.pid && state.pid !== process.pid) process.kill(state.pid, 'SIGTERM');
      return ask(row, 'stop');
    },

    async pause(id) {
      const row = find(id);
      if (row.state === 'queued') refuse(row, 'paused', 'Hold the queue, or take the run out of it.');
      if (!isActive(row.state)) refuse(row, 'paused', 'It has no worker any more.');
      return ask(row, 'pause');
    },

    async resume(id, checkpoint) {
      const row = find(id);
      if (isBroken(id) || !isResumable(row.state)) refuse(row, 'resumed', 'Duplicate it to run it anew.');
      if (row.trashedAt) refuse(row, 'resumed from the trash', 'Restore it first.');
      const chosen = checkpoint === undefined ? undefined : chosenCheckpoint(row, checkpoint);
      writeResume(folderOf(row), chosen);
      await scheduler.enqueue(row, 0);
      return get(id);
    },

    rename: (id, name) => label(find(id), { name }),

    trash(ids) {
      const rows = ids.map(find);
      for (const row of rows) {
        if (row.state === 'queued' || isActive(row.state)) refuse(row, 'put in the trash', 'Stop it first.');
      }
      const trashedAt = new Date().toISOString();
      return rows.map((row) => label(row, { trashedAt }));
    },

    mark(ids, { addTags = [], removeTags = [], ...marks }) {
      // All are checked before the first is changed.
      const changes = ids.map(find).map((row) => {
        const { star, tags, note, archived } = labelOf(row);
        return {
          row,
          label: {
            star: marks.star ?? star,
            tags: checkedTags([...withoutTags(marks.tags ?? tags, removeTags), ...addTags]),
            note: marks.note ?? note,
            archived: marks.archived ?? archived,
          },
        };
      });
      if (marks.colour !== undefined) store.runColours.give(ids, marks.colour);
      return changes.map((change) => label(change.row, change.label));
    },

    restore: (ids) => ids.map(find).map((row) => label(row, { trashedAt: null })),

    async deleteForever(ids) {
      const rows = ids.map(find);
      for (const row of rows) if (!row.trashedAt) refuse(row, 'deleted', 'Put it in the trash first.');
      for (const row of rows) {
        deleteRunFolder(folderOf(row));
        indexer.forget(row.id);
      }
    },

    duplicate(id) {
      const { kind, name, config } = get(id);
      return { kind, name, config, parent: id };
    },

    async command(id) {
      const row = find(id);
      return (await readCommand(folderOf(row))) ?? commandLineOf(row.kind, JSON.parse(row.config));
    },

    watch(id, options) {
      find(id);
      return watchRun({ store, indexer, present, folderOf }, id, options);
    },

    watchList: (options) => watchRunList({ store, indexer, present }, options),
  };

  function measuredOf(id: string, fields: readonly string[]): Record<string, number> {
    const values: Record<string, number> = {};
    for (const field of fields) {
      const point = pointFieldOf(field);
      if (!point) throw new AppError('usage', `"${field}" is not read from points.`, { field });
      const { series, taken } = point;
      // A single step carries the index of its epoch, everything else how many epochs were done (common/events.ts).
      const value =
        'epoch' in taken
          ? store.points.atEpoch(id, series, series.startsWith('step/') ? taken.epoch - 1 : taken.epoch)
          : store.points.meanOfLast(id, series, taken.last);
      if (value !== undefined) values[field] = value;
    }
    return values;
  }

  /** As the event had it: relative to the run folder where that is possible, so that a moved workspace still fits. */
  function chosenCheckpoint(row: RunRow, path: string): string {
    const known = store.runs.checkpoints(row.id).filter((one) => !one.removed);
    const folder = folderOf(row);
    const found = known.find((one) => resolve(folder, one.path) === resolve(folder, path));
    if (found) return found.path;
    throw new AppError('not-found', `"${row.name}" has no checkpoint ${path}.`, {
      cure: known.length > 0 ? `It has ${known.map((one) => one.path).join(', ')}.` : 'It has none.',
    });
  }
}
