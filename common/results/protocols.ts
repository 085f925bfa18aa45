/**
 * How a number was measured. Two numbers may be ranked or subtracted only where their protocols are the same; the seed
 * is no part of it.
 */
import { type PointField, pointFieldOf } from '../filter/point-fields.ts';
import { isTraining } from '../jobs/index.ts';
import type { RunRecord } from '../records.ts';
import { wordsOf } from './columns.ts';

export type Protocol = Record<string, unknown>;

/** Of the value that a field has in a run; null for what is not measured: settings, names, times. */
export function protocolOf(run: RunRecord, field: string): Protocol | null {
  const [, source, name] = /^(last|best|result):(.+)$/.exec(field) ?? [];
  if (source === 'result') {
    const result = run.results[name!.split('/')[0]!];
    return result ? { ...result.protocol, data: run.config.data } : null;
  }
  if (source) return seriesProtocol(run, name!, `${source} epoch`);
  const point = pointFieldOf(field);
  if (point) return seriesProtocol(run, point.series, takenWords(point));
  if (field === 'loss') return seriesProtocol(run, 'epoch/loss', 'last epoch');
  if (field !== 'knn') return null;
  if (run.best['probe/bestAccuracy']) return seriesProtocol(run, 'probe/bestAccuracy', 'best epoch');
  return protocolOf(run, 'result:knn/bestAccuracy');
}

function takenWords({ taken }: PointField): string {
  return 'epoch' in taken ? `epoch ${taken.epoch}` : `mean of the last ${taken.last}`;
}

function seriesProtocol({ kind, config }: RunRecord, series: string, taken: string): Protocol {
  if (!isTraining(kind)) {
    const { data, imageSize, epochs, learningRate, batchSize, cachedFeatures } = config;
    return { measure: kind, data, imageSize, epochs, learningRate, batchSize, cachedFeatures, taken };
  }
  if (series.startsWith('probe/')) {
    return {
      measure: 'best-NN probe in training',
      data: config.probe || config.data,
      imageSize: config.imageSize,
      fit: config.probeFit,
      maxNeighbours: config.probeNeighbours,
      probeLimit: config.probeLimit,
      taken,
    };
  }
  // A contrastive loss or accuracy is one among 1 + K: another queue or temperature is another measure.
  const { queueLength, temperature, studentTemperature, teacherTemperature, data } = config;
  return {
    measure: kind === 'distill' ? 'distillation' : 'training',
    data,
    queueLength,
    temperature,
    studentTemperature,
    teacherTemperature,
    taken: taken === 'last epoch' && series.startsWith('step/') ? 'last step' : taken,
  };
}

interface WrittenProtocol {
  key: string;
  /** Put into words when they are asked for: most protocols of a long table are told apart only. */
  words: () => string;
}

/** Records are never changed in place, and many columns of a run share a protocol. */
const written = new WeakMap<RunRecord, Map<string, WrittenProtocol | null>>();

/**
 * `protocolOf` of a value that the run has, as its key and its words.
 *
 * @param alike `measuredAlike` of the field, for those who ask of many runs
 */
export function writtenProtocol(
  run: RunRecord,
  field: string,
  alike: string = measuredAlike(field),
): WrittenProtocol | null {
  const ofRun = written.get(run) ?? new Map<string, WrittenProtocol | null>();
  written.set(run, ofRun);
  const known = ofRun.get(alike);
  if (known !== undefined) return known;
  const protocol = hasAny(run, alike) ? protocolOf(run, field) : null;
  let words: string | undefined;
  const found = protocol && {
    key: protocolKey(protocol),
    words: () => {
      words ??= protocolWords(protocol);
      return words;
    },
  };
  ofRun.set(alike, found);
  return found;
}

/** A run that measured none of these series has no protocol of them. */
function hasAny(run: RunRecord, alike: string): boolean {
  const [, source, group] = /^(last|best):(.*\/)$/.exec(alike) ?? [];
  if (source === undefined || group === undefined) return true;
  return Object.keys(source === 'last' ? run.last : run.best).some((name) => name.startsWith(group));
}

/** The same for fields whose protocol is the same in every run. */
export function measuredAlike(field: string): string {
  const [, source, name = ''] = /^(last|best|result):(.+)$/.exec(field) ?? [];
  if (source === undefined) return field;
  const group = name.slice(0, name.indexOf('/'));
  return source === 'result' ? `result:${name.split('/')[0]}` : `${source}:${group}/`;
}

/** The same text for the same protocol. */
export function protocolKey(protocol: Protocol): string {
  return JSON.stringify(sorted(protocol));
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).filter(([key, one]) => key !== 'seed' && one !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, one]) => [key, sorted(one)]));
}

/** "best-NN, space original, max neighbours 101, data imagenette": for a footnote. */
export function protocolWords(protocol: Protocol): string {
  const { measure, taken, ...rest } = protocol;
  const facts = Object.entries(rest).flatMap(([key, value]) => factWords(key, value));
  return [measure, ...facts, taken].filter((part) => typeof part === 'string' && part !== '').join(', ');
}

function factWords(key: string, value: unknown): string[] {
  if (value === undefined || value === null || value === '' || key === 'seed') return [];
  if (Array.isArray(value)) return [`${wordsOf(key)} ${value.join(' ')}`];
  if (typeof value === 'object') {
    return Object.entries(value).flatMap(([inner, one]) => factWords(inner, one).map((words) => `${key}: ${words}`));
  }
  // Only the folder's own name: where it lies is nobody's business who reads the table.
  return [`${wordsOf(key)} ${key === 'data' ? lastPart(String(value)) : String(value)}`];
}

function lastPart(path: string): string {
  return path.split(/[/\\]/).findLast((part) => part !== '') ?? path;
}
