/**
 * Exact nearest neighbours by Euclidean distance.
 *
 * A fast search in float32 finds a few more candidates than are asked for; their distances are then computed in double
 * precision and decide the order. Where the fast search cannot have separated neighbours from the rest (its error is
 * measured on the candidates), every row that could be one is looked at exactly.
 */
import { topK } from '../kernels/top-k.ts';
import { tf } from '../tf.ts';
import { type Frame, frameOf, type RowSets, rowsInFrame, scoreBlocks, squaredNorms } from './score-blocks.ts';

export interface SearchOptions {
  signal?: AbortSignal | undefined;
  /** Told the share of the work that is done, from 0 to 1. */
  onProgress?: ((fraction: number) => void) | undefined;
}

export interface Neighbours {
  /** [probe rows, k]: train rows, the nearest first; of equally distant ones the one with the smaller index first. */
  indices: Int32Array;
  /** [probe rows, k] */
  squaredDistances: Float64Array;
}

/** Candidates beyond k: enough that a second look is rare, few enough that the exact pass stays small. */
const spareCandidates = 16;
/** Safety factor on the largest error seen. */
const errorFactor = 4;
/** Time of an exact comparison, in comparisons of the fast search; for progress only. */
const exactCost = 60;

/** The k nearest train rows of each probe row. Throws the signal's reason when aborted; k is at most the train rows. */
export async function nearestNeighbours(rows: RowSets, k: number, options: SearchOptions = {}): Promise<Neighbours> {
  const { train, probe, dimension } = rows;
  const [trainRows, probeRows] = [train.length / dimension, probe.length / dimension];
  const frame = frameOf(rows);
  const count = Math.min(trainRows, k + spareCandidates);
  const pace = createPace(probeRows * (trainRows + exactCost * count), options);

  const candidates = await findCandidates(rows, frame, count, pace);
  const found: Neighbours = {
    indices: new Int32Array(probeRows * k),
    squaredDistances: new Float64Array(probeRows * k),
  };
  // Squares in the units of the frame: the row's norm, its fast distance to the last candidate, the exact one to the k-th.
  const probeSquares = new Float64Array(probeRows);
  const lastFast = new Float64Array(probeRows);
  const kthExact = new Float64Array(probeRows);
  let relativeError = 2 ** -24;
  const order = new RankedList(count);
  for (let row = 0; row < probeRows; row++) {
    order.clear();
    probeSquares[row] = squaredNorms(rowsInFrame(probe, row, row + 1, frame), dimension)[0]!;
    for (let place = row * count; place < (row + 1) * count; place++) {
      const index = candidates.indices[place]!;
      const distance = squaredDistance(probe, row, train, index, dimension);
      order.insert(distance, index);
      const exact = distance * frame.scale ** 2;
      const fast = probeSquares[row]! - 2 * candidates.scores[place]!;
      const error = Math.abs(fast - exact) / magnitude(probeSquares[row]!, exact);
      if (error > relativeError) relativeError = error;
      lastFast[row] = fast;
    }
    order.copyTo(found, row, k);
    kthExact[row] = order.distances[k - 1]! * frame.scale ** 2;
    await pace(exactCost * count, dimension * count);
  }

  if (count < trainRows) {
    const bound = kthExact.map(
      (exact, row) => exact + errorFactor * relativeError * magnitude(probeSquares[row]!, exact),
    );
    const unclear = Int32Array.from(bound.keys()).filter((row) => lastFast[row]! <= bound[row]!);
    await searchExactly(rows, frame, { unclear, bound, probeSquares }, found, k, pace);
  }
  options.onProgress?.(1);
  return found;
}

/** The size of the terms whose rounding makes the error of a fast distance: (|p| + |p - t|)^2 is at least |p||t|. */
function magnitude(probeSquares: number, squaredDistance: number) {
  return (Math.sqrt(probeSquares) + Math.sqrt(squaredDistance)) ** 2 || 1;
}

/** Scores and train rows [probe rows, count] of the fast search, best first. */
async function findCandidates(rows: RowSets, frame: Frame, count: number, pace: Pace) {
  const length = (rows.probe.length / rows.dimension) * count;
  const best = { scores: new Float32Array(length).fill(Number.NEGATIVE_INFINITY), indices: new Int32Array(length) };
  const merged = { scores: new Float32Array(count), indices: new Int32Array(count) };
  for await (const { firstProbe, firstTrain, scores } of scoreBlocks(rows, frame)) {
    const [probeRows, trainRows] = scores.shape;
    const blockCount = Math.min(count, trainRows);
    const top = tf.tidy(() => topK(scores, blockCount));
    const [values, places] = await Promise.all([top.values.data(), top.indices.data()]);
    tf.dispose([top.values, top.indices]);
    for (let row = 0; row < probeRows; row++) {
      // Two sorted lists into one; of equal scores the earlier block's first.
      const start = (firstProbe + row) * count;
      let [mine, theirs] = [start, row * blockCount];
      for (let place = 0; place < count; place++) {
        if (theirs < (row + 1) * blockCount && values[theirs]! > best.scores[mine]!) {
          merged.scores[place] = values[theirs]!;
          merged.indices[place] = firstTrain + places[theirs]!;
          theirs++;
        } else {
          merged.scores[place] = best.scores[mine]!;
          merged.indices[place] = best.indices[mine]!;
          mine++;
        }
      }
      best.scores.set(merged.scores, start);
      best.indices.set(merged.indices, start);
    }
    await pace(probeRows * trainRows, Number.POSITIVE_INFINITY);
  }
  return best;
}

