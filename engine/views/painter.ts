import { createBlur } from './blur.ts';
import { adjustBrightness } from './brightness.ts';
import { createCanvas } from './canvas.ts';
import { adjustContrast } from './contrast.ts';
import { toGreyscale } from './greyscale.ts';
import { adjustHue } from './hue.ts';
import type { Picture } from './picture.ts';
import type { ViewParameters } from './recipe.ts';
import { createResize, type Kernel } from './resize.ts';
import { adjustSaturation } from './saturation.ts';

/** Crop, colour and blur of a drawn view: its bytes [size, size, 3], which the next view overwrites. */
export type Painter = (picture: Picture, view: Pick<ViewParameters, 'box' | 'colour' | 'sigma'>) => Uint8Array;

const colourOperations = {
  brightness: adjustBrightness,
  contrast: adjustContrast,
  saturation: adjustSaturation,
  hue: adjustHue,
  greyscale: toGreyscale,
};

export function createPainter(size: number, interpolation: Kernel = 'bilinear'): Painter {
  const canvas = createCanvas(size * size);
  const resize = createResize(interpolation);
  const blur = createBlur();
  return function paint(picture, { box, colour, sigma }) {
    resize(picture, box, { width: size, height: size }, canvas.data);
    for (const { operation, factor } of colour) colourOperations[operation](canvas, factor);
    if (sigma !== undefined) blur(canvas.data, size, size, sigma);
    return canvas.data;
  };
}
