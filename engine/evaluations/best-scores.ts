/** The largest scores of each row, collected over blocks of scores: nearly all of a block is left out unread. */
import { type Tensor2D, tf } from '../tf.ts';

/** Scores that one maximum stands for: so many fewer are looked at where none of them can be among the best. */
const groupSize = 16;
/** Scores that a row takes beyond those it keeps before the smallest go. */
const spare = 64;

export class BestScores {
  /** Of each row, in no order: [rows, count + spare]. */
  readonly #scores: Float32Array;
  readonly #indices: Int32Array;
  readonly #lengths: Int32Array;
  /** A score up to this one is not among the row's best. */
  readonly #least: Float32Array;
  readonly #count: number;

  constructor(rows: number, count: number) {
    this.#count = count;
    this.#scores = new Float32Array(rows * (count + spare));
    this.#indices = new Int32Array(rows * (count + spare));
    this.#lengths = new Int32Array(rows);
    this.#least = new Float32Array(rows).fill(Number.NEGATIVE_INFINITY);
  }

  /** Takes the scores [n, m] of the rows from `firstRow` on; their columns are numbered from `firstIndex` on. */
  async add(scores: Tensor2D, firstRow: number, firstIndex: number): Promise<void> {
    const [rows, columns] = scores.shape;
    const groups = Math.ceil(columns / groupSize);
    const missing = groups * groupSize - columns;
    const { grouped, maxima } = tf.tidy(() => {
      const padding: [number, number][] = [
        [0, 0],
        [0, missing],
      ];
      const whole = missing > 0 ? tf.pad(scores, padding, Number.NEGATIVE_INFINITY) : scores;
      const grouped = tf.reshape(whole, [rows * groups, groupSize]);
      return { grouped, maxima: tf.max(grouped, 1) };
    });
    try {
      const chosen = this.#promising(await maxima.data(), groups, firstRow);
      if (chosen.length === 0) return;
      const picked = tf.tidy(() => tf.gather(grouped, tf.tensor1d(chosen, 'int32')));
      const values = await picked.data();
      picked.dispose();
      for (let place = 0; place < chosen.length; place++) {
        const group = chosen[place]!;
        const row = Math.floor(group / groups);
        const first = (group - row * groups) * groupSize;
        const size = Math.min(groupSize, columns - first);
        for (let at = 0; at < size; at++) {
          this.#take(firstRow + row, values[place * groupSize + at]!, firstIndex + first + at);
        }
      }
    } finally {
      tf.dispose([grouped, maxima]);
    }
  }

  /** The groups in which something is above the bar of its row. */
  #promising(maxima: ArrayLike<number>, groups: number, firstRow: number): Int32Array {
    const chosen = new Int32Array(maxima.length);
    let length = 0;
    for (let group = 0, row = firstRow; group < maxima.length; row++) {
      const least = this.#least[row]!;
      for (const end = group + groups; group < end; group++) if (maxima[group]! > least) chosen[length++] = group;
    }
    return chosen.subarray(0, length);
  }

  /** The best of each row, in no order: [rows, count]. Every row must have met as many. */
  finish(): { scores: Float32Array; indices: Int32Array } {
    const rows = this.#lengths.length;
    const [count, capacity] = [this.#count, this.#count + spare];
    const best = { scores: new Float32Array(rows * count), indices: new Int32Array(rows * count) };
    for (let row = 0; row < rows; row++) {
      this.#prune(row);
      const start = row * capacity;
      best.scores.set(this.#scores.subarray(start, start + count), row * count);
      best.indices.set(this.#indices.subarray(start, start + count), row * count);
    }
    return best;
  }

  #take(row: number, score: number, index: number) {
    if (score <= this.#least[row]!) return;
    const at = row * (this.#count + spare) + this.#lengths[row]!;
    this.#scores[at] = score;
    this.#indices[at] = index;
    this.#lengths[row]!++;
    if (this.#lengths[row] === this.#count + spare) this.#prune(row);
  }

  /** Leaves the best `count` (Hoare's selection), and raises the bar to the smallest of them. */
  #prune(row: number) {
    if (this.#lengths[row]! < this.#count) return;
    const start = row * (this.#count + spare);
    const [scores, indices] = [this.#scores, this.#indices];
    const lastKept = start + this.#count - 1;
    let [low, high] = [start, start + this.#lengths[row]! - 1];
    while (low < high) {
      const pivot = scores[(low + high) >> 1]!;
      let [left, right] = [low, high];
      while (left <= right) {
        while (scores[left]! > pivot) left++;
        while (scores[right]! < pivot) right--;
        if (left > right) break;
        const [score, index] = [scores[left]!, indices[left]!];
        scores[left] = scores[right]!;
        indices[left] = indices[right]!;
        scores[right] = score;
        indices[right] = index;
        left++;
        right--;
      }
      if (lastKept <= right) high = right;
      else if (lastKept >= left) low = left;
      else break;
    }
    let least = Number.POSITIVE_INFINITY;
    for (let at = start; at <= lastKept; at++) if (scores[at]! < least) least = scores[at]!;
    this.#least[row] = least;
    this.#lengths[row] = this.#count;
  }
}
