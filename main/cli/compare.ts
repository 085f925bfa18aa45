/** `contrast compare`: runs, checkpoints and published rows side by side at the terminal. */
import type { Command } from 'commander';
import type { CheckpointSummary } from '../../common/checkpoints.ts';
import { AppError } from '../../common/errors.ts';
import { nearestTo } from '../../common/nearest.ts';
import type { RunRecord } from '../../common/records.ts';
import { type ComparedRow, resolveRow, valuesAtCheckpoint } from '../../common/results/compared-rows.ts';
import { type Comparison, compareRows } from '../../common/results/comparison.ts';
import { comparedRows } from '../../common/results/limits.ts';
import { type Published, publishedSets } from '../../common/results/published.ts';
import { parseReference, writeReference } from '../../common/results/references.ts';
import { compareRowSeeds, type SeedVerdict } from '../../common/results/seed-pairs.ts';
import { workspaceFolder } from '../workspace-folder.ts';
import { comparisonWords } from './comparison-words.ts';
import { type Connection, withRouter } from './connect.ts';
import { findRun } from './find-run.ts';
import { tell } from './results.ts';

type Api = Connection['api'];

interface Options {
  workspace?: string;
  json?: boolean;
  baseline?: string;
}

export function addCompare(program: Command): void {
  program
    .command('compare')
    .description('Two to eight rows side by side: results, settings that differ, what may be said over their seeds')
    .argument('<row...>', 'run:<id> or its first letters, run:<id>@<epoch>, checkpoint:<hash>, published:<id>')
    .option('--baseline <row>', 'what the others are held against; left out: the first')
    .option('--workspace <folder>', 'where runs and data are kept')
    .option('--json', 'print the result as one JSON object')
    .action(compare);
}

async function compare(words: string[], options: Options): Promise<void> {
  const { comparison, verdicts } = await withRouter(workspaceFolder(options.workspace), ({ api }) =>
    compared(api, words, options.baseline),
  );
  tell(options, recordOf(comparison, verdicts), comparisonWords(comparison, verdicts));
}

async function compared(api: Api, words: string[], baseline: string | undefined) {
  const [{ rows: runs }, checkpoints, published] = await Promise.all([
    api.runs.list.query({ limit: 10_000, sort: 'createdAt', descending: true }),
    api.checkpoints.list.query({}),
    api.exports.published.query(),
  ]);
  const known = { runs, checkpoints, published, atCheckpoint: new Map<string, Record<string, number>>() };
  const found: ComparedRow[] = [];
  for (const word of baseline === undefined ? words : [baseline, ...words]) {
    const reference = await wholeReference(api, word, known);
    const row = resolveRow(reference, known);
    if (!row) throw new AppError('not-found', `${word} has no such checkpoint any more.`);
    if (row.kind === 'checkpoint') await readValues(api, row, known.atCheckpoint);
    found.push(row.kind === 'checkpoint' ? (resolveRow(row.reference, known) ?? row) : row);
  }
  const rows = [...new Map(found.map((row) => [row.reference, row])).values()];
  if (rows.length < comparedRows.least || rows.length > comparedRows.most) {
    throw new AppError(
      'usage',
      `${rows.length === 1 ? 'One row is' : `${rows.length} rows are`} named; ${comparedRows.least} to ${comparedRows.most} can be compared.`,
    );
  }
  const comparison = compareRows(rows, rows[0]!.reference, published);
  return { comparison, verdicts: compareRowSeeds(comparison, runs) };
}

interface Listed {
  runs: RunRecord[];
  checkpoints: CheckpointSummary[];
  published: Published;
}

/** With the whole id; a run that is in the trash is compared too. */
async function wholeReference(api: Api, word: string, known: Listed): Promise<string> {
  const reference = parseReference(word);
  if (reference.kind === 'run') {
    const run = await findRun(api, reference.id);
    if (!known.runs.some(({ id }) => id === run.id)) known.runs.push(run);
    return writeReference({ ...reference, id: run.id });
  }
  if (reference.kind === 'checkpoint') {
    const checkpoint = await api.checkpoints.get.query({ id: reference.id });
    if (!known.checkpoints.some(({ sha256 }) => sha256 === checkpoint.sha256)) known.checkpoints.push(checkpoint);
    return writeReference({ ...reference, id: checkpoint.id });
  }
  const ids = publishedSets(known.published).map(({ id }) => id);
  if (ids.includes(reference.id)) return word;
  const near = nearestTo(reference.id, ids);
  throw new AppError('not-found', `There is no published row "${reference.id}"${near ? `, but "${near}"` : ''}.`, {
    cure: '"contrast export --all --published --format md" shows what is published.',
  });
}

async function readValues(api: Api, { checkpoint, run }: ComparedRow, into: Map<string, Record<string, number>>) {
  if (!run || !checkpoint || checkpoint.step === null) return;
  const { step, sha256 } = checkpoint;
  const { series } = await api.runs.points.query({ id: run.id, fromStep: step, toStep: step });
  into.set(sha256, valuesAtCheckpoint(series));
}

function recordOf({ baseline, rows, results, settings }: Comparison, verdicts: SeedVerdict[]) {
  return {
    baseline: baseline.reference,
    rows: rows.map(({ reference, kind, name, detail }) => ({ reference, kind, name, detail })),
    results: results.map(({ column, protocol, values }) => ({
      field: column.field,
      label: column.label,
      unit: column.unit,
      better: column.better,
      ...(protocol !== null && { protocol }),
      values: values.map(({ value, delta, why }) => ({
        value,
        delta: delta?.value ?? null,
        verdict: delta?.verdict ?? null,
        ...(why && { why }),
      })),
    })),
    settings,
    seeds: verdicts.map(({ runId, column, seeds, comparison: paired, words: said }) => ({
      run: runId,
      field: column.field,
      seeds,
      ...paired,
      words: said,
    })),
  };
}
