/** Similarity of every probe row to every train row, on the backend, in blocks that fit a fixed amount of memory. */
import { type Tensor2D, tf } from '../tf.ts';
import { type Block, blocksOf, columnStatistics, defaultBlockBytes, type Rows } from './rows.ts';

export interface RowSets {
  /** [train rows, dimension] */
  train: Rows;
  /** [probe rows, dimension] */
  probe: Rows;
  blockBytes?: number | undefined;
}

/** Larger products are no faster, and memory beyond this is asked of the system anew each time. */
const mostScoreBytes = 16 * 2 ** 20;
const mostTrainRows = 8192;

export interface ScoreBlock {
  /** The rows themselves, as they were read. */
  train: Block;
  probe: Block;
  /** [probe rows, train rows]: p.t - |t|^2 / 2, so that |p - t|^2 = |p|^2 - 2 score. Disposed after the yield. */
  scores: Tensor2D;
}

/** Rows are compared after `mean` is taken off and `scale` is applied; distances only change by the factor `scale`. */
export interface Frame {
  mean: Float64Array;
  scale: number;
}

/**
 * The frame in which float32 tells the rows apart best: the train mean as origin (features after a ReLU share a large
 * one, which would use up the digits), and a power of two that brings the largest entry near 1.
 */
export async function frameOf({ train, probe, blockBytes }: RowSets): Promise<Frame> {
  const ofTrain = await columnStatistics(train, blockBytes);
  const ofProbe = probe === train ? ofTrain : await columnStatistics(probe, blockBytes);
  const { mean } = ofTrain;
  let largest = 0;
  for (const { least, most } of [ofTrain, ofProbe]) {
    mean.forEach((middle, column) => {
      largest = Math.max(largest, most[column]! - middle, middle - least[column]!);
    });
  }
  return { mean, scale: largest > 0 ? 2 ** -Math.ceil(Math.log2(largest)) : 1 };
}

/** Rows [n, dimension] in the frame, rounded to float32. */
export function toFrame(rows: Float32Array, { mean, scale }: Frame): Float32Array {
  const dimension = mean.length;
  const result = new Float32Array(rows.length);
  for (let start = 0; start < result.length; start += dimension) {
    for (let column = 0; column < dimension; column++) {
      result[start + column] = (rows[start + column]! - mean[column]!) * scale;
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
  const { train, probe, blockBytes = defaultBlockBytes } = rows;
  const { dimension } = train;
  const trainStep = Math.min(mostTrainRows, Math.max(1, Math.floor(blockBytes / (4 * dimension))));
  // As many probe rows as their scores, or they themselves, fit a block.
  const probeStep = Math.min(
    Math.floor(blockBytes / (4 * dimension)),
    Math.floor(Math.min(blockBytes, mostScoreBytes) / (4 * Math.min(trainStep, train.count))),
  );
  const probeBytes = Math.max(1, probeStep) * 4 * dimension;
  for await (const trainBlock of blocksOf(train, trainStep * 4 * dimension)) {
    const count = trainBlock.last - trainBlock.first;
    const block = toFrame(trainBlock.values, frame);
    const halfSquares = tf.tensor2d(
      Float32Array.from(squaredNorms(block, dimension), (squares) => squares / 2),
      [1, count],
    );
    // Transposed once: the wasm backend multiplies by a transposed matrix ten times slower.
    const columns = tf.tidy(() => tf.transpose(tf.tensor2d(block, [count, dimension]))); // [dimension, train]
    try {
      for await (const probeBlock of blocksOf(probe, probeBytes)) {
        const scores = tf.tidy(() => {
          const shape: [number, number] = [probeBlock.last - probeBlock.first, dimension];
          const products = tf.matMul(tf.tensor2d(toFrame(probeBlock.values, frame), shape), columns);
          return tf.sub<Tensor2D>(products, halfSquares);
        });
        try {
          yield { train: trainBlock, probe: probeBlock, scores };
        } finally {
          scores.dispose();
        }
      }
    } finally {
      tf.dispose([columns, halfSquares]);
    }
  }
}
