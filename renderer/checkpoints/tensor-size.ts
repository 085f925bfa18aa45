import type { TensorEntry } from '../../common/checkpoints.ts';

/** Of PyTorch's types, in bytes. */
const elementBytes: Record<string, number> = {
  float64: 8,
  float32: 4,
  float16: 2,
  bfloat16: 2,
  int64: 8,
  int32: 4,
  int16: 2,
  int8: 1,
  uint8: 1,
  bool: 1,
  complex64: 8,
  complex128: 16,
};

export function elementsOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Null where the type is not known. */
export function bytesOf({ dtype, shape }: Pick<TensorEntry, 'dtype' | 'shape'>): number | null {
  const bytes = elementBytes[dtype];
  return bytes === undefined ? null : bytes * elementsOf(shape);
}
