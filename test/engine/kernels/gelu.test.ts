import { beforeAll, describe, expect, test } from 'vitest';
import { gelu } from '../../../engine/kernels/gelu.ts';
import { tf } from '../../../engine/tf.ts';
import { backendNames, useBackend, whyMissing } from '../../support/backends.ts';
import { derivatives, normalTensor } from '../../support/gradients.ts';

for (const backend of backendNames) {
  describe.skipIf(await whyMissing(backend))(`GELU on ${backend}`, () => {
    beforeAll(() => useBackend(backend));

    test('x times the normal distribution up to x', () => {
      const at = [-6, -3, -1.5, -1, -0.25, 0, 1e-3, 0.5, 1, 2, 4, 9];
      const values = gelu(tf.tensor1d(at)).dataSync();
      for (const [index, x] of at.entries()) {
        // wasm's erf is Abramowitz and Stegun's 7.1.26, good to 1.5e-7; half of it, times x.
        expect(Math.abs(values[index]! - x * normalBelow(x)), `gelu(${x})`).toBeLessThan(
          2e-7 * Math.max(1, Math.abs(x)),
        );
      }
    });

    test('gradient', () => {
      const [derivative] = derivatives((x) => gelu(x!), [normalTensor('x', [40])]);
      // The error of the difference quotient is quadratic in its step of 0.01.
      expect(Math.abs(derivative!.exact - derivative!.numeric)).toBeLessThan(5e-3);
    });
  });
}

/** The share of a standard normal distribution below x, by the series that Marsaglia (2004) gives. */
function normalBelow(x: number): number {
  let term = x;
  let sum = x;
  for (let odd = 3; odd < 400; odd += 2) {
    term *= (x * x) / odd;
    sum += term;
  }
  return 0.5 + (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) * sum;
}
