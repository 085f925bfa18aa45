/** Small crops beside a view (multi-crop: SwAV, arXiv 2006.09882; SEED's small patches, arXiv 2101.04731). */
import type { ViewConfig } from './recipe.ts';

/** Shares of a picture that small crops take, as SwAV has them. */
const smallCropScale = [0.05, 0.14] as const;

/** `count` small crops of `size` px, each drawn by itself, with the colours of `view`: SwAV and SEED take 6 of 96 px. */
export function smallCrops(view: ViewConfig, count: number, size: number): ViewConfig[] {
  const { pair: _together, ...alone } = view;
  return Array.from({ length: count }, () => ({ ...alone, imageSize: size, cropScale: smallCropScale }));
}
