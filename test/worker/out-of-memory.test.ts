import { expect, test } from 'vitest';
import { AppError } from '../../common/errors.ts';
import { isOutOfMemory, outOfMemory, smallerBatches } from '../../worker/out-of-memory.ts';

test('the words of every backend for it are known, and nothing else is', () => {
  for (const message of [
    'OOM when allocating tensor with shape[512,64,112,112] and type float on /job:localhost/replica:0/task:0/device:GPU:0 by allocator GPU_0_bfc',
    'Invalid TF_Status: 8\nMessage: failed to allocate memory',
    'Array buffer allocation failed',
    'std::bad_alloc',
    'WebAssembly.Memory.grow(): Maximum memory size exceeded',
    'memory access out of bounds',
  ]) {
    expect(isOutOfMemory(new Error(message)), message).toBe(true);
  }
  expect(isOutOfMemory(new Error('Invalid TF_Status: 3\nMessage: Incompatible shapes'))).toBe(false);
  expect(isOutOfMemory(new AppError('data-invalid', 'out of memory'))).toBe(false);
});

test('batches are halved to whole groups of two images at least', () => {
  expect(smallerBatches(256, 8)).toEqual([128, 64, 32, 16]);
  expect(smallerBatches(100, 8)).toEqual([48, 24]);
  expect(smallerBatches(8, 8)).toEqual([]);
});

test('the largest batch that fits is found by trying, and named with what it takes to keep the batch', () => {
  const tried: number[] = [];
  const trial = (largest: number) => ({
    batchSize: 256,
    bnSplits: 8,
    tryStep(size: number) {
      tried.push(size);
      if (size > largest) throw new Error('OOM when allocating tensor with shape[64]');
    },
  });
  const stages: string[] = [];
  const report = (event: { type: string; stage?: string }) => stages.push(`${event.stage}`);
  const error = outOfMemory(new Error('OOM'), trial(64), report);
  expect(error).toMatchObject({ code: 'out-of-memory', exitCode: 4, field: 'batchSize' });
  expect(error.message).toContain('256');
  expect(error.cure).toBe(
    'A batch of 64 was tried and fits: take it, or keep 256 and compute it in parts with --accumulate 4.',
  );
  expect(tried).toEqual([128, 64]);
  expect(stages).toEqual(['trying a batch of 128', 'trying a batch of 64']);
  expect(outOfMemory(new Error('OOM'), trial(1), report).cure).toContain('smaller images');
  const untried = { batchSize: 256, bnSplits: 8, tryStep: undefined };
  expect(outOfMemory(new Error('OOM'), untried, report).cure).toContain('A batch of 128 takes about half');
});

test('a trial that fails for another reason is a defect and is not hidden', () => {
  const trial = {
    batchSize: 64,
    bnSplits: 2,
    tryStep() {
      throw new TypeError('x is not a function');
    },
  };
  expect(() => outOfMemory(new Error('OOM'), trial, () => {})).toThrow(TypeError);
});
