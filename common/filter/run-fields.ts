/** What a filter, a column and an export can ask of a run, by name. */
import { type JobKind, jobs } from '../jobs/index.ts';
import { durationOf, type RunRecord } from '../records.ts';
import type { Filterable, FilterValue } from './filter.ts';
import { pointFieldOf } from './point-fields.ts';

const plain = {
  id: (run) => run.id,
  name: (run) => run.name,
  kind: (run) => run.kind,
  state: (run) => run.state,
  recipe: (run) => run.recipe,
  parent: (run) => run.parent,
  sweep: (run) => run.sweep,
  device: (run) => run.device,
  epoch: (run) => run.epoch,
  step: (run) => run.step,
  created: (run) => run.createdAt,
  started: (run) => run.startedAt,
  ended: (run) => run.endedAt,
  /** Seconds from its start to its end, or to now. */
  duration: (run) => secondsOf(durationOf(run)),
  error: (run) => run.error?.message,
  star: (run) => run.star,
  tag: (run) => run.tags.join(', '),
  note: (run) => run.note,
  archived: (run) => run.archived,
  /** Of its checkpoints, in MiB. */
  size: (run) => run.sizeBytes / 2 ** 20,
  /** The newest loss. */
  loss: (run) => run.last['epoch/loss'] ?? run.last['step/loss'],
  /** Best kNN accuracy, percent: of the probe during training, or of an evaluation. */
  knn: (run) => run.best['probe/bestAccuracy']?.value ?? numberIn(run.results.knn?.values.bestAccuracy),
} satisfies Record<string, (run: RunRecord) => FilterValue>;

const configFields = new Set((Object.keys(jobs) as JobKind[]).flatMap((kind) => Object.keys(jobs[kind].config.shape)));

/**
 * A plain name, a setting (`batchSize`), or `last:<series>`, `best:<series>`, `bestEpoch:<series>`, `at<epoch>:<series>`,
 * `mean<points>:<series>` (point-fields.ts), `result:<name>/<value>`, `config:<setting>`. A setting whose name a plain
 * field has is reached by `config:`.
 */
export function runValue(run: RunRecord, field: string): FilterValue {
  return readerOf(field)(run);
}

type Reader = (run: RunRecord) => FilterValue;

/** A table asks for the same few fields of thousands of runs: their names are taken apart once. */
const readers = new Map<string, Reader>();
const mostReaders = 2000;

function readerOf(field: string): Reader {
  const known = readers.get(field);
  if (known) return known;
  const reader = newReader(field);
  if (readers.size >= mostReaders) readers.clear();
  readers.set(field, reader);
  return reader;
}

function newReader(field: string): Reader {
  if (Object.hasOwn(plain, field)) return plain[field as keyof typeof plain];
  const parts = /^(last|best|bestEpoch|result|config|at\d+|mean\d+):(.+)$/.exec(field);
  const [, source, name = ''] = parts ?? [undefined, 'config', field];
  switch (source) {
    case 'last':
      return (run) => run.last[name];
    case 'best':
      return (run) => run.best[name]?.value;
    case 'bestEpoch':
      return (run) => run.best[name]?.epoch;
    case 'result': {
      const [result = '', ...path] = name.split('/');
      const joined = path.join('/');
      return (run) => {
        const values = run.results[result]?.values;
        return values && scalar(values[joined] ?? within(values, path));
      };
    }
    case 'config':
      return (run) => scalar(run.config[name]);
    default:
      return (run) => run.measured?.[field];
  }
}

/** Names of fields; what can be read from the points of a series is a field where the series is one. */
class RunFields extends Set<string> {
  override has(field: string): boolean {
    return super.has(field) || super.has(`last:${pointFieldOf(field)?.series}`);
  }
}

/** Every field that some run of these has, and those that any may have. */
export function runFields(runs: readonly RunRecord[]): Set<string> {
  const fields = new RunFields([...Object.keys(plain), ...configFields]);
  for (const name of configFields) fields.add(`config:${name}`);
  // Thousands of runs have the same few names: a field is put together once for each.
  const last = new Set<string>();
  const best = new Set<string>();
  const results = new Map<string, Set<string>>();
  for (const run of runs) {
    for (const name in run.last) last.add(name);
    for (const name in run.best) best.add(name);
    for (const result in run.results) {
      const names = results.get(result) ?? new Set();
      results.set(result, names);
      for (const name in run.results[result]!.values) names.add(name);
    }
  }
  for (const name of last) fields.add(`last:${name}`);
  for (const name of best) fields.add(`best:${name}`).add(`bestEpoch:${name}`);
  for (const [result, names] of results) for (const name of names) fields.add(`result:${result}/${name}`);
  return fields;
}

export function filterableRun(run: RunRecord): Filterable {
  return { text: () => textOf(run), value: (field) => (field === 'tag' ? run.tags : runValue(run, field)) };
}

/** Records are never changed in place, and a filter is asked at each key stroke. */
const knownTexts = new WeakMap<RunRecord, string>();

function textOf(run: RunRecord): string {
  const known = knownTexts.get(run);
  if (known !== undefined) return known;
  const text = wholeText(run);
  knownTexts.set(run, text);
  return text;
}

function wholeText(run: RunRecord): string {
  const settings = Object.entries(run.config).map(([key, value]) => `${key}=${String(value)}`);
  return [run.name, run.id, run.kind, run.recipe, run.sweep, run.state, run.device, ...run.tags, run.note, ...settings]
    .join('\n')
    .toLowerCase();
}

function secondsOf(milliseconds: number | undefined): number | undefined {
  return milliseconds === undefined ? undefined : milliseconds / 1000;
}

function scalar(value: unknown): FilterValue {
  if (Array.isArray(value)) return value.join(' ');
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
}

/** `top/0`, `knn/bestAccuracy`: what lies deeper in a result. */
function within(values: unknown, path: readonly string[]): unknown {
  return path.reduce(
    (found, key) =>
      typeof found === 'object' && found !== null && Object.hasOwn(found, key) ? Reflect.get(found, key) : undefined,
    values,
  );
}

function numberIn(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
