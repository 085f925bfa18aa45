/**
 * A sweep: one config, some of its settings with several values each, every combination a run, times seeds.
 * Values are a list (`0.03, 0.06`), a range (`0.01..0.1 x 3`, `0.01..0.1 x 3 log`, `0.1..0.5 by 0.1`, of whole numbers
 * also `1..5`), or a list of both.
 */
import { AppError } from './errors.ts';
import { type Field, fieldsOf } from './fields.ts';
import { type JobKind, jobs } from './jobs/index.ts';
import type { Issue } from './launch.ts';
import { nearestTo } from './nearest.ts';
import { changeWords, namedBy } from './run-names.ts';

/** A setting (by key or flag) and its values as they are typed. */
export interface Variation {
  field: string;
  values: string;
}

export interface SweepRequest {
  kind: JobKind;
  /** What the runs have in common. */
  config: Record<string, unknown>;
  variations: Variation[];
  /** Each combination runs with this many seeds, from that of `config` on. */
  seeds: number;
  /** What the runs' names begin with; left out: the recipe's title, the parent's name or the job and its data. */
  name?: string;
  recipe?: string;
  parent?: string;
  /** What a dry run found, of these settings. */
  measured?: { config: Record<string, unknown>; secondsPerStep: number };
}

/** One combination. */
export interface SweptRun {
  config: Record<string, unknown>;
  /** `lr 0.03→0.06, seed 2`. */
  changes: string;
}

export interface PlannedRun {
  name: string;
  changes: string;
  issues: Issue[];
  /** Null where it cannot be known yet. */
  totalSteps: number | null;
  /** At the pace of a dry run or of earlier runs whose steps cost the same; null where there is none. */
  seconds: number | null;
  diskBytes: number | null;
}

/** What a sweep would do; sums are of the runs for which it is known. */
export interface SweepPlan {
  runs: PlannedRun[];
  totalSteps: number;
  seconds: number;
  /** For so many of the runs the time is known. */
  timedRuns: number;
  diskBytes: number;
  freeDiskBytes: number | null;
}

/** More runs than these are queued only by somebody who says so. */
export const mostUnconfirmed = 50;
const mostRuns = 1000;

/** Settings that can take several values. */
export function sweepable(kind: JobKind): Field[] {
  return fieldsOf(jobs[kind].config).filter(({ kind }) => kind !== 'text' && kind !== 'integers');
}

/** `lr=0.03,0.06` as it stands at the command line. */
export function parseVariation(text: string): Variation {
  const [, field, values] = /^\s*(?:--)?([^=\s]+)\s*=(.*)$/.exec(text) ?? [];
  if (field !== undefined && values !== undefined) return { field, values };
  throw new AppError('usage', `"${text}" is no variation.`, { cure: 'Name a setting and its values: lr=0.03,0.06.' });
}

/** By its key, a flag or its label; throws `config-invalid` naming the nearest. */
export function sweptField(kind: JobKind, name: string): Field {
  const fields = sweepable(kind);
  const namesOf = (field: Field) => [field.key, ...field.flags.map((flag) => flag.replace(/^-+/, ''))];
  const wanted = name.trim().replace(/^-+/, '');
  const found = fields.find((field) => namesOf(field).includes(wanted) || field.label === wanted);
  if (found) return found;
  const other = fieldsOf(jobs[kind].config).find((field) => namesOf(field).includes(wanted));
  if (other) {
    throw new AppError('config-invalid', `${other.label} cannot be varied: it is no number and no choice.`, {
      field: other.key,
    });
  }
  const near = nearestTo(wanted, fields.flatMap(namesOf));
  throw new AppError('config-invalid', `There is no setting "${name}" to vary.`, {
    cure: near ? `Did you mean ${near}?` : undefined,
  });
}

/** Different values in the order given; throws `config-invalid` naming the part that cannot be read. */
export function parseValues(field: Field, text: string): unknown[] {
  const parts = text.split(',').map((part) => part.trim());
  if (text.trim() === '') refuse(field, text, 'it needs at least one value');
  const values = parts.flatMap((part): unknown[] => {
    if (part === '') return refuse(field, text, 'there is nothing between two commas');
    if (field.kind === 'choice') return [choiceOf(field, part)];
    if (field.kind === 'boolean') return [switchOf(field, part)];
    return part.includes('..') ? rangeOf(field, part) : [numberOf(field, part)];
  });
  return [...new Set(values)];
}

