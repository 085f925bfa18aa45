import { expect, test } from 'vitest';
import { bytesOf, elementsOf } from '../../../renderer/checkpoints/tensor-size.ts';

test('sizes of tensors by shape and type', () => {
  expect(elementsOf([])).toBe(1);
  expect(elementsOf([3, 0])).toBe(0);
  expect(bytesOf({ dtype: 'float32', shape: [64, 3, 7, 7] })).toBe(37_632);
  expect(bytesOf({ dtype: 'bfloat16', shape: [5] })).toBe(10);
  expect(bytesOf({ dtype: 'quint8', shape: [5] })).toBeNull();
});
