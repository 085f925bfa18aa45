/**
 * Instance discrimination: does an image's view find its image among all others? (ssl-small, arXiv 2107.14762; its
 * eval.instdisc.)
 */
import { type Tensor2D, tf } from '../tf.ts';
import { createPace, type SearchOptions } from './nearest.ts';
import { blocksOf, type Rows } from './rows.ts';
import { frameOf, scoreBlocks, squaredNorms, toFrame } from './score-blocks.ts';

/**
 * How many other queries are nearer to each query than its own positive is. queries and positives [n, dimension], of
 * unit length, row by row a pair. The queries themselves are the negatives, all of them, as in the published code:
 * a query is its own nearest neighbour there, and is not counted here. [n]
 */
export async function negativesAbove(
  queries: Rows,
  positives: Rows,
  options: SearchOptions & { blockBytes?: number | undefined } = {},
): Promise<Int32Array> {
  const { blockBytes } = options;
  const rows = { train: queries, probe: queries, blockBytes };
  const frame = await frameOf(rows);
  const thresholds = new Float32Array(queries.count);
  for await (const { first, last, values } of blocksOf(queries, blockBytes)) {
    const theirs = await positives.read(first, last);
    // A score (see scoreBlocks) above it means a distance below that of the positive.
    const squares = squaredNorms(toFrame(values, frame), queries.dimension);
    squares.forEach((square, row) => {
      const distance = squaredDistance(values, theirs, row * queries.dimension, queries.dimension);
      thresholds[first + row] = (square - distance * frame.scale ** 2) / 2;
    });
  }

  const above = new Int32Array(queries.count);
  const pace = createPace(queries.count ** 2, options);
  for await (const { probe, scores } of scoreBlocks(rows, frame)) {
    const counts = tf.tidy(() => {
      const mine = tf.tensor2d(thresholds.subarray(probe.first, probe.last), [probe.last - probe.first, 1]);
      return tf.sum(tf.cast(tf.greater<Tensor2D>(scores, mine), 'int32'), 1);
    });
    const found = await counts.data();
    counts.dispose();
    for (let row = probe.first; row < probe.last; row++) above[row]! += found[row - probe.first]!;
    await pace(scores.size, Number.POSITIVE_INFINITY);
  }
  return above.map((count) => Math.max(0, count - 1)); // without itself
}

function squaredDistance(left: Float32Array, right: Float32Array, start: number, dimension: number): number {
  let sum = 0;
  for (let at = start; at < start + dimension; at++) sum += (left[at]! - right[at]!) ** 2;
  return sum;
}

/**
 * Top1 .. TopK in percent: the mean over blocks of the share of queries with fewer than k others above their positive.
 * The published code reports this as the ranks 2 .. k+1, since each query takes the first itself.
 *
 * @param blocks first and last (exclusive) query of each class, or of whatever is averaged first
 */
export function topAccuracies(
  above: Int32Array,
  blocks: readonly (readonly [number, number])[],
  most: number,
): number[] {
  return Array.from({ length: most }, (_, index) => {
    const shares = blocks.map(([first, last]) => {
      const found = above.subarray(first, last).filter((count) => count < index + 1).length;
      return (100 * found) / (last - first);
    });
    return shares.reduce((sum, share) => sum + share, 0) / shares.length;
  });
}
