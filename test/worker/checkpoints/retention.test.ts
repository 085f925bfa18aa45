import { describe, expect, test } from 'vitest';
import {
  decideRetention,
  type RetentionCandidate,
  type RetentionPolicy,
} from '../../../worker/checkpoints/retention.ts';
import fc from '../../support/fast-check.ts';

function at(epoch: number, more: Partial<RetentionCandidate> = {}): RetentionCandidate {
  return { path: `checkpoint_${epoch}`, epoch, step: epoch * 10, stepInEpoch: 0, ...more };
}

function kept(candidates: RetentionCandidate[], policy: Partial<RetentionPolicy>) {
  const decision = decideRetention(candidates, { last: 1, best: false, everyEpochs: 0, ...policy });
  return Object.fromEntries(decision.keep.map(({ checkpoint, reasons }) => [checkpoint.epoch, reasons.join()]));
}

const ten = Array.from({ length: 10 }, (_, index) => at(index + 1));

describe('retention keeps', () => {
  test('the last k by step, in whatever order they come', () => {
    expect(kept([...ten].reverse(), { last: 3 })).toEqual({ 8: 'last', 9: 'last', 10: 'last' });
  });

  test('the newest, even when asked for none', () => {
    expect(kept(ten, { last: 0 })).toEqual({ 10: 'last' });
  });

  test('the best by kNN, the earliest of equals; not one without a measurement', () => {
    const measured = [
      at(1, { knnAccuracy: Number.NaN }),
      at(2, { knnAccuracy: 40 }),
      at(3),
      at(4, { knnAccuracy: 40 }),
      at(5),
    ];
    expect(kept(measured, { best: true })).toEqual({ 2: 'best', 5: 'last' });
    expect(kept(ten, { best: true })).toEqual({ 10: 'last' });
  });

  test('every n epochs, at their border only', () => {
    const list = [at(0), ...ten.slice(0, 7), at(8, { stepInEpoch: 3 }), at(9)];
    expect(kept(list, { everyEpochs: 4 })).toEqual({ 4: 'every', 9: 'last' });
  });

  test('the pinned, and names every reason', () => {
    expect(
      kept([at(1, { pinned: true }), at(2, { pinned: true, knnAccuracy: 1 })], { best: true, everyEpochs: 2 }),
    ).toEqual({
      1: 'pinned',
      2: 'last,best,every,pinned',
    });
  });
});

test('every checkpoint is either kept or removed, the newest and the pinned never removed', () => {
  const candidate = fc.record({
    path: fc.string(),
    epoch: fc.nat(50),
    step: fc.nat(500),
    stepInEpoch: fc.nat(2),
    knnAccuracy: fc.option(fc.double(), { nil: undefined }),
    pinned: fc.boolean(),
  });
  const policy = fc.record({ last: fc.nat(4), best: fc.boolean(), everyEpochs: fc.nat(5) });
  fc.assert(
    fc.property(fc.array(candidate), policy, (candidates, rules) => {
      const { keep, remove } = decideRetention(candidates, rules);
      expect(new Set([...keep.map(({ checkpoint }) => checkpoint), ...remove])).toEqual(new Set(candidates));
      expect(keep.length + remove.length).toBe(candidates.length);
      const newest = Math.max(...candidates.map(({ step }) => step));
      if (candidates.length > 0) expect(keep.some(({ checkpoint }) => checkpoint.step === newest)).toBe(true);
      expect(remove.some(({ pinned }) => pinned)).toBe(false);
    }),
  );
});
