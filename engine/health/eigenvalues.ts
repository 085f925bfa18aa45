const mostSweeps = 30;

/**
 * Of a symmetric matrix, in no order, by Jacobi's rotations (Golub and Van Loan, Matrix Computations, section 8.5). The
 * matrix is overwritten.
 */
export function symmetricEigenvalues(matrix: Float64Array[]): number[] {
  const size = matrix.length;
  const scale = matrix.reduce((sum, row) => sum + row.reduce((total, value) => total + value ** 2, 0), 0);
  for (let sweep = 0; sweep < mostSweeps; sweep++) {
    let off = 0;
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) off += matrix[p]![q]! ** 2;
    if (!(off > 1e-22 * scale)) break;
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) rotate(matrix, p, q);
  }
  return matrix.map((row, at) => row[at]!);
}

/** Makes entry (p, q) 0. */
function rotate(matrix: Float64Array[], p: number, q: number): void {
  const rowP = matrix[p]!;
  const rowQ = matrix[q]!;
  const apq = rowP[q]!;
  if (apq === 0) return;
  const tau = (rowQ[q]! - rowP[p]!) / (2 * apq);
  const t = (tau >= 0 ? 1 : -1) / (Math.abs(tau) + Math.sqrt(1 + tau * tau));
  const c = 1 / Math.sqrt(1 + t * t);
  const s = t * c;
  for (const row of matrix) {
    const [left, right] = [row[p]!, row[q]!];
    row[p] = c * left - s * right;
    row[q] = s * left + c * right;
  }
  for (let column = 0; column < matrix.length; column++) {
    const [left, right] = [rowP[column]!, rowQ[column]!];
    rowP[column] = c * left - s * right;
    rowQ[column] = s * left + c * right;
  }
}
