/**
 * Repulsion of t-SNE by Barnes and Hut (van der Maaten 2014, "Accelerating t-SNE using tree-based algorithms", section
 * 4.2): what lies far off in one cell of a quadtree acts as one point of its weight.
 *
 * Cells lie in the order of a walk through the tree, each with the place behind all that is in it: a walk that leaves
 * them out needs no stack, and reads memory forwards.
 */

/** Cells within cells: below this, points are taken as one. */
const mostLevels = 50;

/**
 * For every point i the sums over all others j: writes q^2 (y_i - y_j) to `force` [2 points], returns the sum of q over
 * all pairs, where q = 1 / (1 + |y_i - y_j|^2). A cell counts as one point if its side is less than `theta` (at most 0.7,
 * so that no cell does for what lies in itself) times its distance; at 0 all pairs are summed.
 */
export type Repulsion = (positions: Float64Array, theta: number, force: Float64Array) => number;

/** For so many points; its memory is used again at each call. */
export function createRepulsion(points: number): Repulsion {
  // A cell that is kept has at least two children: there are fewer of them than points.
  const mostCells = 2 * points;
  const centreX = new Float64Array(mostCells);
  const centreY = new Float64Array(mostCells);
  const weights = new Float64Array(mostCells);
  /** Squared distance from which on a cell counts as one point; negative: always. */
  const reach = new Float64Array(mostCells);
  const behind = new Int32Array(mostCells);
  // The points, sorted into cells.
  const order = new Int32Array(points);
  const xs = new Float64Array(points);
  const ys = new Float64Array(points);
  let cells = 0;

  function swap(left: number, right: number): void {
    const [point, x, y] = [order[left]!, xs[left]!, ys[left]!];
    order[left] = order[right]!;
    xs[left] = xs[right]!;
    ys[left] = ys[right]!;
    order[right] = point;
    xs[right] = x;
    ys[right] = y;
  }

  /** Brings those below the middle to the front. @returns where the others begin */
  function partition(values: Float64Array, first: number, last: number, middle: number): number {
    let [left, right] = [first, last];
    while (left < right) {
      if (values[left]! < middle) left++;
      else swap(left, --right);
    }
    return left;
  }

  function divide(first: number, last: number, left: number, top: number, side: number, level: number, theta: number) {
    const half = side / 2;
    const alone = last - first === 1 || level === mostLevels;
    const middle = alone ? last : partition(ys, first, last, top + half);
    const upper = alone ? last : partition(xs, first, middle, left + half);
    const lower = alone ? last : partition(xs, middle, last, left + half);
    const bounds = [first, upper, middle, lower, last];
    if (!alone) {
      // All in one quarter: that quarter stands for the cell.
      for (let quarter = 0; quarter < 4; quarter++) {
        if (bounds[quarter] !== first || bounds[quarter + 1] !== last) continue;
        divide(first, last, left + (quarter & 1 ? half : 0), top + (quarter & 2 ? half : 0), half, level + 1, theta);
        return;
      }
    }
    const cell = cells++;
    let [sumX, sumY] = [0, 0];
    for (let at = first; at < last; at++) {
      sumX += xs[at]!;
      sumY += ys[at]!;
    }
    const weight = last - first;
    weights[cell] = weight;
    centreX[cell] = sumX / weight;
    centreY[cell] = sumY / weight;
    reach[cell] = alone ? -1 : (side / theta) ** 2;
    if (!alone) {
      for (let quarter = 0; quarter < 4; quarter++) {
        const [from, to] = [bounds[quarter]!, bounds[quarter + 1]!];
        if (from === to) continue;
        divide(from, to, left + (quarter & 1 ? half : 0), top + (quarter & 2 ? half : 0), half, level + 1, theta);
      }
    }
    behind[cell] = cells;
  }

  function build(positions: Float64Array, theta: number): void {
    let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
    for (let at = 0; at < points; at++) {
      // In the order of the last call: points have hardly moved since, and little is left to sort.
      const point = order[at]!;
      const [x, y] = [positions[2 * point]!, positions[2 * point + 1]!];
      xs[at] = x;
      ys[at] = y;
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      if (y > bottom) bottom = y;
    }
    cells = 0;
    divide(0, points, left, top, Math.max(right - left, bottom - top, 1e-300) * (1 + 1e-9), 0, theta);
  }

  for (let point = 0; point < points; point++) order[point] = point;

  return function repulsion(positions, theta, force) {
    build(positions, theta);
    let total = 0;
    for (let at = 0; at < points; at++) {
      const [x, y] = [xs[at]!, ys[at]!];
      let [forceX, forceY] = [0, 0];
      for (let cell = 0; cell < cells; ) {
        const dx = x - centreX[cell]!;
        const dy = y - centreY[cell]!;
        const squared = dx * dx + dy * dy;
        if (squared <= reach[cell]!) {
          cell++;
          continue;
        }
        const q = 1 / (1 + squared);
        const pull = weights[cell]! * q;
        total += pull;
        forceX += pull * q * dx;
        forceY += pull * q * dy;
        cell = behind[cell]!;
      }
      const point = order[at]!;
      force[2 * point] = forceX;
      force[2 * point + 1] = forceY;
    }
    return total - points; // each met itself, at distance 0
  };
}
