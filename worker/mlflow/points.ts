/** What a run's events are as metrics of MLflow. */
import type { RecordedEvent } from '../../common/events.ts';
import { measurement } from '../../common/numbers.ts';
import { protocolKey, protocolWords } from '../../common/results/protocols.ts';
import { limits, mlflowName } from './names.ts';

/** As `runs/log-batch` takes it; `timestamp` in milliseconds since 1970. */
export interface Metric {
  key: string;
  value: number;
  timestamp: number;
  step: number;
}

/**
 * A step's own points lie at the number of steps done, as the others do. Results and levels lie where training was.
 * @param data the folder that was measured on, a part of the protocol
 */
export function metricsOf(event: RecordedEvent, lastStep: number, data: unknown): Metric[] {
  const timestamp = Date.parse(event.time);
  const at = (step: number) => (key: string, value: number) => ({ key, value, timestamp, step });
  if (event.type === 'reference') {
    return [at(0)(mlflowName(`reference/${event.series}/${event.name}`), event.value)];
  }
  if (event.type === 'metrics') {
    const { group, step, values } = event;
    const make = at(group === 'step' ? step + 1 : step);
    return Object.entries(values).map(([name, value]) =>
      make(mlflowName(group === 'tensorboard' ? name : `${group}/${name}`), value),
    );
  }
  if (event.type !== 'result' || event.name === 'tensorboard') return [];
  return numbersOf(event.values).map(([name, value]) =>
    at(lastStep)(resultName(`${event.name}/${name}`, { ...event.protocol, data }), value),
  );
}

/** "knn/bestAccuracy best-NN space original max neighbours 101 data demo": only what was measured alike has one name. */
function resultName(name: string, protocol: Record<string, unknown>): string {
  const words = mlflowName(`${name} ${protocolWords(protocol).replaceAll('/', ' ')}`);
  if (words.length < limits.name) return words;
  // Cut off: what tells protocols apart may be gone, the hash of all of it is not.
  return mlflowName(`${name} ${protocolWords(protocol).replaceAll('/', ' ')} ${protocolKey(protocol)}`);
}

/** Numbers, and those in lists and tables of numbers alone: accuracyByK/5. */
function numbersOf(values: Record<string, unknown>): [name: string, value: number][] {
  return Object.entries(values).flatMap(([name, value]): [string, number][] => {
    const one = measurement.safeParse(value);
    if (one.success) return [[name, one.data]];
    if (typeof value !== 'object' || value === null) return [];
    const inner = Object.entries(value).map(([key, item]) => ({ key, item: measurement.safeParse(item).data }));
    return inner.every(({ item }) => item !== undefined) ? inner.map(({ key, item }) => [`${name}/${key}`, item!]) : [];
  });
}
