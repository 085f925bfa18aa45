/** How far apart two nets have come: their features of the same images are compared, a block of rows at a time. */
import { AppError } from '../../common/errors.ts';
import { type Tensor2D, tf } from '../tf.ts';
import { createPace, nearestNeighbours, type SearchOptions } from './nearest.ts';
import { defaultBlockBytes, memoryRows, type Rows, readEach } from './rows.ts';
import { frameOf, toFrame } from './score-blocks.ts';

type Options = SearchOptions & { blockBytes?: number | undefined };

/**
 * Linear centred kernel alignment (Kornblith et al. 2019, arXiv 1905.00414, section 3, in the space of features):
 * |Y'X|^2 / (|X'X| |Y'Y|) with Frobenius norms, X and Y of zero mean in each column. It is 1 where the features are the
 * same up to rotation and scale, and near 0 where they have nothing in common.
 *
 * Three matrices of dimension x dimension are kept in double precision; products within a block are in float32.
 *
 * @param left features [images, dimension]
 * @param right features of the same images in the same order [images, its own dimension]
 * @throws `data-invalid` where the features of a net are the same for all images: nothing is left to compare
 */
export async function linearCka(left: Rows, right: Rows, options: Options = {}): Promise<number> {
  const { blockBytes = defaultBlockBytes } = options;
  const frames = {
    left: await frameOf({ train: left, probe: left, blockBytes }),
    right: await frameOf({ train: right, probe: right, blockBytes }),
  };
  const sums = {
    xx: new Float64Array(left.dimension ** 2),
    yy: new Float64Array(right.dimension ** 2),
    yx: new Float64Array(right.dimension * left.dimension),
  };
  const step = Math.max(1, Math.floor(blockBytes / (4 * Math.max(left.dimension, right.dimension))));
  const pace = createPace(left.count, options);
  for (let first = 0; first < left.count; first += step) {
    const last = Math.min(left.count, first + step);
    const x = toFrame(await left.read(first, last), frames.left);
    const y = toFrame(await right.read(first, last), frames.right);
    const products = tf.tidy(() => {
      const [mine, theirs] = [
        tf.tensor2d(x, [last - first, left.dimension]),
        tf.tensor2d(y, [last - first, right.dimension]),
      ];
      // Transposed once: the wasm backend multiplies by a transposed matrix ten times slower.
      const [mineTurned, theirsTurned] = [tf.transpose<Tensor2D>(mine), tf.transpose<Tensor2D>(theirs)];
      return {
        xx: tf.matMul(mineTurned, mine),
        yy: tf.matMul(theirsTurned, theirs),
        yx: tf.matMul(theirsTurned, mine),
      };
    });
    for (const name of ['xx', 'yy', 'yx'] as const) {
      const [sum, values] = [sums[name], await products[name].data()];
      for (let at = 0; at < sum.length; at++) sum[at]! += values[at]!;
    }
    tf.dispose(products);
    await pace(last - first, Number.POSITIVE_INFINITY);
  }
  const [xx, yy, yx] = [squaresOf(sums.xx), squaresOf(sums.yy), squaresOf(sums.yx)];
  requireSpread(xx, 'first');
  requireSpread(yy, 'second');
  return yx / Math.sqrt(xx * yy);
}

function squaresOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value ** 2, 0);
}

function requireSpread(squares: number, which: string): void {
  if (squares > 0) return;
  throw new AppError('data-invalid', `The features of the ${which} checkpoint are the same for all images.`, {
    cure: 'It has collapsed, or there is one image only: take another checkpoint, or more images.',
  });
}

/**
 * The mean share of the k nearest images (Euclidean distance, the image itself left out) that both nets agree on. Two
 * nets that have nothing in common reach k / (images - 1).
 *
 * @param left features [images, dimension]
 * @param right features of the same images in the same order [images, its own dimension]
 * @param queries the images whose neighbours are compared, as rows
 */
export async function neighbourOverlap(
  left: Rows,
  right: Rows,
  { queries, k, ...options }: Options & { queries: Int32Array; k: number },
): Promise<number> {
  const { signal, onProgress } = options;
  const half = (done: number) => (fraction: number) => onProgress?.(done + fraction / 2);
  const mine = await neighboursOf(left, queries, k, { ...options, signal, onProgress: half(0) });
  const theirs = await neighboursOf(right, queries, k, { ...options, signal, onProgress: half(0.5) });
  let common = 0;
  mine.forEach((neighbours, place) => {
    for (const neighbour of neighbours) if (theirs[place]!.has(neighbour)) common++;
  });
  return common / (queries.length * k);
}

/** Throws `config-invalid` where there are not so many others. */
async function neighboursOf(rows: Rows, queries: Int32Array, k: number, options: Options): Promise<Set<number>[]> {
  if (k >= rows.count) {
    throw new AppError('config-invalid', `${k} neighbours are asked for, but there are ${rows.count} images.`, {
      field: 'neighbours',
      cure: `Ask for at most ${rows.count - 1}.`,
    });
  }
  const probe = memoryRows(await readEach(rows, queries), rows.dimension);
  const { indices } = await nearestNeighbours({ train: rows, probe, blockBytes: options.blockBytes }, k + 1, options);
  return Array.from(queries, (query, place) => {
    // Among images with equal features it may not be its own nearest; it is left out wherever it stands.
    const others = indices.subarray(place * (k + 1), (place + 1) * (k + 1)).filter((index) => index !== query);
    return new Set(others.subarray(0, k));
  });
}
