import { beforeAll, describe, expect, test } from 'vitest';
import { BestScores } from '../../../engine/evaluations/best-scores.ts';
import { randomAt } from '../../../engine/random.ts';
import { tf } from '../../../engine/tf.ts';
import { backendNames, useBackend } from '../../support/backends.ts';

describe.each(backendNames)('on the %s backend', (backend) => {
  beforeAll(() => useBackend(backend));

  // Numbers in any order, rising ones (each beats all before), falling ones, few different ones, all equal.
  test.each([
    ['random', (at: number) => randomAt(1, String(at)).normal()],
    ['rising', (at: number) => at],
    ['falling', (at: number) => -at],
    ['few', (at: number) => (at * 7) % 5],
    ['equal', () => -3],
  ])('the best of %s scores are those that a full sort finds', async (_, scoreAt) => {
    const before = tf.memory().numTensors;
    const [rows, count] = [3, 10];
    // Widths that are and are not whole groups, and one below the number wanted.
    const widths = [7, 130, 64, 401, 16, 250];
    const best = new BestScores(rows, count);
    const all: number[][] = Array.from({ length: rows }, () => []);
    let firstIndex = 0;
    for (const width of widths) {
      const values = Array.from({ length: rows }, (_, row) =>
        Array.from({ length: width }, (_, column) => Math.fround(scoreAt(firstIndex + column + 1000 * row))),
      );
      values.forEach((scores, row) => {
        all[row]!.push(...scores);
      });
      // In two parts of rows, as blocks come.
      for (const [from, to] of [
        [0, 1],
        [1, 3],
      ] as const) {
        const scores = tf.tensor2d(values.slice(from, to));
        await best.add(scores, from, firstIndex);
        scores.dispose();
      }
      firstIndex += width;
    }
    const { scores, indices } = best.finish();
    for (let row = 0; row < rows; row++) {
      const mine = Array.from(indices.subarray(row * count, (row + 1) * count));
      expect(new Set(mine).size).toBe(count);
      expect(Array.from(scores.subarray(row * count, (row + 1) * count))).toEqual(mine.map((at) => all[row]![at]));
      expect(mine.map((at) => all[row]![at]!).sort((left, right) => right - left)).toEqual(
        [...all[row]!].sort((left, right) => right - left).slice(0, count),
      );
    }
    expect(tf.memory().numTensors).toBe(before);
  });
});
