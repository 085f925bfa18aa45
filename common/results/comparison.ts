/** Rows side by side: results with their difference to a baseline, and the settings in which they differ. */
import { runValue } from '../filter/run-fields.ts';
import type { RunRecord } from '../records.ts';
import { defaultColumns, type ResultsColumn, resultsColumn, settingLabel } from './columns.ts';
import {
  type Candidate,
  type ComparableSettings,
  type ComparedRow,
  numbersOf,
  publishedFields,
} from './compared-rows.ts';
import { formatDelta, formatNumber } from './numbers.ts';
import type { Published } from './published.ts';

export interface Comparison {
  baseline: ComparedRow;
  rows: ComparedRow[];
  results: ComparedResult[];
  settings: ComparedSetting[];
}

export interface ComparedResult {
  column: ResultsColumn;
  /** In words, where the rows have the same number by several protocols, each in a line of its own; else null. */
  protocol: string | null;
  /** One for each row. */
  values: ComparedValue[];
}

export interface ComparedValue {
  value: number | null;
  text: string;
  /** Against the baseline; null for the baseline, and where one of both is no finite number. */
  delta: Delta | null;
  /** Why there is no difference though both have a number. */
  why: string | null;
}

export interface Delta {
  value: number;
  text: string;
  verdict: 'better' | 'worse' | 'same';
}

export interface ComparedSetting {
  key: string;
  label: string;
  /** One for each row. */
  values: string[];
}

/**
 * @param baselineReference of one of the rows; left out: the first
 * @param published of which published rows are
 */
export function compareRows(
  rows: readonly ComparedRow[],
  baselineReference?: string,
  published?: Published,
): Comparison {
  const baseline = rows.find(({ reference }) => reference === baselineReference) ?? rows[0]!;
  const fields = comparedFields(rows.flatMap(({ sources }) => sources));
  return {
    baseline,
    rows: [...rows],
    results: [...new Set([...fields, ...publishedFields(rows, published)])].flatMap((field) =>
      comparedResults(rows, baseline, field, published),
    ),
    settings: differingSettings(rows.map(({ settings }) => settings)),
  };
}

/** The headlines first, then whatever else has a better end. */
export function comparedFields(runs: readonly RunRecord[]): string[] {
  const first = defaultColumns(runs).map(({ field }) => field);
  const others = runs.flatMap((run) => [
    ...Object.keys(run.best).map((name) => `best:${name}`),
    ...Object.keys(run.last)
      .filter((name) => !name.startsWith('step/'))
      .map((name) => `last:${name}`),
    ...Object.entries(run.results).flatMap(([name, { values }]) =>
      Object.keys(values).map((value) => `result:${name}/${value}`),
    ),
  ]);
  return [...new Set([...first, ...others.sort()])].filter(
    (field) =>
      resultsColumn({ field }).better !== undefined && runs.some((run) => typeof runValue(run, field) === 'number'),
  );
}

/** One line; where a row has the number by several protocols, one for each of them: protocols are never mixed. */
function comparedResults(
  rows: readonly ComparedRow[],
  baseline: ComparedRow,
  field: string,
  published: Published | undefined,
): ComparedResult[] {
  const column = resultsColumn({ field });
  const numbers = rows.map((row) => numbersOf(row, field, rows, published));
  const base = numbers[rows.indexOf(baseline)]!;
  if (numbers.every(({ length }) => length < 2)) {
    const line = numbers.map(([only]) => only);
    return [{ column, protocol: null, values: line.map((one) => comparedValue(one, base[0], column)) }];
  }
  const inOrder = [...base, ...numbers.flat()];
  return [...new Map(inOrder.map(({ key, words }) => [key, words]))].map(([key, words]) => {
    const of = (candidates: Candidate[]) => candidates.find((one) => one.key === key);
    return { column, protocol: words, values: numbers.map((own) => comparedValue(of(own), of(base), column)) };
  });
}

function comparedValue(one: Candidate | undefined, base: Candidate | undefined, column: ResultsColumn): ComparedValue {
  if (!one) return { value: null, text: '–', delta: null, why: null };
  const shown = {
    value: one.value,
    text: one.text ?? formatNumber(one.value, column.decimals),
    delta: null,
    why: null,
  };
  if (!base || one === base || !Number.isFinite(one.value) || !Number.isFinite(base.value)) return shown;
  if (one.key === base.key) return { ...shown, delta: deltaOf(one.value - base.value, column) };
  return { ...shown, why: whyApart(one, base) };
}

function whyApart(one: Candidate, base: Candidate): string {
  const why = one.why ?? base.why;
  return why ? `another protocol (${why})` : 'measured in another way';
}

/** Judged by what is shown: a difference that reads 0.00 is none. */
function deltaOf(value: number, { better, decimals }: ResultsColumn): Delta {
  const text = formatDelta(value, decimals);
  if (!/[1-9]/.test(text)) return { value, text, verdict: 'same' };
  return { value, text, verdict: value > 0 === (better === 'maximum') ? 'better' : 'worse' };
}

export function differingSettings(all: readonly ComparableSettings[]): ComparedSetting[] {
  const keys = [...new Set(all.flatMap(({ config }) => Object.keys(config)))];
  const lines = keys.map((key) => ({ key, label: settingLabel(key), found: all.map((one) => settingOf(one, key)) }));
  const kinds = { key: 'kind', label: 'Kind', found: all.map(({ kind }) => kind) };
  return [kinds, ...lines]
    .filter(({ found }) => new Set(found.filter((text) => text !== undefined)).size > 1)
    .map(({ key, label, found }) => ({ key, label, values: found.map((text) => text ?? '–') }));
}

/** Undefined: not known, which differs from nothing. */
function settingOf({ config, partial }: ComparableSettings, key: string): string | undefined {
  return partial && config[key] === undefined ? undefined : settingText(config[key]);
}

function settingText(value: unknown): string {
  if (value === undefined || value === null || value === '') return '–';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return Array.isArray(value) ? value.join(' ') : String(value);
}
