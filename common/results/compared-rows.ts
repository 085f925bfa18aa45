/** Rows of a comparison: what their references (references.ts) stand for, and the numbers that each has. */
import type { CheckpointSummary } from '../checkpoints.ts';
import { measureKinds, resultOf } from '../evaluations.ts';
import { runValue } from '../filter/run-fields.ts';
import { isTraining, jobs } from '../jobs/index.ts';
import type { RunRecord, Series } from '../records.ts';
import { protocolKey, protocolOf, protocolWords } from './protocols.ts';
import {
  fieldOfPublished,
  fitsColumn,
  kindWords,
  type Published,
  type PublishedSet,
  publishedSets,
} from './published.ts';
import { ownProtocol, publishedNumber } from './published-rows.ts';
import { checkpointReference, parseReference, type Reference, runReference, writeReference } from './references.ts';

export interface ComparedRow {
  /** As it is saved and linked, with whole ids. */
  reference: string;
  kind: Reference['kind'];
  name: string;
  /** What it is, in words: "Linear evaluation", "arXiv 2107.14762, Figure 1 (read off the figure)". */
  detail: string;
  settings: ComparableSettings;
  /** Records whose numbers it has, its own one first. */
  sources: RunRecord[];
  /** Whose curves it has; null: there are none. */
  run: RunRecord | null;
  /** Its curves end here; null: where those of the run do. */
  toStep: number | null;
  /** The weights behind it: of a training its best, else its last checkpoint. */
  checkpoint: CheckpointSummary | null;
  published: PublishedSet | null;
}

/** The settings of a row; `partial`: one that is not there is not known. */
export interface ComparableSettings {
  kind?: string;
  config: Record<string, unknown>;
  partial?: boolean;
}

export interface Known {
  /** Newest first. */
  runs: readonly RunRecord[];
  checkpoints: readonly CheckpointSummary[];
  published: Published | undefined;
  /** What was measured when a checkpoint was written: by SHA-256, then by series. */
  atCheckpoint: ReadonlyMap<string, Record<string, number>>;
}

/** Undefined where nothing here has this reference; throws `usage` where it is none. */
export function resolveRow(text: string, known: Known): ComparedRow | undefined {
  const reference = parseReference(text);
  const { kind, id, at } = reference;
  if (kind === 'published') {
    const set = known.published && publishedSets(known.published).find((one) => one.id === id);
    return set && publishedRow(set);
  }
  if (kind === 'checkpoint') {
    const found = known.checkpoints.find(({ sha256 }) => sha256.startsWith(id.toLowerCase()));
    return found && checkpointRow(found, known);
  }
  const run = known.runs.find((one) => one.id === id);
  if (!run || at === undefined) return run && runRow(run, known);
  const own = checkpointsOf(run, known);
  const found =
    at === 'best' ? standingCheckpoint(own) : at === 'last' ? own.at(-1) : own.find(({ epoch }) => epoch === at);
  return found && checkpointRow(found, known);
}

function runRow(run: RunRecord, known: Known): ComparedRow {
  const checkpoint = isTraining(run.kind) ? standingCheckpoint(checkpointsOf(run, known)) : measuredBy(run, known);
  const more = isTraining(run.kind) && checkpoint ? evaluationsOf(checkpoint, known.runs) : [];
  const stands = checkpoint && isTraining(run.kind) ? `, weights after epoch ${checkpoint.epoch}` : '';
  return {
    reference: runReference(run.id),
    kind: 'run',
    name: run.name,
    detail: `${jobs[run.kind].title}${stands}`,
    settings: { kind: run.kind, config: { ...run.config, ...(isTraining(run.kind) && { epoch: run.epoch }) } },
    sources: [run, ...more],
    run,
    toStep: null,
    checkpoint: checkpoint ?? null,
    published: null,
  };
}

function checkpointRow(checkpoint: CheckpointSummary, known: Known): ComparedRow {
  const { id, sha256, name, source, epoch, step, arch, stem, head, dim, imageSize } = checkpoint;
  const run = known.runs.find((one) => one.id === checkpoint.run?.id) ?? null;
  const last = known.atCheckpoint.get(sha256) ?? {};
  // Its run as it stood when the file was written: what came later is none of its numbers.
  const own = run && { ...run, last, best: {}, results: {}, epoch: epoch ?? run.epoch };
  const facts = { arch, stem, mlp: head, embeddingDimension: dim, imageSize };
  const said = Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== null));
  return {
    reference: checkpointReference(id),
    kind: 'checkpoint',
    name,
    detail: `${source === 'imported' ? 'Imported checkpoint' : 'Checkpoint'}${epoch === null ? '' : `, epoch ${epoch}`}`,
    settings: run
      ? { kind: run.kind, config: { ...run.config, epoch } }
      : { config: { ...said, ...(epoch !== null && { epoch }) }, partial: true },
    sources: [...(own ? [own] : []), ...evaluationsOf(checkpoint, known.runs)],
    run,
    toStep: step,
    checkpoint,
    published: null,
  };
}

