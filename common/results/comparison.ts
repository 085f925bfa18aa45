/** Runs side by side: results with their difference to a baseline, and the settings in which they differ. */
import { runValue } from '../filter/run-fields.ts';
import type { RunRecord } from '../records.ts';
import { defaultColumns, type ResultsColumn, resultsColumn, settingLabel } from './columns.ts';
import { formatDelta, formatNumber } from './numbers.ts';
import { protocolKey, protocolOf } from './protocols.ts';

export interface Comparison {
  baseline: RunRecord;
  runs: RunRecord[];
  results: ComparedResult[];
  settings: ComparedSetting[];
}

export interface ComparedResult {
  column: ResultsColumn;
  /** One for each run. */
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
  /** One for each run. */
  values: string[];
}

/** @param baselineId one of the runs; left out: the first */
export function compareRuns(runs: readonly RunRecord[], baselineId?: string): Comparison {
  const baseline = runs.find(({ id }) => id === baselineId) ?? runs[0]!;
  return {
    baseline,
    runs: [...runs],
    results: comparedFields(runs).map((field) => comparedResult(runs, baseline, field)),
    settings: differingSettings(runs),
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

function comparedResult(runs: readonly RunRecord[], baseline: RunRecord, field: string): ComparedResult {
  const column = resultsColumn({ field });
  const base = numberOf(baseline, field);
  const baseKey = keyOf(baseline, field);
  const values = runs.map((run): ComparedValue => {
    const value = numberOf(run, field);
    const text = value === null ? '–' : formatNumber(value, column.decimals);
    if (run === baseline || !isFiniteNumber(value) || !isFiniteNumber(base))
      return { value, text, delta: null, why: null };
    if (keyOf(run, field) !== baseKey) return { value, text, delta: null, why: 'measured in another way' };
    return { value, text, delta: deltaOf(value - base, column), why: null };
  });
  return { column, values };
}

/** Judged by what is shown: a difference that reads 0.00 is none. */
function deltaOf(value: number, { better, decimals }: ResultsColumn): Delta {
  const text = formatDelta(value, decimals);
  if (!/[1-9]/.test(text)) return { value, text, verdict: 'same' };
  return { value, text, verdict: value > 0 === (better === 'maximum') ? 'better' : 'worse' };
}

function isFiniteNumber(value: number | null): value is number {
  return value !== null && Number.isFinite(value);
}

function numberOf(run: RunRecord, field: string): number | null {
  const value = runValue(run, field);
  return typeof value === 'number' ? value : null;
}

function keyOf(run: RunRecord, field: string): string | null {
  const protocol = protocolOf(run, field);
  return protocol && protocolKey(protocol);
}

export function differingSettings(runs: readonly RunRecord[]): ComparedSetting[] {
  const keys = [...new Set(runs.flatMap(({ config }) => Object.keys(config)))];
  const settings = keys.map((key) => ({
    key,
    label: settingLabel(key),
    values: runs.map(({ config }) => settingText(config[key])),
  }));
  const kinds = { key: 'kind', label: 'Kind', values: runs.map(({ kind }) => kind as string) };
  return [kinds, ...settings].filter(({ values }) => new Set(values).size > 1);
}

function settingText(value: unknown): string {
  if (value === undefined || value === null || value === '') return '–';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return Array.isArray(value) ? value.join(' ') : String(value);
}
