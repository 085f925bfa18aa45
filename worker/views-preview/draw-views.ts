/** The views of a picture as training makes them, with what was drawn for each. */
import type { DrawnParameters } from '../../common/views-preview.ts';
import { intersectionOverUnion } from '../../engine/views/crop-pairs.ts';
import { readNormalised } from '../../engine/views/normalise.ts';
import type { Box, Picture } from '../../engine/views/picture.ts';
import { createPipeline, type PipelineConfig } from '../../engine/views/pipeline.ts';
import { drawView } from '../../engine/views/recipe.ts';
import { pairRandom, viewRandom } from '../loader/addresses.ts';

interface ViewOfPicture {
  size: number;
  /** [size, size, 3] */
  bytes: Uint8Array;
  drawn: DrawnParameters | null;
}

interface Address {
  seed: number;
  epoch: number;
  /** Place of the picture in the data set. */
  index: number;
}

/** One of these serves one picture at a time. */
export function createViewDrawer(pipelines: PipelineConfig[]): (picture: Picture, at: Address) => ViewOfPicture[] {
  const makers = pipelines.map(createPipeline);
  return (picture, at) =>
    pipelines.map((pipeline, view) => {
      const { imageSize: size } = pipeline;
      const { seed, epoch, index } = at;
      const floats = new Float32Array(size * size * 3);
      makers[view]!(
        picture,
        viewRandom(seed, epoch, index, view),
        floats,
        0,
        pairRandom(seed, epoch, index), // made anew for each view, as both draw the pair
      );
      return { size, bytes: readNormalised(floats, 0, size * size), drawn: parametersOf(pipeline, view, picture, at) };
    });
}

/** The generators begin anew: what is drawn here is what the pipeline drew. */
function parametersOf(
  pipeline: PipelineConfig,
  view: number,
  { width, height }: Pick<Picture, 'width' | 'height'>,
  { seed, epoch, index }: Address,
): DrawnParameters | null {
  if (pipeline.kind === 'evaluation') return null;
  const random = viewRandom(seed, epoch, index, view);
  const { hidden, ...rest } = drawView(pipeline, width, height, random, pairRandom(seed, epoch, index));
  return {
    ...rest,
    ...(hidden && { hidden: { cells: hidden.cells, count: hidden.hidden.reduce((sum, one) => sum + one, 0) } }),
  };
}

/** Of the first two views, which a method compares. */
export function overlapOf([first, second]: (Box | undefined)[]): number | null {
  if (!first || !second) return null;
  // Counted as the limits of crop pairs are; which gives a little more than 1 for equal boxes.
  return Math.min(1, intersectionOverUnion(first, second));
}

/** The boxes alone, without a pixel: for statistics. */
export function drawBoxes(
  pipelines: PipelineConfig[],
  size: Pick<Picture, 'width' | 'height'>,
  at: Address,
): (Box | undefined)[] {
  return pipelines.map((pipeline, view) => parametersOf(pipeline, view, size, at)?.box);
}
