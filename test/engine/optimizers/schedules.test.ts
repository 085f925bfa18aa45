import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { learningRateAt, type Schedule } from '../../../engine/optimizers/schedules.ts';

interface Curve {
  function: 'moco' | 'lincls' | 'transfer' | 'seed' | 'seed_lincls';
  args: {
    lr: number;
    epochs: number;
    cos?: boolean;
    schedule: number[];
    finetune?: boolean;
    lr_mult?: number;
    warmup_epochs?: number;
  };
  lr_by_epoch: number[];
}

const folder = process.env.CONTRAST_FIXTURES ?? join(import.meta.dirname, '../../fixtures');
const fixture: { curves: Record<string, Curve> } = JSON.parse(readFileSync(join(folder, 'schedule.json'), 'utf8'));

function toSchedule({ args }: Curve): Schedule {
  const { lr, lr_mult: multiplier = 1, warmup_epochs: warmUpEpochs = 0 } = args;
  return {
    learningRate: lr * multiplier,
    epochs: args.epochs,
    decay: args.cos
      ? { kind: 'cosine', per: 'epoch' }
      : { kind: 'step', milestones: args.schedule, factor: args.finetune ? 0.2 : 0.1 },
    ...(warmUpEpochs > 0 && { warmUp: { unit: 'epoch', length: warmUpEpochs, from: lr } }),
  };
}

describe.each(Object.entries(fixture.curves))('the published curve %s', (_, curve) => {
  test('is reproduced at every epoch, whatever the step', () => {
    const schedule = toSchedule(curve);
    expect(curve.lr_by_epoch).toHaveLength(curve.args.epochs);
    curve.lr_by_epoch.forEach((expected, epoch) => {
      // 1e-9 relative, and half a unit of the ninth digit to which the file is rounded.
      const tolerance = 1e-9 * expected + 0.5 * 10 ** (Math.floor(Math.log10(expected)) - 8);
      for (const step of [0, 6]) {
        const rate = learningRateAt(schedule, { epoch, step, stepsPerEpoch: 7 });
        expect(Math.abs(rate - expected), `epoch ${epoch}: ${rate}, not ${expected}`).toBeLessThanOrEqual(tolerance);
      }
    });
  });
});

describe('cosine per step with warm-up steps', () => {
  const schedule: Schedule = {
    learningRate: 0.01,
    epochs: 5,
    decay: { kind: 'cosine', per: 'step' },
    warmUp: { unit: 'step', length: 50 },
  };
  const stepsPerEpoch = 62;
  const rateAt = (globalStep: number) =>
    learningRateAt(schedule, {
      epoch: Math.floor(globalStep / stepsPerEpoch),
      step: globalStep % stepsPerEpoch,
      stepsPerEpoch,
    });

  test('climbs in a straight line to the full rate', () => {
    expect(rateAt(0)).toBeCloseTo(0.01 / 50, 15);
    expect(rateAt(24)).toBeCloseTo(0.005, 15);
    expect(rateAt(49)).toBe(0.01);
  });

  test('then falls along half a cosine to almost 0, halfway at half time', () => {
    expect(rateAt(50)).toBe(0.01);
    expect(rateAt(50 + (310 - 50) / 2)).toBeCloseTo(0.005, 15);
    expect(rateAt(309)).toBeCloseTo(0.005 * (1 + Math.cos((Math.PI * 259) / 260)), 15);
    for (let step = 51; step < 310; step++) expect(rateAt(step)).toBeLessThan(rateAt(step - 1));
  });

  test('is all warm-up when the warm-up is as long as the training', () => {
    const short: Schedule = { ...schedule, epochs: 1, warmUp: { unit: 'step', length: 100 } };
    expect(learningRateAt(short, { epoch: 0, step: 9, stepsPerEpoch: 10 })).toBeCloseTo(0.001, 15);
  });

  test('without warm-up starts at the full rate', () => {
    const plain: Schedule = { ...schedule, warmUp: undefined };
    expect(learningRateAt(plain, { epoch: 0, step: 0, stepsPerEpoch })).toBe(0.01);
  });
});
