/** The learning rates of a distillation's config against SEED's own, epoch by epoch. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { distillConfig } from '../../common/jobs/distill.ts';
import { learningRateAt } from '../../engine/optimizers/schedules.ts';
import { distillationSchedule } from '../../worker/jobs/distill.ts';

interface Curve {
  function: string;
  args: { lr: number; lr_mult: number; warmup_epochs: number; cos: boolean; epochs: number; schedule: number[] };
  lr_by_epoch: number[];
}

const folder = process.env.CONTRAST_FIXTURES ?? join(import.meta.dirname, '../fixtures');
const { curves }: { curves: Record<string, Curve> } = JSON.parse(readFileSync(join(folder, 'schedule.json'), 'utf8'));
const published = Object.entries(curves).filter(([, curve]) => curve.function === 'seed');

describe.each(published)('%s', (_, { args, lr_by_epoch }) => {
  test('is what the flags of the command give', () => {
    const { lr, lr_mult, warmup_epochs, cos, epochs, schedule } = args;
    const config = distillConfig.parse({
      data: '/data',
      learningRate: lr,
      batchSize: 256 * lr_mult,
      scaleLearningRate: true,
      warmupEpochs: warmup_epochs,
      cos,
      epochs,
      schedule,
    });
    for (const [epoch, expected] of lr_by_epoch.entries()) {
      const rate = learningRateAt(distillationSchedule(config), { epoch, step: 3, stepsPerEpoch: 7 });
      // 1e-9 relative, and half a unit of the ninth digit to which the file is rounded.
      const room = 1e-9 * expected + 0.5 * 10 ** (Math.floor(Math.log10(expected)) - 8);
      expect(Math.abs(rate - expected), `epoch ${epoch}: ${rate}, not ${expected}`).toBeLessThanOrEqual(room);
    }
  });
});

test("the defaults are SEED's on one device: five epochs at the full rate, then the cosine", () => {
  const schedule = distillationSchedule(distillConfig.parse({ data: '/data' }));
  const expected = curves['seed-single-gpu']!.lr_by_epoch;
  const rates = expected.map((_, epoch) => learningRateAt(schedule, { epoch, step: 0, stepsPerEpoch: 1 }));
  expect(rates.map((rate) => rate.toPrecision(9))).toEqual(expected.map((rate) => rate.toPrecision(9)));
});
