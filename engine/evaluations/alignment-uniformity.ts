/**
 * Alignment and uniformity of unit features (Wang and Isola, arXiv 2005.10242; as ssl-small's eval.stats-dist reports
 * them). All sums are in double precision; of rows, a block at a time is in memory.
 */
import { tf } from '../tf.ts';
import { createPace, type SearchOptions } from './nearest.ts';
import { blocksOf, type Rows } from './rows.ts';
import { frameOf, scoreBlocks, squaredNorms, toFrame } from './score-blocks.ts';

type Options = SearchOptions & { blockBytes?: number | undefined };

/** The factor of squared distances in uniformity. */
const steepness = 2;

/** 2 - 2 mean(x.y): the mean squared distance of the pairs left[i], right[i], both of unit length. */
export async function alignment(left: Rows, right: Rows, blockBytes?: number): Promise<number> {
  let products = 0;
  for await (const { first, last, values } of blocksOf(left, blockBytes)) {
    const others = await right.read(first, last);
    for (let at = 0; at < values.length; at++) products += values[at]! * others[at]!;
  }
  return 2 - (2 * products) / left.count;
}

/**
 * Mean squared distance over all pairs within each block of rows (a class), NaN where a block has no pair.
 *
 * The sum over pairs |xi - xj|^2 is n times the sum of |xi - mean|^2, hence no pair is formed.
 */
export async function alignmentWithin(
  rows: Rows,
  blocks: readonly (readonly [number, number])[],
): Promise<Float64Array> {
  const { dimension } = rows;
  const result = new Float64Array(blocks.length);
  for (const [place, [first, last]] of blocks.entries()) {
    const count = last - first;
    const values = await rows.read(first, last);
    const mean = new Float64Array(dimension);
    for (let at = 0; at < values.length; at++) mean[at % dimension]! += values[at]! / count;
    let spread = 0;
    for (let at = 0; at < values.length; at++) spread += (values[at]! - mean[at % dimension]!) ** 2;
    result[place] = (count * spread) / ((count * (count - 1)) / 2);
  }
  return result;
}

/** log mean exp(-2 |x - y|^2) over the pairs within each group of rows; the mean over the groups. */
export async function uniformityOfGroups(rows: Rows, groups: readonly ArrayLike<number>[]): Promise<number> {
  const { dimension } = rows;
  const each: number[] = [];
  for (const group of groups) {
    if (group.length < 2) continue;
    const values = new Float32Array(group.length * dimension);
    for (let place = 0; place < group.length; place++) {
      values.set(await rows.read(group[place]!, group[place]! + 1), place * dimension);
    }
    each.push(uniformityOf(values, dimension));
  }
  return each.reduce((sum, value) => sum + value, 0) / each.length;
}

function uniformityOf(values: Float32Array, dimension: number): number {
  const count = values.length / dimension;
  let sum = 0;
  for (let left = 0; left < count; left++) {
    for (let right = left + 1; right < count; right++) {
      let squared = 0;
      for (let column = 0; column < dimension; column++) {
        squared += (values[left * dimension + column]! - values[right * dimension + column]!) ** 2;
      }
      sum += Math.exp(-steepness * squared);
    }
  }
  return Math.log(sum / ((count * (count - 1)) / 2));
}

/** Three disjoint groups of 128 rows, as the published code draws them; smaller ones where the rows run out. */
export function uniformityGroups(permutation: Int32Array): Int32Array[] {
  const [groups, size] = [3, 128];
  return Array.from({ length: groups }, (_, index) => permutation.subarray(index * size, (index + 1) * size));
}

/** Rows up to which all pairs are taken one by one; more are multiplied as matrices. */
const fewRows = 512;

/** log mean exp(-2 |x - y|^2) over all pairs. */
export async function uniformityOfAll(rows: Rows, options: Options = {}): Promise<number> {
  const { dimension, count } = rows;
  if (count < 2) return Number.NaN;
  if (count <= fewRows) return uniformityOf(await rows.read(0, count), dimension);
  const { blockBytes } = options;
  const frame = await frameOf({ train: rows, probe: rows, blockBytes });
  const pace = createPace(count ** 2, options);
  let sum = 0;
  for await (const { probe, scores } of scoreBlocks({ train: rows, probe: rows, blockBytes }, frame)) {
    const squares = squaredNorms(toFrame(probe.values, frame), dimension);
    const sums = tf.tidy(() => {
      const mine = tf.tensor2d(Float32Array.from(squares), [squares.length, 1]);
      const distances = tf.relu(tf.sub(mine, tf.mul(2, scores))); // rounding may leave a little below 0
      return tf.sum(tf.exp(tf.mul(distances, -steepness / frame.scale ** 2)), 1);
    });
    for (const value of await sums.data()) sum += value;
    sums.dispose();
    await pace(scores.size, Number.POSITIVE_INFINITY);
  }
  // Each row is its own pair once, exp(0), and every other pair is there twice.
  return Math.log((sum - count) / (count * (count - 1)));
}

/** Rows of a set in which every class lies together, as [first, last (exclusive)] of each class. */
export function classBlocks(labels: ArrayLike<number>): [number, number][] {
  const blocks: [number, number][] = [];
  for (let row = 0; row < labels.length; row++) {
    const block = blocks.at(-1);
    if (block && labels[row] === labels[row - 1]) block[1] = row + 1;
    else blocks.push([row, row + 1]);
  }
  return blocks;
}
