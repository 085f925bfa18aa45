/** Eigenvalues and vectors of a small symmetric matrix by Jacobi's rotations (Golub and Van Loan, 8.5). */

/** matrix [size, size]. @returns values, the largest first, and vectors [size, size], one a row */
export function eigenOfSymmetric(matrix: Float64Array, size: number): { values: Float64Array; vectors: Float64Array } {
  const a = matrix.slice();
  const vectors = new Float64Array(size * size); // rows are turned along
  for (let at = 0; at < size; at++) vectors[at * size + at] = 1;
  for (let sweep = 0; sweep < 60; sweep++) {
    let [off, all] = [0, 0];
    for (let row = 0; row < size; row++) {
      for (let column = 0; column < size; column++) {
        const square = a[row * size + column]! ** 2;
        all += square;
        if (row !== column) off += square;
      }
    }
    if (off <= 1e-30 * all) break;
    for (let p = 0; p < size - 1; p++) for (let q = p + 1; q < size; q++) rotate(a, vectors, size, p, q);
  }
  const order = Array.from({ length: size }, (_, at) => at).sort((x, y) => a[y * size + y]! - a[x * size + x]!);
  const sorted = new Float64Array(size * size);
  for (const [place, at] of order.entries()) sorted.set(vectors.subarray(at * size, (at + 1) * size), place * size);
  return { values: Float64Array.from(order, (at) => a[at * size + at]!), vectors: sorted };
}

/** Brings a[p, q] to 0. */
function rotate(a: Float64Array, vectors: Float64Array, size: number, p: number, q: number): void {
  const entry = a[p * size + q]!;
  if (entry === 0) return;
  const theta = (a[q * size + q]! - a[p * size + p]!) / (2 * entry);
  const tangent = Math.sign(theta || 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const cosine = 1 / Math.sqrt(tangent * tangent + 1);
  const sine = tangent * cosine;
  for (let at = 0; at < size; at++) {
    const [left, right] = [a[at * size + p]!, a[at * size + q]!];
    a[at * size + p] = cosine * left - sine * right;
    a[at * size + q] = sine * left + cosine * right;
  }
  for (let at = 0; at < size; at++) {
    const [upper, lower] = [a[p * size + at]!, a[q * size + at]!];
    a[p * size + at] = cosine * upper - sine * lower;
    a[q * size + at] = sine * upper + cosine * lower;
    const [first, second] = [vectors[p * size + at]!, vectors[q * size + at]!];
    vectors[p * size + at] = cosine * first - sine * second;
    vectors[q * size + at] = sine * first + cosine * second;
  }
}