/** All combinations, the last setting changing fastest and the seed faster still. Throws `config-invalid`. */
export function expandSweep({ kind, config, variations, seeds }: SweepRequest): SweptRun[] {
  if (!Number.isInteger(seeds) || seeds < 1) {
    throw new AppError('config-invalid', `The number of seeds is ${seeds}; it must be a whole number from 1.`);
  }
  const axes = variations.map(({ field: name, values }) => {
    const field = sweptField(kind, name);
    return { field, values: parseValues(field, values) };
  });
  if (seeds > 1) axes.push(seedAxis(kind, config, seeds));
  const twice = axes.find(({ field }, at) => axes.findIndex((other) => other.field.key === field.key) < at);
  if (twice) {
    throw new AppError('config-invalid', `${twice.field.label} is varied twice.`, {
      cure: 'Put all of its values into one list.',
    });
  }
  const count = axes.reduce((product, { values }) => product * values.length, 1);
  if (count > mostRuns) {
    throw new AppError('config-invalid', `The sweep has ${count} runs; at most ${mostRuns} are queued at once.`, {
      cure: 'Vary fewer settings together, or take fewer values.',
    });
  }
  let runs: { config: Record<string, unknown>; words: string[] }[] = [{ config, words: [] }];
  for (const { field, values } of axes) {
    const before = config[field.key] ?? field.default;
    runs = runs.flatMap((run) =>
      values.map((value) => ({
        config: { ...run.config, [field.key]: value },
        words: [...run.words, changeWords(field, before, value)],
      })),
    );
  }
  return runs.map(({ config, words }) => ({ config, changes: words.join(', ') }));
}

/** What a run of a sweep is called. */
export function sweptName(origin: string, changes: string): string {
  return changes === '' ? origin : namedBy(origin, changes);
}

function seedAxis(kind: JobKind, config: Record<string, unknown>, seeds: number) {
  const field = sweptField(kind, 'seed');
  const first = Number(config.seed ?? field.default);
  return { field, values: Array.from({ length: seeds }, (_, index) => first + index) };
}

function rangeOf(field: Field, text: string): number[] {
  const shape = /^(\S+?)\s*\.\.\s*(\S+?)(?:\s*[x×*]\s*(\d+)(?:\s+(log))?|\s+by\s+(\S+))?$/.exec(text);
  if (!shape) return refuse(field, text, 'a range is written 0.01..0.1 x 3, with "log" behind it or not');
  const [from, to] = [numberOf(field, shape[1]!), numberOf(field, shape[2]!)];
  const logarithmic = shape[4] !== undefined;
  if (shape[3] === undefined) return stepped(field, text, from, to, shape[5]);
  const count = Number(shape[3]);
  if (count < 2 || count > mostRuns) return refuse(field, text, `a range has 2 to ${mostRuns} values`);
  if (logarithmic && (from <= 0 || to <= 0)) return refuse(field, text, 'a logarithmic range needs ends above 0');
  return Array.from({ length: count }, (_, index) => {
    const share = index / (count - 1);
    const value = logarithmic ? from * (to / from) ** share : from + (to - from) * share;
    if (index === 0 || index === count - 1) return index === 0 ? from : to;
    return field.kind === 'integer' ? Math.round(value) : rounded(value);
  });
}

function stepped(field: Field, text: string, from: number, to: number, by: string | undefined): number[] {
  if (by === undefined && field.kind !== 'integer') {
    return refuse(field, text, 'say how many values: "x 3", or how far apart: "by 0.1"');
  }
  const distance = by === undefined ? 1 : numberOf(field, by);
  if (distance <= 0) return refuse(field, text, 'the distance must be above 0');
  // A ten-thousandth of a step for what binary fractions miss.
  const steps = Math.floor(Math.abs(to - from) / distance + 1e-4);
  if (steps >= mostRuns) return refuse(field, text, `a range has at most ${mostRuns} values`);
  return Array.from({ length: steps + 1 }, (_, index) => rounded(from + Math.sign(to - from) * index * distance));
}

/** What is left of binary fractions goes: 0.1 + 0.2 is 0.3. */
function rounded(value: number): number {
  return Number(value.toPrecision(12));
}

function numberOf(field: Field, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) return refuse(field, text, 'it is not a number');
  if (field.kind === 'integer' && !Number.isInteger(value)) return refuse(field, text, 'it is not a whole number');
  return value;
}

function choiceOf(field: Field, text: string): string {
  const choices = field.choices ?? [];
  if (choices.includes(text)) return text;
  const near = nearestTo(text, choices);
  return refuse(field, text, near ? `did you mean ${near}?` : `it must be one of ${choices.join(', ')}`);
}

const switches = new Map([
  ['on', true],
  ['true', true],
  ['yes', true],
  ['off', false],
  ['false', false],
  ['no', false],
]);

function switchOf(field: Field, text: string): boolean {
  return switches.get(text.toLowerCase()) ?? refuse(field, text, 'it is on or off');
}

function refuse(field: Field, text: string, why: string): never {
  throw new AppError('config-invalid', `${field.label}, "${text.trim()}": ${why}.`, { field: field.key });
}
