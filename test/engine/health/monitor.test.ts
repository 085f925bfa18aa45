import { describe, expect, test } from 'vitest';
import type { EventOf } from '../../../common/events.ts';
import { createHealthMonitor, thresholds } from '../../../engine/health/monitor.ts';

const facts = { images: 1000, batchSize: 10, epochs: 20, queueLength: 100, bnSplits: 2, chanceLoss: Math.log(101) };
const stepsPerEpoch = 100;

const metrics = (group: 'step' | 'epoch' | 'probe', step: number, values: Record<string, number>) =>
  ({ type: 'metrics', group, epoch: Math.floor(step / stepsPerEpoch), step, values }) satisfies EventOf<'metrics'>;

/** The rules that a run of such epochs sets off, and after which epoch. */
function alarmsOf(epochs: Record<string, number>[], change: Partial<typeof facts> = {}): string[] {
  const monitor = createHealthMonitor({ ...facts, ...change });
  return epochs.flatMap((values, epoch) => {
    const steps = Array.from({ length: stepsPerEpoch }, (_, at) => metrics('step', epoch * stepsPerEpoch + at, values));
    const events = [...steps, metrics('epoch', (epoch + 1) * stepsPerEpoch, values)];
    return events.flatMap((event) => monitor.observe(event)).map(({ rule, epoch }) => `${rule} ${epoch}`);
  });
}
const chance = { loss: Math.log(101), acc1: 1 };
const learning = { loss: 3, acc1: 40 };
const solved = { loss: 0.02, acc1: 99.5 };

describe('alarms', () => {
  test('at chance: after two epochs, once, and again after it was over', () => {
    expect(alarmsOf([chance, chance, chance, chance])).toEqual(['at-chance 2']);
    expect(alarmsOf([chance, learning, chance, learning])).toEqual([]);
    expect(alarmsOf([chance, chance, learning, chance, chance])).toEqual(['at-chance 2', 'at-chance 5']);
  });

  test('the task is solved: early only', () => {
    expect(alarmsOf([solved])).toEqual(['pretext-solved 1']);
    expect(alarmsOf([learning, learning, learning, learning, solved])).toEqual([]);
  });

  test('nothing is said while the queue is filled with random rows', () => {
    expect(alarmsOf([solved], { queueLength: 1000 })).toEqual([]);
    expect(alarmsOf([solved, solved], { queueLength: 1000 })).toEqual(['pretext-solved 2']);
  });

  test('a learning run is left alone', () => {
    expect(alarmsOf(Array(20).fill(learning))).toEqual([]);
  });

  test('the leak through batch norm is named where there is one group', () => {
    const cureOf = (bnSplits: number) => {
      const monitor = createHealthMonitor({ ...facts, bnSplits, queueLength: 10 });
      monitor.observe(metrics('step', 5, solved));
      return monitor.observe(metrics('epoch', 100, solved))[0]!.cure;
    };
    expect(cureOf(1)).toContain('--bn-splits');
    expect(cureOf(4)).toContain('views stronger');
  });

  test('collapse: at the second probe in a row, by spread or by rank', () => {
    const monitor = createHealthMonitor(facts);
    const healthy = { spread: 0.8, effectiveRank: 30, meanCosine: 0.3, keyDrift: 0.02 };
    const probe = (step: number, change: Record<string, number>) =>
      monitor.observe(metrics('probe', step, { ...healthy, ...change })).map(({ rule }) => rule);
    expect(probe(100, { spread: 0.02 })).toEqual([]);
    expect(probe(200, {})).toEqual([]);
    expect(probe(300, { spread: 0.02 })).toEqual([]);
    expect(probe(400, { effectiveRank: 1.2 })).toEqual(['collapse']);
    expect(probe(500, { keyDrift: 0.6 })).toEqual(['key-drift']);
    expect(probe(600, {})).toEqual([]);
  });

  test('not finite: at once; skipped steps until there are too many', () => {
    expect(createHealthMonitor(facts).observe(metrics('step', 3, { loss: Number.NaN }))[0]).toMatchObject({
      rule: 'not-finite',
      step: 3,
    });
    const monitor = createHealthMonitor(facts);
    const skipped = { loss: Number.POSITIVE_INFINITY, skipped: 1 };
    const said = Array.from({ length: 60 }, (_, step) => monitor.observe(metrics('step', step, skipped)).length);
    expect(said.flatMap((count, step) => (count > 0 ? [step] : []))).toEqual([0, thresholds.skippedSteps - 1]);
    expect(monitor.isStuck()).toBe(true);
  });

  test('the queue and the data', () => {
    const plan = { type: 'plan', epochs: 20, stepsPerEpoch, totalSteps: 2000, images: 1000 } as const;
    expect(createHealthMonitor(facts).observe(plan)).toEqual([]);
    const [alarm] = createHealthMonitor({ ...facts, queueLength: 2000 }).observe(plan);
    expect(alarm).toMatchObject({ rule: 'queue-too-long', value: 2010, threshold: 1000 });
    expect(alarm!.cure).toContain('990');
  });
});
