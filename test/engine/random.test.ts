import { describe, expect, test } from 'vitest';
import { type Random, randomAt } from '../../engine/random.ts';
import fc from '../support/fast-check.ts';

// The seeds are fixed, so these tests always see the same draws: a bound of 5 standard deviations (or the matching
// quantile of chi-squared) tells a broken generator, which misses it by far, from an ordinary one.

function draws(random: Random, count: number) {
  return Float64Array.from({ length: count }, () => random.next());
}

function correlation(left: Float64Array, right: Float64Array) {
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [leftMean, rightMean] = [mean(left), mean(right)];
  let [product, leftSquares, rightSquares] = [0, 0, 0];
  left.forEach((value, index) => {
    const [a, b] = [value - leftMean, right[index]! - rightMean];
    product += a * b;
    leftSquares += a * a;
    rightSquares += b * b;
  });
  return product / Math.sqrt(leftSquares * rightSquares);
}

/** Chi-squared statistic of counts that should be equal, as standard deviations above its mean (Wilson-Hilferty). */
function chiSquaredDeviations(counts: ArrayLike<number>) {
  const values = Array.from(counts);
  const expected = values.reduce((sum, count) => sum + count, 0) / values.length;
  const freedom = values.length - 1;
  const statistic = values.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  return ((statistic / freedom) ** (1 / 3) - (1 - 2 / (9 * freedom))) / Math.sqrt(2 / (9 * freedom));
}

describe('an address', () => {
  test('always gives the same draws, and any change of it gives others', () => {
    fc.assert(
      fc.property(
        fc.maxSafeInteger(),
        fc.string(),
        fc.array(fc.maxSafeInteger(), { maxLength: 4 }),
        (seed, purpose, address) => {
          const first = draws(randomAt(seed, purpose, ...address), 4);
          expect(draws(randomAt(seed, purpose, ...address), 4)).toEqual(first);
          expect(draws(randomAt(seed + 1, purpose, ...address), 4)).not.toEqual(first);
          expect(draws(randomAt(seed, `${purpose}'`, ...address), 4)).not.toEqual(first);
          expect(draws(randomAt(seed, purpose, ...address, 0), 4)).not.toEqual(first);
        },
      ),
    );
  });

  test('counts in the order of its parts', () => {
    expect(draws(randomAt(1, 'view', 2, 3), 4)).not.toEqual(draws(randomAt(1, 'view', 3, 2), 4));
  });

  test('keeps the numbers of earlier versions, so that stored runs can be repeated', () => {
    const random = randomAt(7, 'order', 3);
    expect([random.next(), random.next(), random.integer(1000), random.normal()]).toEqual([
      0.5821882742457092, 0.47105261497199535, 52, 2.6338066351349014,
    ]);
  });
});

describe('the first draws of neighbouring addresses', () => {
  const count = 65536;
  const sequences: Record<string, (index: number) => Random> = {
    'image after image': (index) => randomAt(0, 'view', 0, index, 0),
    'epoch after epoch': (index) => randomAt(0, 'view', index, 0, 0),
    'seed after seed': (index) => randomAt(index, 'view', 0, 0, 0),
    'image after image, second view': (index) => randomAt(0, 'view', 0, index, 1),
    'image after image, next epoch': (index) => randomAt(0, 'view', 1, index, 0),
    'image after image, next seed': (index) => randomAt(1, 'view', 0, index, 0),
    'image after image, other purpose': (index) => randomAt(0, 'dropout', 0, index, 0),
  };
  const firsts = Object.fromEntries(
    Object.entries(sequences).map(([name, at]) => [name, Float64Array.from({ length: count }, (_, i) => at(i).next())]),
  );

  test.each(Object.entries(firsts))('are uniform: %s', (_, values) => {
    const bins = new Int32Array(256);
    const pairBins = new Int32Array(256); // 16 x 16: a value and its successor
    values.forEach((value, index) => {
      bins[Math.floor(value * 256)]!++;
      pairBins[Math.floor(value * 16) * 16 + Math.floor(values[(index + 1) % count]! * 16)]!++;
    });
    expect(Math.abs(chiSquaredDeviations(bins))).toBeLessThan(5);
    expect(Math.abs(chiSquaredDeviations(pairBins))).toBeLessThan(5);
  });

  test('do not follow each other: correlation within 5 / sqrt(n) at each pair of sequences and at lags 1 to 8', () => {
    const all = Object.values(firsts);
    for (const [index, left] of all.entries()) {
      for (let lag = 1; lag <= 8; lag++) {
        expect(Math.abs(correlation(left.slice(lag), left.slice(0, -lag)))).toBeLessThan(5 / Math.sqrt(count));
      }
      for (const right of all.slice(index + 1)) {
        expect(Math.abs(correlation(left, right))).toBeLessThan(5 / Math.sqrt(count));
      }
    }
  });

  test('differ in half of their bits from the neighbour', () => {
    for (const values of Object.values(firsts)) {
      const flips = new Int32Array(32);
      for (let index = 1; index < count; index++) {
        const difference = (values[index]! * 2 ** 32) ^ (values[index - 1]! * 2 ** 32);
        for (let bit = 0; bit < 32; bit++) flips[bit]! += (difference >>> bit) & 1;
      }
      // Each bit flips with probability 1/2: standard deviation sqrt(n)/2.
      for (const flipped of flips) expect(Math.abs(flipped - count / 2)).toBeLessThan(2.5 * Math.sqrt(count));
    }
  });
});

