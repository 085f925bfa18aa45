/** Where markers stand on a curve. */

/** Over the width of a plot. */
export const markersOfACurve = 6;

/** How far into its stretches a curve has its markers, 0 to 1: by the golden section no two of many are near one another. */
export function markerShift(curve: number): number {
  return (0.5 + curve * 0.618034) % 1;
}

/**
 * Indices of points that are about as far apart as asked for; those of another curve stand beside them.
 *
 * @param across places of the points in px, ascending
 * @param apartPx between two markers
 * @param curve its place among the curves
 */
export function markerPlaces(across: ArrayLike<number>, apartPx: number, curve: number): number[] {
  const places: number[] = [];
  let next = (across[0] ?? 0) + apartPx * markerShift(curve);
  for (let index = 0; index < across.length; index++) {
    if (across[index]! < next) continue;
    places.push(index);
    next += apartPx * (Math.floor((across[index]! - next) / apartPx) + 1);
  }
  return places;
}
