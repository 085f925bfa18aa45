/** Checkpoints of runs and imported ones as rows of one table, with what was measured with each. */
import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  type CheckpointResult,
  type CheckpointSummary,
  checkpointIdLength,
  type ImportedFile,
} from '../../common/checkpoints.ts';
import { fileStamp } from '../../system/file-stamp.ts';
import type { ImportedRow, RunCheckpointRow } from '../store/checkpoints.ts';
import type { Store } from '../store/index.ts';

export interface TablePorts {
  store: Store;
  runsFolder: string;
  /** `<workspace>/checkpoints`. */
  folder: string;
}

/** Newest first; a file that a run wrote and that was imported too is one row, the imported one. */
export function checkpointTable(ports: TablePorts, { trashed = false }: { trashed?: boolean }): CheckpointSummary[] {
  const { store } = ports;
  const runRows = store.checkpoints.ofRuns();
  const imported = store.checkpoints.imported();
  const byHash = new Map(runRows.map((row) => [row.sha256, row]));
  const results = bestResults(store, runRows);
  const verdicts = store.checkpoints.verdicts();
  const rows = [
    ...imported.map((row) => importedSummary(ports, row, byHash)),
    ...runRows.map((row) => runSummary(ports, row)),
  ].filter((row) => (row.trashedAt !== null) === trashed);
  const unique = new Map(rows.toReversed().map((row) => [row.sha256, row]));
  return [...unique.values()]
    .map((row) => {
      const verdict = verdicts.get(row.file);
      return { ...row, ...conditionOf(row, verdict), results: results.get(row.sha256) ?? {} };
    })
    .sort((left, right) => right.createdAt.localeCompare(left.createdAt));
}

type Blank = Omit<CheckpointSummary, 'state' | 'problem' | 'verifiedAt' | 'results'>;

function importedSummary({ folder }: TablePorts, row: ImportedRow, runs: Map<string, RunCheckpointRow>): Blank {
  const record = JSON.parse(row.record) as ImportedFile;
  const { sha256, sizeBytes, how, format, layout, arch, stem, head, dim, imageSize, facts, parent } = record;
  const location = join(folder, row.folder);
  const maker = runs.get(sha256) ?? runs.get(parent?.sha256 ?? '');
  return {
    id: sha256.slice(0, checkpointIdLength),
    sha256,
    name: row.name,
    source: 'imported',
    run: maker ? runOf(maker) : null,
    origin: record.original,
    location,
    file: resolve(location, record.file),
    how,
    format,
    layout,
    arch,
    stem,
    head,
    dim,
    imageSize,
    epoch: numberOr(facts.epoch, maker?.epoch),
    step: numberOr(facts.step, maker?.step),
    sizeBytes,
    createdAt: row.createdAt,
    best: false,
    trashedAt: row.trashedAt,
  };
}

function runSummary({ runsFolder }: TablePorts, row: RunCheckpointRow): Blank {
  const config = JSON.parse(row.config) as Record<string, unknown>;
  const text = (name: string) => (typeof config[name] === 'string' ? (config[name] as string) : null);
  const number = (name: string) => (typeof config[name] === 'number' ? (config[name] as number) : null);
  const file = resolve(runsFolder, row.folder, row.path);
  return {
    id: row.sha256.slice(0, checkpointIdLength),
    sha256: row.sha256,
    name: `${row.runName}, epoch ${row.epoch}`,
    source: 'run',
    run: runOf(row),
    origin: row.path,
    location: file,
    file,
    how: 'written',
    format: 'safetensors',
    layout: row.kind === 'distill' ? 'seed' : 'moco',
    arch: text('arch'),
    stem: text('stem'),
    head: text('mlp') ?? (config.studentMlp === true ? 'simple' : 'none'),
    dim: number('embeddingDimension'),
    imageSize: number('imageSize'),
    epoch: row.epoch,
    step: row.step,
    sizeBytes: row.sizeBytes,
    createdAt: row.createdAt,
    best: row.best,
    trashedAt: row.trashedAt,
  };
}

const runOf = ({ runId, runName, kind }: RunCheckpointRow) => ({ id: runId, name: runName, kind });

function numberOr(value: unknown, otherwise: number | undefined): number | null {
  // Files of ours keep their numbers as text.
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : (otherwise ?? null);
}

type Condition = Pick<CheckpointSummary, 'state' | 'problem' | 'verifiedAt'>;

function conditionOf(
  { file, sizeBytes, sha256 }: Blank,
  verdict: { foundSha256: string | null; stamp: string; at: string } | undefined,
): Condition {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (!stat) return { state: 'missing', problem: `There is no file ${file} any more.`, verifiedAt: null };
  // What was found in another version of the file says nothing about this one. Times of files and the clock are not
  // compared: the one may lag behind the other, and a file put back from elsewhere keeps its old time.
  const current = verdict?.stamp === fileStamp(file) ? verdict : undefined;
  const verifiedAt = current?.at ?? null;
  if (stat.size !== sizeBytes) {
    return { state: 'damaged', problem: `It has ${stat.size} bytes instead of ${sizeBytes}.`, verifiedAt };
  }
  if (current?.foundSha256 && current.foundSha256 !== sha256) {
    const problem = `Its SHA-256 is ${current.foundSha256} instead of ${sha256}.`;
    return { state: 'damaged', problem, verifiedAt };
  }
  return { state: 'ok', problem: null, verifiedAt };
}

/** The value of a result that it is judged by; more is better in all of them. */
const measures: Record<string, string> = {
  knn: 'bestAccuracy',
  linear: 'bestTop1',
  transfer: 'bestTop1',
  instdisc: 'top',
};

function bestResults(store: Store, runRows: RunCheckpointRow[]): Map<string, Record<string, CheckpointResult>> {
  const best = new Map<string, Record<string, CheckpointResult>>();
  const add = (sha256: string, name: string, result: CheckpointResult) => {
    const results = best.get(sha256) ?? {};
    if (!results[name] || result.value > results[name].value) results[name] = result;
    best.set(sha256, results);
  };
  for (const { sha256, runId, probe } of runRows) {
    if (probe === null) continue;
    const protocol = { series: 'probe/bestAccuracy' };
    add(sha256, 'probe', { value: probe, measure: 'bestAccuracy', run: runId, protocol });
  }
  for (const { sha256, runId, name, values, protocol } of store.checkpoints.resultsOfUses()) {
    const measure = measures[name];
    const said = measure && values[measure];
    const value = Array.isArray(said) ? said[0] : said;
    if (!measure || typeof value !== 'number') continue;
    const { classifier } = values;
    const file = typeof classifier === 'string' ? { classifier } : {};
    add(sha256, name, { value, measure, run: runId, protocol, ...file });
  }
  return best;
}
