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

/** How the value of a field was measured in a run: the same object for the same protocol. */
type ProtocolReader = (run: RunRecord) => WrittenProtocol | null;

/** By field, and by `measuredAlike`: many columns share a protocol, and thousands of runs have the same few. */
const readers = new Map<string, ProtocolReader>();
/** By the text of a protocol as it comes, which takes less time to make than its key. */
const byText = new Map<string, WrittenProtocol>();
const byKey = new Map<string, WrittenProtocol>();
const mostKept = 10_000;

/** `protocolOf` of a value that a run has, as its key and its words. */
export function writtenProtocol(run: RunRecord, field: string): WrittenProtocol | null {
  return protocolReader(field)(run);
}

export function protocolReader(field: string): ProtocolReader {
  const known = readers.get(field);
  if (known) return known;
  const alike = measuredAlike(field);
  const reader = readers.get(alike) ?? newReader(field, alike);
  if (readers.size >= mostKept) readers.clear();
  readers.set(field, reader);
  readers.set(alike, reader);
  return reader;
}

function newReader(field: string, alike: string): ProtocolReader {
  const has = measures(alike);
  // Records are never changed in place.
  const written = new WeakMap<RunRecord, WrittenProtocol | null>();
  return (run) => {
    const before = written.get(run);
    if (before !== undefined) return before;
    const protocol = has(run) ? protocolOf(run, field) : null;
    const found = protocol && write(protocol);
    written.set(run, found);
    return found;
  };
}

function write(protocol: Protocol): WrittenProtocol {
  const text = JSON.stringify(protocol);
  const known = byText.get(text);
  if (known) return known;
  const key = protocolKey(protocol);
  let words: string | undefined;
  const found = byKey.get(key) ?? {
    key,
    words: () => {
      words ??= protocolWords(protocol);
      return words;
    },
  };
  if (byText.size >= mostKept) byText.clear();
  byText.set(text, found);
  if (byKey.size >= mostKept) byKey.clear();
  byKey.set(key, found);
  return found;
}

/** A run that measured none of these series has no protocol of them. */
function measures(alike: string): (run: RunRecord) => boolean {
  const [, source, group] = /^(last|best):(.*\/)$/.exec(alike) ?? [];
  if (source === undefined || group === undefined) return () => true;
  return (run) => {
    const series = source === 'last' ? run.last : run.best;
    for (const name in series) if (name.startsWith(group)) return true;
    return false;
  };
}

/** The same for fields whose protocol is the same in every run. */
function measuredAlike(field: string): string {
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
