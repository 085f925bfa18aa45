/** Runs that differ by nothing but their seed. */
import { runValue } from '../filter/run-fields.ts';
import type { RunRecord } from '../records.ts';
import { resultsColumn } from './columns.ts';

export interface SeedGroup {
  /** The same for the same settings. */
  key: string;
  name: string;
  /** In the order of their seeds. */
  runs: RunRecord[];
  /** Of each run. Runs with the same one are one measurement that was made again. */
  seeds: string[];
}

/**
 * One run for each seed: of several the newest, of those that have what is asked for where any has. A measurement that
 * was made twice says nothing of the spread over seeds, and would make any interval of a mean too narrow.
 */
export function oneOfEachSeed({ runs, seeds }: SeedGroup, has: (run: RunRecord) => boolean): RunRecord[] {
  if (seeds.every((seed, index) => seed !== seeds[index - 1])) return runs;
  const chosen: RunRecord[] = [];
  runs.forEach((run, index) => {
    const before = chosen.at(-1);
    if (!before || seeds[index] !== seeds[index - 1]) chosen.push(run);
    else if (has(run) === has(before) ? run.createdAt > before.createdAt : has(run)) chosen.splice(-1, 1, run);
  });
  return chosen;
}

/** For `oneOfEachSeed`. */
export function hasField(field: string): (run: RunRecord) => boolean {
  return (run) => (runValue(run, field) ?? null) !== null;
}

/** As many as its runs have seeds. */
export function seedCount({ seeds }: SeedGroup): number {
  return new Set(seeds).size;
}

/** "3 seeds" */
export function seedWords(group: SeedGroup): string {
  const count = seedCount(group);
  return count === 1 ? '1 seed' : `${count} seeds`;
}

/** Each is its own seed: all of them count. */
export function groupOf(key: string, name: string, runs: RunRecord[]): SeedGroup {
  return { key, name, runs, seeds: runs.map(({ id }) => id) };
}

/** Settings by which two runs may differ and yet do the same. */
const unimportant = new Set(['seed', 'device', 'workers', 'memory', 'printFrequency', 'checkpointFolder', 'resume']);

/**
 * Groups in the order of their first run. A checkpoint of one of the known runs stands for the settings of that run, so
 * that evaluations of trainings with several seeds are one group.
 *
 * @param known runs whose checkpoints may be named in a config
 */
export function groupBySeed(runs: readonly RunRecord[], known: readonly RunRecord[] = runs): SeedGroup[] {
  const origins = originsOf(known);
  const groups = Map.groupBy(runs, (run) => knownOf(run, origins).key);
  return [...groups].map(([key, members]) => ({ key, name: commonName(members), ...bySeed(members, origins) }));
}

/**
 * @param by `seed`: runs that differ by their seed alone; `none`: each alone; else a field (filter/run-fields.ts)
 */
export function groupRuns(runs: readonly RunRecord[], by: string, known: readonly RunRecord[] = runs): SeedGroup[] {
  if (by === 'seed') return groupBySeed(runs, known);
  if (by === 'none') return runs.map((run) => groupOf(run.id, run.name, [run]));
  const { label } = resultsColumn({ field: by });
  const groups = Map.groupBy(runs, (run) => String(runValue(run, by) ?? 'none'));
  return [...groups].map(([value, members]) => groupOf(`${by} ${value}`, `${label}: ${value}`, members));
}

function bySeed(runs: RunRecord[], origins: Origins): Pick<SeedGroup, 'runs' | 'seeds'> {
  const seedOfRun = (run: RunRecord) => knownOf(run, origins).seed;
  if (runs.length > 1) runs.sort((a, b) => compareSeeds(seedOfRun(a), seedOfRun(b)) || compare(a.id, b.id));
  return { runs, seeds: runs.map(seedOfRun) };
}

/** What pairs a run of one group with a run of another: its seed, after that of the training that it evaluates. */
export function seedsOf(known: readonly RunRecord[]): (run: RunRecord) => string {
  const origins = originsOf(known);
  return (run) => knownOf(run, origins).seed;
}

/** Which run a checkpoint is of; and what was found out of the runs among these, for the next look at them. */
interface Origins {
  of: (path: string) => { run: RunRecord; rest: string } | undefined;
  known: WeakMap<RunRecord, { key: string; seed: string }>;
}

/** A list is never changed in place, and is grouped again at each key stroke of a filter. */
const knownOrigins = new WeakMap<readonly RunRecord[], Origins>();

function originsOf(known: readonly RunRecord[]): Origins {
  const found = knownOrigins.get(known);
  if (found) return found;
  const byFolder = new Map(known.map((run) => [run.folder, run]));
  const of = (path: string) => {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const run = byFolder.get(path.slice(0, end));
      if (run) return { run, rest: path.slice(end + 1) };
    }
    return undefined;
  };
  const origins = { of, known: new WeakMap() };
  knownOrigins.set(known, origins);
  return origins;
}

const deepest = 8;

function knownOf(run: RunRecord, origins: Origins): { key: string; seed: string } {
  const known = origins.known.get(run);
  if (known) return known;
  const found = { key: groupKey(run, origins), seed: seedOf(run, origins) };
  origins.known.set(run, found);
  return found;
}

function groupKey(run: RunRecord, origins: Origins, depth = 0): string {
  const { settings, paths } = partsOf(run);
  const resolved = paths.map(([key, path]) => {
    const origin = depth < deepest ? origins.of(path) : undefined;
    return [key, origin ? [groupKey(origin.run, origins, depth + 1), origin.rest] : path];
  });
  return resolved.length === 0 ? settings : `${settings} ${JSON.stringify(resolved)}`;
}

/** Settings as one text, and apart from it those that may lead to a checkpoint of another run. */
interface ConfigParts {
  settings: string;
  paths: [key: string, path: string][];
}

/** Records are never changed in place, and thousands are grouped again whenever one of them is new. */
const knownParts = new WeakMap<RunRecord, ConfigParts>();

function partsOf(run: RunRecord): ConfigParts {
  const known = knownParts.get(run);
  if (known) return known;
  const important = Object.entries(run.config)
    .filter(([key]) => !unimportant.has(key))
    .sort(([a], [b]) => compare(a, b));
  const paths = important.filter((entry): entry is [string, string] => {
    const [, value] = entry;
    return typeof value === 'string' && value.includes('/');
  });
  const others = important.filter((entry) => !paths.some((path) => path === entry));
  const parts = { settings: JSON.stringify([run.kind, others]), paths };
  knownParts.set(run, parts);
  return parts;
}

function seedOf(run: RunRecord, origins: Origins, depth = 0): string {
  const own = String(run.config.seed ?? 0);
  for (const key of ['pretrained', 'teacher']) {
    const value = run.config[key];
    const origin = typeof value === 'string' && depth < deepest ? origins.of(value) : undefined;
    if (origin) return `${seedOf(origin.run, origins, depth + 1)}/${own}`;
  }
  return own;
}

const { compare: compareSeeds } = new Intl.Collator('en', { numeric: true });

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What the names have in common when a word about the seed is taken off; else the first of them. */
function commonName([first, ...others]: RunRecord[]): string {
  if (!first || others.length === 0) return first?.name ?? '';
  const bare = (name: string) => name.replace(/[\s,;:·_-]*\(?\bseed[\s=:_-]*\d+\)?/i, '').trim();
  const name = bare(first.name);
  return name !== '' && others.every((run) => bare(run.name) === name) ? name : first.name;
}
