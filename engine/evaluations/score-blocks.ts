/** Similarity of every probe row to every train row, on the backend, in blocks that fit a fixed amount of memory. */
import { type Tensor2D, tf } from '../tf.ts';
import { meanRow } from './feature-space.ts';

export interface RowSets {
  /** [train rows, dimension] */
  train: Float32Array;
  /** [probe rows, dimension] */
  probe: Float32Array;
  dimension: number;
  blockBytes?: number | undefined;
}

export interface ScoreBlock {
  firstProbe: number;
  firstTrain: number;
  /** [probe rows, train rows]: p.t - |t|^2 / 2, so that |p - t|^2 = |p|^2 - 2 score. Disposed after the yield. */
  scores: Tensor2D;
}

/** Rows are compared after `mean` is taken off and `scale` is applied; distances only change by the factor `scale`. */
export interface Frame {
  mean: Float64Array;
  scale: number;
}

/** Memory of one block, of features as of scores: large enough that the backend's start of an operation is nothing. */
const defaultBlockBytes = 64 * 2 ** 20;

/**
 * The frame in which float32 tells the rows apart best: the train mean as origin (features after a ReLU share a large
 * one, which would use up the digits), and a power of two that brings the largest entry near 1.
 */
export function frameOf({ train, probe, dimension }: RowSets): Frame {
  const mean = meanRow(train, dimension);
  let largest = 0;
  for (const rows of [train, probe]) {
    for (let start = 0; start < rows.length; start += dimension) {
      for (let column = 0; column < dimension; column++) {
        const size = Math.abs(rows[start + column]! - mean[column]!);
        if (size > largest) largest = size;
      }
    }
  }
  return { mean, scale: largest > 0 ? 2 ** -Math.ceil(Math.log2(largest)) : 1 };
}

/** Rows `first` to `last` (exclusive) in the frame, rounded to float32. */
export function rowsInFrame(rows: Float32Array, first: number, last: number, { mean, scale }: Frame): Float32Array {
  const dimension = mean.length;
  const result = rows.slice(first * dimension, last * dimension);
  for (let start = 0; start < result.length; start += dimension) {
    for (let column = 0; column < dimension; column++) {
      result[start + column] = (result[start + column]! - mean[column]!) * scale;
    }
  }
  return result;
}

export function squaredNorms(rows: Float32Array, dimension: number): Float64Array {
  return Float64Array.from({ length: rows.length / dimension }, (_, row) => {
    let squares = 0;
    for (let at = row * dimension; at < (row + 1) * dimension; at++) squares += rows[at]! ** 2;
    return squares;
  });
}

/** All blocks: train blocks in order, for each the probe blocks in order. */
export async function* scoreBlocks(rows: RowSets, frame: Frame): AsyncGenerator<ScoreBlock> {
  const { train, probe, dimension, blockBytes = defaultBlockBytes } = rows;
  const [trainRows, probeRows] = [train.length / dimension, probe.length / dimension];
  const trainStep = Math.max(1, Math.floor(blockBytes / (4 * dimension)));
  const probeStep = Math.max(1, Math.floor(blockBytes / (4 * Math.min(trainStep, trainRows))));
  for (let firstTrain = 0; firstTrain < trainRows; firstTrain += trainStep) {
    const block = rowsInFrame(train, firstTrain, Math.min(trainRows, firstTrain + trainStep), frame);
    const halfSquares = tf.tensor2d(
      Float32Array.from(squaredNorms(block, dimension), (squares) => squares / 2),
      [1, block.length / dimension],
    );
    // Transposed once: the wasm backend multiplies by a transposed matrix ten times slower.
    const columns = tf.tidy(() => tf.transpose(tf.tensor2d(block, [block.length / dimension, dimension]))); // [dimension, train]
    try {
      for (let firstProbe = 0; firstProbe < probeRows; firstProbe += probeStep) {
        const scores = tf.tidy(() => {
          const rows = rowsInFrame(probe, firstProbe, Math.min(probeRows, firstProbe + probeStep), frame);
          const products = tf.matMul(tf.tensor2d(rows, [rows.length / dimension, dimension]), columns);
          return tf.sub<Tensor2D>(products, halfSquares);
        });
        try {
          yield { firstProbe, firstTrain, scores };
        } finally {
          scores.dispose();
        }
      }
    } finally {
      tf.dispose([columns, halfSquares]);
    }
  }
}
