import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { createLinear } from '../../engine/methods/linear.ts';
import { accuracyAt } from '../../engine/objectives/accuracy.ts';
import { type Tensor2D, tf } from '../../engine/tf.ts';
import { backendNames, useBackend } from '../support/backends.ts';
import { type Embeddings, embed } from '../support/embeddings.ts';
import { fillHash } from '../support/fill.ts';

const folder = join(process.env.CONTRAST_FIXTURES ?? join(import.meta.dirname, '../fixtures'), 'metrics');
const read = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8'));

interface Vector {
  first: number[];
  l2: number;
}

const fixture: {
  embeddings: Embeddings;
  view: string;
  order: { batch: number; indices: number[] };
  cases: Record<
    string,
    {
      lr: number;
      momentum: number;
      weight_decay: number;
      after_step: { loss: number; loss_f64: number; acc1: number; acc5: number; weight_l2: number; bias_l2: number }[];
      validate_top1_all_samples: number;
      weight_after: Vector;
      bias_after: Vector;
    }
  >;
} = read('linear_probe.json');
const ties: { logits: number[][]; targets: number[]; top1_2_3_percent: number[] } = read('accuracy_ties.json');

const norm = (values: ArrayLike<number | bigint>) =>
  Math.sqrt(Array.from(values, Number).reduce((sum, value) => sum + value ** 2, 0));

describe.each(backendNames)('on the %s backend', (backend) => {
  beforeAll(() => useBackend(backend));

  test.each(Object.keys(fixture.cases))('linear evaluation: %s', (name) => {
    const { lr, momentum, weight_decay: weightDecay, ...expected } = fixture.cases[name]!;
    const { embeddings, view, order } = fixture;
    const { classes, dim, per_class: perClass } = embeddings;
    const features = tf.tensor2d(embed(embeddings, view), [classes * perClass, dim]);
    const labelOf = (index: number) => Math.floor(index / perClass);
    // Behind a norm the layer is the second of a sequence; the fixture's weights have one name in both cases.
    const normalised = name.includes('l2norm');
    const prefix = normalised ? 'fc.1.' : 'fc.';
    const linear = createLinear({ featureSize: dim, classes, normalised, momentum, weightDecay });
    const weight = Float32Array.from({ length: classes * dim }, (_, at) => {
      return ((2 * fillHash('probe/fc.weight', at)) / 2 ** 32 - 1) * 0.01;
    });
    let state = linear.stateFromNamed([
      { name: `${prefix}weight`, shape: [classes, dim], data: weight },
      { name: `${prefix}bias`, shape: [classes], data: new Float32Array(classes) },
    ]);
    const tensors = tf.memory().numTensors;

    for (const [step, after] of expected.after_step.entries()) {
      const indices = order.indices.slice(step * order.batch, (step + 1) * order.batch);
      const rows = tf.gather(features, indices) as Tensor2D;
      const labels = tf.tensor1d(indices.map(labelOf), 'int32');
      const done = linear.step(state, rows, labels, lr);
      tf.dispose([rows, labels]);
      state = done.state;
      // What float32 itself is off, at least 1e-4 of the loss (tolerances of the fixtures).
      const tolerance = Math.max(1e-4 * after.loss, 20 * Math.abs(after.loss - after.loss_f64));
      expect(Math.abs(done.measurements.loss - after.loss)).toBeLessThan(tolerance);
      expect(done.measurements.acc1).toBeCloseTo(after.acc1, 3);
      expect(done.measurements.acc5).toBeCloseTo(after.acc5, 3);
      const [weights, bias] = linear.stateToNamed(state);
      expect(norm(weights!.data) / after.weight_l2).toBeCloseTo(1, 4);
      expect(norm(bias!.data) / after.bias_l2).toBeCloseTo(1, 4);
    }
    expect(tf.memory().numTensors).toBe(tensors + 2); // the momentum buffers of the first step, and no more

    const logits = tf.tidy(() => linear.logits(state.parameters, features));
    const all = tf.tensor1d(
      Array.from({ length: classes * perClass }, (_, index) => labelOf(index)),
      'int32',
    );
    const [top1] = accuracyAt(logits, all, [1]);
    expect(top1!.dataSync()[0]).toBeCloseTo(expected.validate_top1_all_samples, 3);
    const arrays = linear.stateToNamed(state);
    for (const [place, { first }] of [expected.weight_after, expected.bias_after].entries()) {
      const scale = norm(first) / Math.sqrt(first.length);
      first.forEach((value, at) => {
        expect(Math.abs(Number(arrays[place]!.data[at]) - value)).toBeLessThan(1e-4 * scale * 10);
      });
    }
    // A state that was saved goes on as the one that was not.
    const again = linear.stateFromNamed(arrays);
    expect(linear.stateToNamed(again)).toEqual(arrays);
    linear.disposeState(again);
    linear.disposeState(state);
    tf.dispose([features, logits, all, top1!]);
  });

  test('accuracy where logits are equal lies within what the order among them allows', () => {
    const logits = tf.tensor2d(ties.logits);
    const labels = tf.tensor1d(ties.targets, 'int32');
    accuracyAt(logits, labels, [1, 2, 3]).forEach((accuracy, place) => {
      const k = place + 1;
      // Best and worst order among equal logits: the reference leaves it open.
      const ranks = ties.logits.map((row, at) => {
        const own = row[ties.targets[at]!]!;
        const above = row.filter((value) => value > own).length;
        return { best: above, worst: row.filter((value) => value >= own).length - 1 };
      });
      const percent = (hits: number) => (100 * hits) / ranks.length;
      const least = percent(ranks.filter(({ worst }) => worst < k).length);
      const most = percent(ranks.filter(({ best }) => best < k).length);
      expect(accuracy.dataSync()[0]).toBeGreaterThanOrEqual(least - 1e-4);
      expect(accuracy.dataSync()[0]).toBeLessThanOrEqual(most + 1e-4);
      expect(ties.top1_2_3_percent[place]).toBeGreaterThanOrEqual(least - 1e-4);
      expect(ties.top1_2_3_percent[place]).toBeLessThanOrEqual(most + 1e-4);
    });
  });
});
