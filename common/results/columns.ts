/** What is known of a column of results by its field (common/filter/run-fields.ts): its words, its better end, its digits. */
import { fieldsOf } from '../fields.ts';
import { pointFieldOf } from '../filter/point-fields.ts';
import { runValue } from '../filter/run-fields.ts';
import { type JobKind, jobs } from '../jobs/index.ts';
import type { RunRecord } from '../records.ts';
import type { Direction } from '../series.ts';
import type { ColumnChoice } from './definition.ts';

export interface ResultsColumn {
  field: string;
  label: string;
  /** Behind the label: "%". */
  unit: string;
  /** Which end is better; undefined where neither is, and then nothing is ranked. */
  better: Direction | undefined;
  /** Digits behind the point; null: the number as it is. */
  decimals: number | null;
}

const plainLabels: Record<string, string> = {
  id: 'Run',
  name: 'Name',
  kind: 'Kind',
  state: 'State',
  recipe: 'Recipe',
  parent: 'Made from',
  device: 'Device',
  epoch: 'Epoch',
  step: 'Step',
  created: 'Created',
  started: 'Started',
  ended: 'Ended',
  duration: 'Duration',
  error: 'Error',
  size: 'Size',
  loss: 'Loss',
  knn: 'kNN',
  star: 'Star',
  tag: 'Tags',
  note: 'Note',
  'result:drift/cka': 'Linear CKA',
  'result:drift/overlap': 'Neighbour overlap',
};

const plainUnits: Record<string, string> = { size: 'MiB', duration: 's' };

const resultNames: Record<string, string> = { knn: 'kNN', instdisc: 'Instance discrimination', stats: '' };
const measurementNames: Record<string, string> = { 'probe/bestAccuracy': 'kNN', 'probe/bestK': 'kNN, k' };

export function resultsColumn({ field, decimals }: ColumnChoice): ResultsColumn {
  const measurement = measurementOf(field);
  const better = measurement === undefined ? undefined : betterEnd(measurement);
  const isPercent = measurement !== undefined && percents.test(measurement);
  const ownDigits = measurement === undefined ? null : isPercent ? 2 : 4;
  return {
    field,
    label: labelOf(field),
    unit: isPercent ? '%' : (plainUnits[field] ?? ''),
    better,
    decimals: measurement === undefined ? null : (decimals ?? ownDigits),
  };
}

const percents = /accuracy(AllPairs)?$|(^|best)(acc|top)\d+$|^top\/\d+$|^agreement$|^knn$/i;
const lesserIsBetter = /loss$|alignment|uniformity|^divergence$/i;

/** The accuracies of the field are better when they are greater, its losses and distances when they are less. */
function betterEnd(measurement: string): Direction | undefined {
  if (percents.test(measurement)) return 'maximum';
  return lesserIsBetter.test(measurement) ? 'minimum' : undefined;
}

/** The name of what was measured; undefined for a setting, a name, a time. */
function measurementOf(field: string): string | undefined {
  if (field === 'loss' || field === 'knn') return field;
  const [, series] = /^(?:last|best|at\d+|mean\d+):(.+)$/.exec(field) ?? [];
  if (series) return series.slice(series.indexOf('/') + 1);
  const [, value] = /^result:[^/]+\/(.+)$/.exec(field) ?? [];
  return value === undefined ? undefined : value.replace(/^knn\//, '');
}

function labelOf(field: string): string {
  const plain = plainLabels[field];
  if (plain !== undefined) return plain;
  const parts = /^(last|best|bestEpoch|result|config|at\d+|mean\d+):(.+)$/.exec(field);
  const [, source, name = ''] = parts ?? [undefined, 'config', field];
  if (source === 'config') return settingLabel(name);
  if (source === 'result') {
    const [result = '', ...path] = name.split('/');
    return capitalised(`${resultNames[result] ?? wordsOf(result)} ${pathWords(path)}`.trim());
  }
  const group = name.startsWith('probe/') ? 'epoch' : name.slice(0, name.indexOf('/'));
  const words = measurementNames[name] ?? capitalised(wordsOf(name.slice(name.indexOf('/') + 1)));
  return `${words} (${takenWords(field, source, group)})`;
}

/** Which of the points of a series: "last epoch", "epoch 20", "mean of the last 5 steps". */
function takenWords(field: string, source: string | undefined, group: string): string {
  if (source === 'bestEpoch') return 'epoch of the best';
  const taken = pointFieldOf(field)?.taken;
  if (!taken) return `${source} ${group}`;
  return 'epoch' in taken ? `at epoch ${taken.epoch}` : `mean of the last ${taken.last} ${group}s`;
}

/** `top/0` is the first of a list: top 1. */
function pathWords(path: string[]): string {
  return path.map((part) => (/^\d+$/.test(part) ? String(Number(part) + 1) : wordsOf(part))).join(' ');
}

/** What a column can be, each thing once: a setting by its full name, unless its bare one means something else. */
export function offeredFields(fields: ReadonlySet<string>): string[] {
  return [...fields].filter((field) => plainLabels[field] !== undefined || !fields.has(`config:${field}`)).sort();
}

/** The label of a setting in the first kind of job that has it. */
export function settingLabel(key: string): string {
  settingLabels ??= new Map(
    (Object.keys(jobs) as JobKind[])
      .toReversed()
      .flatMap((kind) => fieldsOf(jobs[kind].config).map((field) => [field.key, field.label] as const)),
  );
  return settingLabels.get(key) ?? capitalised(wordsOf(key));
}

/** Made when it is first asked for: reading all schemas takes longer than drawing a table. */
let settingLabels: ReadonlyMap<string, string> | undefined;

/** alignmentDSd -> alignment D SD */
export function wordsOf(name: string): string {
  const words = name.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').split(' ');
  return words.map((word) => (/^(D|Sd)$/.test(word) ? word.toUpperCase() : word.toLowerCase())).join(' ');
}

function capitalised(text: string): string {
  return /^[a-z]+[A-Z]/.test(text) ? text : text.charAt(0).toUpperCase() + text.slice(1);
}

const headlines = [
  'best:probe/bestAccuracy',
  'result:knn/bestAccuracy',
  'result:linear/top1',
  'result:linear/top5',
  'result:transfer/top1',
  'result:transfer/top5',
  'result:instdisc/top/0',
  'result:stats/alignmentDSd',
  'result:stats/uniformityD',
  'result:drift/cka',
  'result:drift/overlap',
  'last:epoch/loss',
];

/** What one wants to see first: what tells the runs apart, then the headline of each measure that some run has. */
export function defaultColumns(runs: readonly RunRecord[]): ColumnChoice[] {
  const isThere = (field: string) => runs.some((run) => runValue(run, field) !== undefined);
  return ['kind', 'config:arch', 'config:epochs', ...headlines].filter(isThere).map((field) => ({ field }));
}
