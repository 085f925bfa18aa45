/** What is said of a run beside its points: its state, parameters, tags. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EventOf, RecordedEvent } from '../../common/events.ts';
import { stringifyNumbers } from '../../common/numbers.ts';
import {
  isActive,
  type LabelFile,
  labelFile,
  type RunState,
  type RunStateFile,
  runConfigFile,
  runStateFile,
} from '../../common/records.ts';
import { eventsOf } from '../interop/recorded-metrics.ts';
import { limits, mlflowName, shortened } from './names.ts';

export interface RunFacts {
  id: string;
  name: string;
  status: 'SCHEDULED' | 'RUNNING' | 'FINISHED' | 'FAILED' | 'KILLED';
  /** Milliseconds since 1970. */
  startTime: number;
  /** Undefined while it is not over. */
  endTime: number | undefined;
  /** The folder that it measured on or learned from. */
  data: unknown;
  parameters: Map<string, string>;
  tags: Map<string, string>;
  remarks: string[];
}

/** What nobody works on any more and is not whole is KILLED, also where it may go on: `contrast.state` says it exactly. */
function statusOf(state: RunState): RunFacts['status'] {
  if (state === 'queued') return 'SCHEDULED';
  if (isActive(state)) return 'RUNNING';
  if (state === 'finished') return 'FINISHED';
  return state === 'failed' ? 'FAILED' : 'KILLED';
}

export function readFacts(folder: string): RunFacts {
  const file = runConfigFile.parse(readJson(folder, 'config.json'));
  const state = runStateFile.parse(readJson(folder, 'state.json'));
  const label = readLabel(folder, file.name);
  const told = [...eventsOf(folder, 'segment', 'ended', 'result')].map(({ event }) => event);
  const status = statusOf(state.state);
  const over = status !== 'RUNNING' && status !== 'SCHEDULED';
  const remarks: string[] = [];
  const short = (what: string, text: string, limit: number) => {
    if (text.length > limit) remarks.push(`${what} has ${text.length} characters, MLflow takes ${limit}: shortened`);
    return shortened(text, limit);
  };
  const parameters = Object.entries(file.config).flatMap(([key, value]): [string, string][] => {
    if (value === null || value === undefined) return [];
    const text = typeof value === 'object' ? stringifyNumbers(value) : String(value);
    return [[mlflowName(key), short(`parameter ${key}`, text, limits.parameter)]];
  });
  const tags = Object.entries({
    'mlflow.source.name': 'contrast-studio',
    'mlflow.source.type': 'LOCAL',
    'mlflow.note.content': label.note,
    'contrast.run_id': file.id,
    'contrast.kind': file.kind,
    'contrast.state': state.state,
    'contrast.recipe': file.recipe ?? '',
    'contrast.sweep': file.sweep ?? '',
    'contrast.parent': file.parent ?? '',
    'contrast.device': state.device ?? '',
    'contrast.tags': label.tags.join(', '),
    'contrast.star': label.star ? 'true' : '',
    'contrast.error': state.error?.message ?? '',
    ...protocolTags(told),
  }).map(([key, value]): [string, string] => [key, short(`tag ${key}`, value, limits.tag)]);
  return {
    ...{ id: file.id, name: label.name, status, data: file.config.data, remarks },
    startTime: Date.parse(told.find(({ type }) => type === 'segment')?.time ?? file.createdAt),
    endTime: over ? endOf(told, state) : undefined,
    parameters: new Map(parameters),
    tags: new Map(tags),
  };
}

function protocolTags(told: RecordedEvent[]): Record<string, string> {
  const results = told.filter((event): event is RecordedEvent & EventOf<'result'> => event.type === 'result');
  return Object.fromEntries(
    results.map(({ name, protocol }) => [mlflowName(`contrast.protocol.${name}`), stringifyNumbers(protocol)]),
  );
}

/** A worker that died left no word of its end. */
function endOf(told: RecordedEvent[], { updatedAt }: RunStateFile): number {
  const last = told.findLast(({ type }) => type === 'ended' || type === 'segment');
  return Date.parse(last?.type === 'ended' ? last.time : updatedAt);
}

function readLabel(folder: string, name: string): LabelFile {
  try {
    return labelFile.parse(readJson(folder, 'label.json'));
  } catch {
    return labelFile.parse({ name, trashedAt: null }); // nobody has changed anything about it
  }
}

function readJson(folder: string, file: string): unknown {
  return JSON.parse(readFileSync(join(folder, file), 'utf8'));
}