function publishedRow(set: PublishedSet): ComparedRow {
  const { system, model, epochs, source, kind } = set.numbers[0]!;
  return {
    reference: writeReference({ kind: 'published', id: set.id }),
    kind: 'published',
    name: `${system}, ${model}${epochs === undefined ? '' : `, ${epochs} epochs`}`,
    detail: `Published: ${source} (${kindWords[kind]})`,
    settings: { config: { arch: model, ...(epochs !== undefined && { epochs }) }, partial: true },
    sources: [],
    run: null,
    toStep: null,
    checkpoint: null,
    published: set,
  };
}

/** By step. */
function checkpointsOf(run: RunRecord, { checkpoints }: Known): CheckpointSummary[] {
  const own = checkpoints.filter(({ run: maker, source }) => source === 'run' && maker?.id === run.id);
  return own.sort((a, b) => (a.step ?? 0) - (b.step ?? 0));
}

function standingCheckpoint(own: CheckpointSummary[]): CheckpointSummary | undefined {
  return own.find(({ best }) => best) ?? own.at(-1);
}

function measuredBy(run: RunRecord, { checkpoints }: Known): CheckpointSummary | undefined {
  return checkpoints.find((checkpoint) => isOf(run, checkpoint));
}

/** Finished evaluations of it; what was measured while a classifier was trained is none of its numbers. */
function evaluationsOf(checkpoint: CheckpointSummary, runs: readonly RunRecord[]): RunRecord[] {
  const found = runs.filter(
    (run) => run.state === 'finished' && measureKinds.includes(run.kind) && isOf(run, checkpoint) && resultOf(run),
  );
  return found.map((run) => ({ ...run, last: {}, best: {} }));
}

function isOf(run: RunRecord, { sha256, location, file }: CheckpointSummary): boolean {
  const provenance = resultOf(run)?.values.provenance as { checkpointSha256?: string } | undefined;
  if (provenance?.checkpointSha256) return provenance.checkpointSha256 === sha256;
  return run.config.pretrained === location || run.config.pretrained === file;
}

/** A number of a row, with how it was measured. */
export interface Candidate {
  value: number;
  /** The same for the same protocol; null for what has none. */
  key: string | null;
  /** The protocol in words. */
  words: string;
  /** Of a published number: as its source writes it. */
  text?: string;
  /** Of a published number: what tells its protocol from one's own; null where it is the same. */
  why?: string | null;
}

/** One for each protocol that the field was measured with, the newest of each. */
export function numbersOf(
  row: ComparedRow,
  field: string,
  all: readonly ComparedRow[],
  known?: Published,
): Candidate[] {
  if (row.published && known) return publishedNumbers(row.published, field, all, known);
  const found = new Map<string | null, Candidate>();
  for (const run of row.sources) {
    const value = runValue(run, field);
    if (typeof value !== 'number') continue;
    const protocol = protocolOf(run, field);
    const key = protocol && protocolKey(protocol);
    if (!found.has(key)) found.set(key, { value, key, words: protocol ? protocolWords(protocol) : '' });
  }
  return [...found.values()];
}

function publishedNumbers(
  { numbers }: PublishedSet,
  field: string,
  all: readonly ComparedRow[],
  known: Published,
): Candidate[] {
  const fitting = numbers.filter((row) => fitsColumn(row, known.protocols[row.protocol]!, field));
  return fitting.map((row) => {
    const { key, why } = ownProtocol(
      row,
      known,
      { field },
      all.flatMap(({ sources }) => sources),
    );
    const text = publishedNumber(row, { decimals: 1 });
    return { value: row.value, key, words: `published: ${row.protocol}`, text, why };
  });
}

/** Fields that the published numbers among the rows stand in. */
export function publishedFields(rows: readonly ComparedRow[], known: Published | undefined): string[] {
  const numbers = rows.flatMap(({ published }) => published?.numbers ?? []);
  return numbers.flatMap((row) => (known && fieldOfPublished(row, known.protocols[row.protocol]!)) ?? []);
}

/** What its run had measured when a checkpoint was written, of the points at that step. */
export function valuesAtCheckpoint(series: readonly Series[]): Record<string, number> {
  // A step's own measurements carry the step that they lead to: at this one there is another yet.
  const fitting = series.filter(({ name, values }) => !name.startsWith('step/') && values.length > 0);
  return Object.fromEntries(fitting.map(({ name, values }) => [name, values[0]!]));
}
