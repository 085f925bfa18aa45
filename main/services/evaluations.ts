/** The grid of evaluations: what runs have measured already, and runs for what they have not. */
import { basename, resolve } from 'node:path';
import { typeIssues } from '../../common/config-issues.ts';
import { asAppError } from '../../common/errors.ts';
import {
  type EvaluationGrid,
  type GridCell,
  type GridColumn,
  headlinesOf,
  type Measure,
  measureKey,
  resultOf,
} from '../../common/evaluations.ts';
import { jobs } from '../../common/jobs/index.ts';
import { isActive, type LaunchedTask, type RunRecord } from '../../common/records.ts';
import type { Store } from '../store/index.ts';
import type { CheckpointService } from './checkpoints.ts';
import type { DataSummarizer } from './data-summary.ts';
import { createDataVerdicts } from './data-verdicts.ts';
import { createEstimator, type Measured, measuredRuns, provenanceOf } from './evaluation-estimates.ts';
import type { RunService } from './runs.ts';
import type { TaskService } from './tasks.ts';

export interface GridRequest {
  /** SHA-256 of each. */
  checkpoints: string[];
  measures: Measure[];
}

export interface CellRequest {
  /** SHA-256. */
  checkpoint: string;
  measure: Measure;
}

export interface NeighboursRequest {
  /** Id or path. */
  checkpoint: string;
  /** Folder that is searched. */
  data: string;
  /** File whose neighbours are looked for. */
  image: string;
  neighbours?: number | undefined;
}

/** What became of a cell that was to be run. */
export type Launched = { runId: string } | { refused: { message: string; cure: string | undefined } };

export interface EvaluationService {
  grid(request: GridRequest): Promise<EvaluationGrid>;
  /** Queues a run for each, in this order; one that is refused does not keep the others. */
  launch(cells: CellRequest[]): Promise<Launched[]>;
  neighbours(request: NeighboursRequest): Promise<LaunchedTask>;
}

export interface EvaluationPorts {
  store: Store;
  checkpoints: Pick<CheckpointService, 'list' | 'locate'>;
  runs: Pick<RunService, 'launch'>;
  tasks: Pick<TaskService, 'start' | 'watch'>;
  summarize: DataSummarizer;
}

interface ResolvedColumn extends GridColumn {
  key: string;
  folder: string;
  measure: Measure;
}

export function createEvaluationService({
  store,
  checkpoints,
  runs,
  tasks,
  summarize,
}: EvaluationPorts): EvaluationService {
  const verdicts = createDataVerdicts(tasks);

  /** Whether its images are those that lie in the folder now; null: being found out. */
  function isOfData({ run, folder }: Measured, column: ResolvedColumn): boolean | null {
    const fingerprints = provenanceOf(run).map(({ sha256 }) => sha256);
    if (folder !== column.folder && fingerprints.length === 0) return false;
    column.data = verdicts.of(column.folder);
    if (column.data.state === 'checking') return null;
    if (column.data.state === 'unknown' || fingerprints.length === 0) return folder === column.folder;
    const now = verdicts.found(column.folder);
    if (fingerprints.every((one) => now.sha256.has(one))) return true;
    // It may have taken some of the images only; those are what they were where nothing has changed since it began.
    return folder === column.folder && run.startedAt !== null && now.changedMs < Date.parse(run.startedAt);
  }

  function cellOf(found: Measured[], column: ResolvedColumn, estimateMs: number | null): GridCell {
    const here = found.filter(({ folder }) => folder === column.folder);
    const active = here.find(({ run }) => run.state === 'queued' || isActive(run.state));
    if (active) return { state: 'active', runId: active.run.id, run: active.run.state };
    let changed: string | null = null;
    for (const measured of found) {
      const { run } = measured;
      const result = run.state === 'finished' ? resultOf(run) : undefined;
      if (!result) continue;
      const same = isOfData(measured, column);
      if (same === null) return { state: 'checking' };
      if (same) return knownCell(run, result.values);
      if (measured.folder === column.folder) changed ??= run.id;
    }
    const newest = here[0]?.run;
    if (newest?.state === 'failed') {
      return { state: 'failed', runId: newest.id, message: messageOf(newest), estimateMs };
    }
    return { state: 'open', estimateMs, changed };
  }

  return {
    async grid({ checkpoints: chosen, measures }) {
      const known = checkpoints.list({});
      const bySha = new Map(known.map((one) => [one.sha256, one]));
      const measured = measuredRuns(store, known);
      const found = Map.groupBy(measured, ({ key, sha256 }) => `${sha256} ${key}`);
      const columns = measures.map(resolvedColumn);
      const estimate = await createEstimator({ measured, checkpoints: bySha, columns, summarize });
      const cells = chosen.map((sha256) => {
        const checkpoint = bySha.get(sha256);
        return columns.map((column): GridCell => {
          if (!checkpoint) return { state: 'impossible', message: 'The checkpoint is no longer in this workspace.' };
          const cell = cellOf(found.get(`${sha256} ${column.key}`) ?? [], column, estimate(checkpoint, column));
          const runnable = cell.state !== 'open' && cell.state !== 'failed';
          if (runnable || checkpoint.state === 'ok') return cell;
          return { state: 'impossible', message: checkpoint.problem ?? `The checkpoint is ${checkpoint.state}.` };
        });
      });
      return { columns: columns.map(({ config, problem, data }) => ({ config, problem, data })), cells };
    },

    neighbours({ checkpoint, data, image, neighbours }) {
      return tasks.start('neighbours', {
        pretrained: checkpoints.locate(checkpoint),
        data: resolve(data),
        image: resolve(image),
        ...(neighbours !== undefined && { neighbours }),
      });
    },

    async launch(cells) {
      const bySha = new Map(checkpoints.list({}).map((one) => [one.sha256, one]));
      const launched: Launched[] = [];
      for (const { checkpoint, measure } of cells) {
        const found = bySha.get(checkpoint);
        try {
          const { kind, config } = measure;
          const pretrained = found?.location ?? checkpoint;
          const name = `${jobs[kind].title}: ${found?.name ?? checkpoint}, ${basename(String(config.data ?? ''))}`;
          const run = await runs.launch({ kind, config: { ...config, pretrained }, name: name.slice(0, 200) });
          launched.push({ runId: run.id });
        } catch (thrown) {
          const { code, message, cure } = asAppError(thrown);
          if (code === 'internal') throw thrown;
          launched.push({ refused: { message, cure } });
        }
      }
      return launched;
    },
  };
}

function resolvedColumn(measure: Measure): ResolvedColumn {
  const { kind, config } = measure;
  const folder = resolve(String(config.data ?? ''));
  const whole = { ...config, pretrained: '-', data: folder };
  const parsed = jobs[kind].config.safeParse(whole);
  const problem = typeIssues(kind, whole)[0]?.message ?? null;
  return {
    config: parsed.success ? parsed.data : null,
    problem,
    data: null,
    key: measureKey(measure),
    folder,
    measure,
  };
}

function knownCell(run: RunRecord, values: Record<string, unknown>): GridCell {
  const { provenance } = values as { provenance?: { measuredAt?: string } };
  const measuredAt = provenance?.measuredAt ?? run.endedAt ?? run.createdAt;
  return { state: 'known', runId: run.id, headlines: headlinesOf(run.kind, values), measuredAt };
}

function messageOf({ error }: RunRecord): string {
  return error ? [error.message, error.cure].filter(Boolean).join(' ') : 'It failed without a word; its log may tell.';
}
