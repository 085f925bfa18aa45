/** What a run has come to, gathered from its events as they pass: the `--json` object of its verb. */
import { isAbsolute, join } from 'node:path';
import type { EventOf, RecordedEvent } from '../../common/events.ts';

export interface Outcome {
  add(event: RecordedEvent): void;
  /** The fields of the verb's row in the command table. */
  values(): Record<string, unknown>;
}

/** @param kind the job's kind; its own result, where it reports one by that name, is the last word on each field */
export function createOutcome(kind: string, folder: string): Outcome {
  let epoch: EventOf<'metrics'> | null = null;
  let result: EventOf<'result'> | null = null;
  let rate = { steps: 0, secondsPerImage: 0 };
  const probe: Record<string, unknown> = {};
  const checkpoints = new Set<string>();
  const alarms: Pick<EventOf<'alarm'>, 'rule' | 'epoch' | 'step' | 'message'>[] = [];
  const absolute = (path: string) => (isAbsolute(path) ? path : join(folder, path));

  return {
    add(event) {
      if (event.type === 'result' && (event.name === kind || result?.name !== kind)) result = event;
      if (event.type === 'checkpoint') checkpoints.add(absolute(event.path));
      if (event.type === 'checkpoint-removed') checkpoints.delete(absolute(event.path));
      if (event.type === 'reference' && event.series === 'probe/bestAccuracy')
        probe[levels[event.name] ?? event.name] = event.value;
      if (event.type === 'alarm') {
        const { rule, epoch, step, message } = event;
        alarms.push({ rule, epoch, step, message });
      }
      if (event.type !== 'metrics') return;
      if (event.group === 'epoch') epoch = event;
      if (event.values.bestAccuracy !== undefined) Object.assign(probe, event.values);
      const { imagesPerSecond } = event.values;
      if (event.group === 'step' && imagesPerSecond) {
        rate = { steps: rate.steps + 1, secondsPerImage: rate.secondsPerImage + 1 / imagesPerSecond };
      }
    },
    values() {
      const said: Record<string, unknown> = { ...result?.values };
      const kept = Array.isArray(said.checkpoints)
        ? said.checkpoints.map((path) => absolute(String(path)))
        : [...checkpoints];
      const training = epoch && {
        epochs: epoch.epoch,
        loss: epoch.values.loss,
        acc1: epoch.values.acc1,
        acc5: epoch.values.acc5,
        imagesPerSecond: rate.steps / rate.secondsPerImage,
        ...(Object.keys(probe).length > 0 && { knn: probe }),
      };
      return {
        ...training,
        ...said,
        ...(kept.length > 0 && { checkpoint: kept.at(-1), checkpoints: kept }),
        ...(alarms.length > 0 && { alarms }),
        protocol: result?.protocol ?? null,
      };
    },
  };
}

/** Levels that the probe is read against, by their field in the command table. */
const levels: Record<string, string> = { 'raw pixels': 'pixels', 'untrained net': 'untrained', chance: 'chance' };
