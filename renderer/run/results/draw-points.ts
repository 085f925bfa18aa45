import type { Place, ProjectedPoint } from './projection-points.ts';

interface Drawing {
  places: readonly Place[];
  /** Of the square, in px of the page. */
  side: number;
  colourOf: (label: string) => string;
  /** Index of the point that stands out; -1: none. */
  hovered: number;
  /** Drawn faintly. */
  isOutside: (index: number) => boolean;
}

/** Points in the colours of their classes, views of an image fainter than itself. */
export function drawPoints(
  context: CanvasRenderingContext2D,
  points: readonly ProjectedPoint[],
  { places, side, colourOf, hovered, isOutside }: Drawing,
): void {
  const density = context.canvas.width / side;
  context.setTransform(density, 0, 0, density, 0, 0);
  context.clearRect(0, 0, side, side);
  const radius = Math.max(1.6, Math.min(5, 200 / Math.sqrt(points.length)));
  for (const [index, { x, y }] of places.entries()) {
    const { label, view } = points[index]!;
    context.globalAlpha = isOutside(index) ? 0.12 : view ? 0.5 : 0.9;
    context.fillStyle = colourOf(label);
    context.beginPath();
    context.arc(x, y, index === hovered ? radius + 3 : radius, 0, 2 * Math.PI);
    context.fill();
  }
  context.globalAlpha = 1;
}