/** Replaces the neighbours of the `unclear` probe rows: every train row that may be within `bound` is measured. */
async function searchExactly(
  { train, probe, dimension, blockBytes }: RowSets,
  frame: Frame,
  { unclear, bound, probeSquares }: { unclear: Int32Array; bound: Float64Array; probeSquares: Float64Array },
  found: Neighbours,
  k: number,
  pace: Pace,
) {
  if (unclear.length === 0) return;
  const subset = new Float32Array(unclear.length * dimension);
  unclear.forEach((row, place) => {
    subset.set(probe.subarray(row * dimension, (row + 1) * dimension), place * dimension);
  });
  const lists = Array.from(unclear, () => new RankedList(k));
  for await (const { firstProbe, firstTrain, scores } of scoreBlocks(
    { train, probe: subset, dimension, blockBytes },
    frame,
  )) {
    const [probeRows, trainRows] = scores.shape;
    const values = await scores.data();
    for (let place = 0; place < probeRows; place++) {
      const row = unclear[firstProbe + place]!;
      const least = (probeSquares[row]! - bound[row]!) / 2;
      let measured = 0;
      for (let column = 0; column < trainRows; column++) {
        if (values[place * trainRows + column]! < least) continue;
        const index = firstTrain + column;
        lists[firstProbe + place]!.insert(squaredDistance(probe, row, train, index, dimension), index);
        measured++;
      }
      await pace(0, trainRows + measured * dimension);
    }
  }
  unclear.forEach((row, place) => {
    lists[place]!.copyTo(found, row, k);
  });
}

function squaredDistance(
  left: Float32Array,
  leftRow: number,
  right: Float32Array,
  rightRow: number,
  dimension: number,
) {
  const [leftStart, rightStart] = [leftRow * dimension, rightRow * dimension];
  // Two sums at once keep the processor busy; the order is always the same, so equal rows are equally far.
  let [even, odd] = [0, 0];
  let column = 0;
  for (; column + 1 < dimension; column += 2) {
    const first = left[leftStart + column]! - right[rightStart + column]!;
    const second = left[leftStart + column + 1]! - right[rightStart + column + 1]!;
    even += first * first;
    odd += second * second;
  }
  if (column < dimension) even += (left[leftStart + column]! - right[rightStart + column]!) ** 2;
  return even + odd;
}

/** The nearest rows met so far, by (distance, index). */
class RankedList {
  readonly distances: Float64Array;
  readonly indices: Int32Array;
  length = 0;

  constructor(capacity: number) {
    this.distances = new Float64Array(capacity);
    this.indices = new Int32Array(capacity);
  }

  clear() {
    this.length = 0;
  }

  insert(distance: number, index: number) {
    const { distances, indices } = this;
    const isBefore = (place: number) =>
      distances[place]! < distance || (distances[place] === distance && indices[place]! < index);
    if (this.length === distances.length && isBefore(this.length - 1)) return;
    let place = Math.min(this.length, distances.length - 1);
    for (; place > 0 && !isBefore(place - 1); place--) {
      distances[place] = distances[place - 1]!;
      indices[place] = indices[place - 1]!;
    }
    distances[place] = distance;
    indices[place] = index;
    if (this.length < distances.length) this.length++;
  }

  copyTo(found: Neighbours, row: number, k: number) {
    found.indices.set(this.indices.subarray(0, k), row * k);
    found.squaredDistances.set(this.distances.subarray(0, k), row * k);
  }
}

type Pace = (progress: number, work: number) => Promise<void>;

/** Counts progress, and lets other events in (and an abort take effect) after every few milliseconds of `work`. */
function createPace(total: number, { signal, onProgress }: SearchOptions): Pace {
  const workBetweenPauses = 5_000_000;
  let [done, sincePause] = [0, 0];
  return async (progress, work) => {
    done += progress;
    sincePause += work;
    if (sincePause < workBetweenPauses) return;
    sincePause = 0;
    onProgress?.(done / total);
    await tf.nextFrame();
    signal?.throwIfAborted();
  };
}
