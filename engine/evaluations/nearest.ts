/**
 * Exact nearest neighbours by Euclidean distance.
 *
 * A fast search in float32 finds a few more candidates than are asked for; their distances are then computed in double
 * precision and decide the order. Where the fast search cannot have separated neighbours from the rest (its error is
 * measured on the candidates), every row that could be one is looked at exactly.
 */
import { tf } from '../tf.ts';
import { BestScores } from './best-scores.ts';
import { blocksOf, defaultBlockBytes, memoryRows, readEach } from './rows.ts';
import { type Frame, frameOf, type RowSets, scoreBlocks, squaredNorms, toFrame } from './score-blocks.ts';

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
  const { train, probe, blockBytes } = rows;
  const { dimension } = train;
  const frame = await frameOf(rows);
  const count = Math.min(train.count, k + spareCandidates);
  const pace = createPace(probe.count * (train.count + exactCost * count), options);

  const candidates = await findCandidates(rows, frame, count, pace);
  const exactDistances = await measureCandidates(rows, candidates.indices, count, pace);
  const found: Neighbours = {
    indices: new Int32Array(probe.count * k),
    squaredDistances: new Float64Array(probe.count * k),
  };
  // Squares in the units of the frame: the row's norm, its fast distance to the last candidate, the exact one to the k-th.
  const probeSquares = new Float64Array(probe.count);
  const lastFast = new Float64Array(probe.count).fill(Number.NEGATIVE_INFINITY);
  const kthExact = new Float64Array(probe.count);
  let relativeError = 2 ** -24;
  const order = new RankedList(count);
  for await (const { first, values } of blocksOf(probe, blockBytes)) {
    probeSquares.set(squaredNorms(toFrame(values, frame), dimension), first);
  }
  for (let row = 0; row < probe.count; row++) {
    order.clear();
    for (let place = row * count; place < (row + 1) * count; place++) {
      order.insert(exactDistances[place]!, candidates.indices[place]!);
      const exact = exactDistances[place]! * frame.scale ** 2;
      const fast = probeSquares[row]! - 2 * candidates.scores[place]!;
      const error = Math.abs(fast - exact) / magnitude(probeSquares[row]!, exact);
      if (error > relativeError) relativeError = error;
      if (fast > lastFast[row]!) lastFast[row] = fast;
    }
    order.copyTo(found, row, k);
    kthExact[row] = order.distances[k - 1]! * frame.scale ** 2;
  }

  if (count < train.count) {
    const bound = kthExact.map(
      (exact, row) => exact + errorFactor * relativeError * magnitude(probeSquares[row]!, exact),
    );
    const unclear = Int32Array.from(bound.keys()).filter((row) => lastFast[row]! <= bound[row]!);
    await searchExactly(rows, frame, { unclear, bound, probeSquares }, found, k, pace);
  }
  options.onProgress?.(1);
  return found;
}

/** Squared distances of the candidates [probe rows, count] in double precision; both sets are read in blocks. */
async function measureCandidates(
  { train, probe, blockBytes }: RowSets,
  indices: Int32Array,
  count: number,
  pace: Pace,
) {
  const { dimension } = train;
  const distances = new Float64Array(indices.length);
  for await (const trainBlock of blocksOf(train, blockBytes)) {
    for await (const probeBlock of blocksOf(probe, blockBytes)) {
      let measured = 0;
      for (let row = probeBlock.first; row < probeBlock.last; row++) {
        for (let place = row * count; place < (row + 1) * count; place++) {
          const index = indices[place]!;
          if (index < trainBlock.first || index >= trainBlock.last) continue;
          distances[place] = squaredDistance(
            { values: probeBlock.values, row: row - probeBlock.first },
            { values: trainBlock.values, row: index - trainBlock.first },
            dimension,
          );
          measured++;
        }
      }
      await pace(exactCost * measured, dimension * measured + count * (probeBlock.last - probeBlock.first));
    }
  }
  return distances;
}

/** The size of the terms whose rounding makes the error of a fast distance: (|p| + |p - t|)^2 is at least |p||t|. */
function magnitude(probeSquares: number, squaredDistance: number) {
  return (Math.sqrt(probeSquares) + Math.sqrt(squaredDistance)) ** 2 || 1;
}

/** Scores and train rows [probe rows, count] of the fast search, in no order. */
async function findCandidates(rows: RowSets, frame: Frame, count: number, pace: Pace) {
  const best = new BestScores(rows.probe.count, count);
  for await (const { probe, train, scores } of scoreBlocks(rows, frame)) {
    await best.add(scores, probe.first, train.first);
    await pace(scores.size, Number.POSITIVE_INFINITY);
  }
  return best.finish();
}

/** Replaces the neighbours of the `unclear` probe rows: every train row that may be within `bound` is measured. */
async function searchExactly(
  { train, probe, blockBytes = defaultBlockBytes }: RowSets,
  frame: Frame,
  { unclear, bound, probeSquares }: { unclear: Int32Array; bound: Float64Array; probeSquares: Float64Array },
  found: Neighbours,
  k: number,
  pace: Pace,
) {
  const { dimension } = train;
  const step = Math.max(1, Math.floor(blockBytes / (4 * dimension)));
  for (let first = 0; first < unclear.length; first += step) {
    const chosen = unclear.subarray(first, first + step);
    const subset = memoryRows(await readEach(probe, chosen), dimension);
    const lists = Array.from(chosen, () => new RankedList(k));
    for await (const block of scoreBlocks({ train, probe: subset, blockBytes }, frame)) {
      const [probeRows, trainRows] = block.scores.shape;
      const values = await block.scores.data();
      for (let place = 0; place < probeRows; place++) {
        const row = chosen[block.probe.first + place]!;
        const least = (probeSquares[row]! - bound[row]!) / 2;
        const mine = { values: block.probe.values, row: place };
        let measured = 0;
        for (let column = 0; column < trainRows; column++) {
          if (values[place * trainRows + column]! < least) continue;
          const distance = squaredDistance(mine, { values: block.train.values, row: column }, dimension);
          lists[block.probe.first + place]!.insert(distance, block.train.first + column);
          measured++;
        }
        await pace(0, trainRows + measured * dimension);
      }
    }
    chosen.forEach((row, place) => {
      lists[place]!.copyTo(found, row, k);
    });
  }
}

interface RowOf {
  values: Float32Array;
  row: number;
}

function squaredDistance(left: RowOf, right: RowOf, dimension: number) {
  const [leftStart, rightStart] = [left.row * dimension, right.row * dimension];
  // Two sums at once keep the processor busy; the order is always the same, so equal rows are equally far.
  let [even, odd] = [0, 0];
  let column = 0;
  for (; column + 1 < dimension; column += 2) {
    const first = left.values[leftStart + column]! - right.values[rightStart + column]!;
    const second = left.values[leftStart + column + 1]! - right.values[rightStart + column + 1]!;
    even += first * first;
    odd += second * second;
  }
  if (column < dimension) even += (left.values[leftStart + column]! - right.values[rightStart + column]!) ** 2;
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
export function createPace(total: number, { signal, onProgress }: SearchOptions): Pace {
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