describe('the draws of one address', () => {
  const count = 200_000;

  test('have the moments of the uniform and of the normal distribution', () => {
    const random = randomAt(3, 'moments');
    const uniform = draws(random, count);
    const normal = Float64Array.from({ length: count }, () => random.normal());
    const moment = (values: Float64Array, power: number) =>
      values.reduce((sum, value) => sum + value ** power, 0) / values.length;
    // (power, expected value, standard deviation of one term)
    for (const [power, expected, deviation] of [
      [1, 1 / 2, Math.sqrt(1 / 12)],
      [2, 1 / 3, Math.sqrt(4 / 45)],
    ] as const) {
      expect(Math.abs(moment(uniform, power) - expected)).toBeLessThan((5 * deviation) / Math.sqrt(count));
    }
    for (const [power, expected, deviation] of [
      [1, 0, 1],
      [2, 1, Math.sqrt(2)],
      [3, 0, Math.sqrt(15)],
      [4, 3, Math.sqrt(96)],
    ] as const) {
      expect(Math.abs(moment(normal, power) - expected)).toBeLessThan((5 * deviation) / Math.sqrt(count));
    }
  });

  test('stay in their range', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 2 ** 31 }), (seed, below) => {
        const random = randomAt(seed, 'range');
        const whole = random.integer(below);
        expect(Number.isInteger(whole) && whole >= 0 && whole < below).toBe(true);
        const real = random.uniform(-2, 3);
        expect(real >= -2 && real < 3).toBe(true);
      }),
    );
    const random = randomAt(0, 'chance');
    expect(random.chance(0)).toBe(false);
    expect(random.chance(1)).toBe(true);
    let hits = 0;
    for (let draw = 0; draw < count; draw++) if (random.chance(0.3)) hits++;
    expect(Math.abs(hits - 0.3 * count)).toBeLessThan(5 * Math.sqrt(count * 0.3 * 0.7));
  });
});

describe('a permutation', () => {
  test('holds each index once', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(300), (seed, length) => {
        const order = randomAt(seed, 'order', length).permutation(length);
        expect(Array.from(order).sort((a, b) => a - b)).toEqual(Array.from({ length }, (_, index) => index));
      }),
    );
  });

  test('is each of the 24 orders of four equally often, over neighbouring addresses', () => {
    const counts = new Map<string, number>();
    for (let epoch = 0; epoch < 48_000; epoch++) {
      const order = randomAt(5, 'order', epoch).permutation(4).join();
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    expect(Math.abs(chiSquaredDeviations([...counts.values()]))).toBeLessThan(5);
  });

  test('puts each index in each place equally often', () => {
    const length = 16;
    const counts = new Int32Array(length * length);
    for (let epoch = 0; epoch < 16_000; epoch++) {
      randomAt(9, 'order', epoch)
        .permutation(length)
        .forEach((index, place) => {
          counts[place * length + index]!++;
        });
    }
    expect(Math.abs(chiSquaredDeviations(counts))).toBeLessThan(5);
  });
});
