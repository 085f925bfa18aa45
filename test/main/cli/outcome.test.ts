import { expect, test } from 'vitest';
import type { JobEvent } from '../../../common/events.ts';
import { createOutcome } from '../../../main/cli/outcome.ts';

function outcomeOf(kind: string, ...events: JobEvent[]) {
  const outcome = createOutcome(kind, '/runs/one');
  events.forEach((event, seq) => {
    outcome.add({ seq, time: new Date(0).toISOString(), ...event });
  });
  return outcome.values();
}

const step = (at: number, imagesPerSecond: number): JobEvent => ({
  type: 'metrics',
  group: 'step',
  epoch: 0,
  step: at,
  values: { loss: 6, imagesPerSecond },
});
const training: JobEvent[] = [
  { type: 'reference', series: 'probe/bestAccuracy', name: 'raw pixels', value: 31 },
  { type: 'reference', series: 'probe/bestAccuracy', name: 'untrained net', value: 37 },
  { type: 'reference', series: 'step/loss', name: 'chance', value: 4 },
  step(0, 100),
  step(1, 300),
  { type: 'checkpoint', epoch: 1, step: 2, path: 'checkpoints/a', sizeBytes: 1, sha256: '' },
  { type: 'checkpoint', epoch: 2, step: 4, path: '/elsewhere/b', sizeBytes: 1, sha256: '' },
  { type: 'checkpoint', epoch: 3, step: 6, path: 'checkpoints/c', sizeBytes: 1, sha256: '' },
  { type: 'checkpoint-removed', path: 'checkpoints/a' },
  { type: 'metrics', group: 'epoch', epoch: 3, step: 6, values: { loss: 5.5, acc1: 10, acc5: 30 } },
  { type: 'metrics', group: 'probe', epoch: 3, step: 6, values: { bestAccuracy: 50, bestK: 3 } },
];

test('a training that ended early has the fields of one that finished', () => {
  expect(outcomeOf('train', ...training)).toEqual({
    epochs: 3,
    loss: 5.5,
    acc1: 10,
    acc5: 30,
    // 2 images' worth of time at 100 and 300 a second: the harmonic mean.
    imagesPerSecond: 150,
    knn: { bestAccuracy: 50, bestK: 3, untrained: 37, pixels: 31 },
    checkpoint: '/runs/one/checkpoints/c',
    checkpoints: ['/elsewhere/b', '/runs/one/checkpoints/c'],
    protocol: null,
  });
});

test("the job's own result is the last word, its checkpoints as whole paths", () => {
  const values = { loss: 5.4, checkpoints: ['checkpoints/c'] };
  const result: JobEvent = { type: 'result', name: 'train', values, protocol: { method: 'moco' } };
  const other: JobEvent = { type: 'result', name: 'baselines', values: { loss: 0 }, protocol: {} };
  expect(outcomeOf('train', ...training, result, other)).toMatchObject({
    loss: 5.4,
    acc1: 10,
    checkpoint: '/runs/one/checkpoints/c',
    checkpoints: ['/runs/one/checkpoints/c'],
    protocol: { method: 'moco' },
  });
});

test('alarms are named; what else a probe measures is no kNN accuracy', () => {
  const found = { epoch: 3, step: 6, rule: 'collapse', message: 'All alike.' } as const;
  const values = outcomeOf(
    'train',
    ...training.slice(0, -1),
    { type: 'metrics', group: 'probe', epoch: 3, step: 6, values: { alignment: 0.2, uniformity: -1 } },
    { type: 'alarm', ...found, value: 0.02, threshold: 0.1, cure: 'Look.' },
  );
  expect(values.alarms).toEqual([found]);
  expect(values.knn).not.toHaveProperty('alignment');
});
