/** What was drawn for a view, in words: pure. */
import type { DrawnParameters, PreviewImage } from '../../common/views-preview.ts';

type Size = Pick<PreviewImage, 'width' | 'height'>;

/** One line for each thing that was done, in its order. */
export function wordsOf(drawn: DrawnParameters | null, image: Size): string[] {
  if (!drawn) return ['Nothing random: resized and cut to its centre'];
  const { box, colour, sigma, overlap, flip, hidden } = drawn;
  const share = (box.width * box.height) / (image.width * image.height);
  const words = [
    `Crop: ${percent(share)} of the image, ${box.width} × ${box.height} px at ${box.left}, ${box.top}`,
    ...colour.map(({ operation, factor }) => colourWords[operation](factor)),
  ];
  if (colour.length === 0) words.push('Colours as they are');
  if (sigma !== undefined) words.push(`Blur: σ ${sigma.toFixed(2)} px`);
  if (overlap) words.push(`Overlap replaced: ${overlap.width} × ${overlap.height} px of the view`);
  if (flip) words.push('Mirrored');
  if (hidden) words.push(hiddenWords(hidden));
  return words;
}

type Operation = DrawnParameters['colour'][number]['operation'];

const colourWords: Record<Operation, (factor: number) => string> = {
  brightness: (factor) => `Brightness × ${factor.toFixed(2)}`,
  contrast: (factor) => `Contrast × ${factor.toFixed(2)}`,
  saturation: (factor) => `Saturation × ${factor.toFixed(2)}`,
  // A hue goes once around the circle from 0 to 1.
  hue: (factor) => `Hue ${factor < 0 ? '−' : '+'}${Math.abs(factor * 360).toFixed(0)}°`,
  greyscale: () => 'Grey',
};

function hiddenWords({ cells, count }: NonNullable<DrawnParameters['hidden']>): string {
  return cells === 0 ? 'Hide-and-Seek: no cells this time' : `Hidden: ${count} of ${cells * cells} cells`;
}

/** 0 to 1 as a percentage; what is not nothing is not called 0 %. */
export function percent(share: number): string {
  if (share > 0 && share < 0.005) return '< 1 %';
  return `${Math.round(share * 100)} %`;
}
