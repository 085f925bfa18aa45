import type { Random } from '../random.ts';
import { centreBox } from './crop.ts';
import { hideCells } from './hide-and-seek.ts';
import { imagenet, normaliseTable, writeNormalised } from './normalise.ts';
import { dropPixels, fillWithMean, fillWithNoise } from './overlap.ts';
import { createPainter } from './painter.ts';
import type { Box, Picture } from './picture.ts';
import { drawView, type ViewConfig } from './recipe.ts';
import { createResize, type Kernel, shorterSideTarget } from './resize.ts';

/**
 * Turns a picture into normalised floats, [imageSize, imageSize, 3], written to `out` from `offset` on.
 * A pipeline keeps its scratch memory and so serves one picture at a time. `pair` is a generator at the address of the
 * picture, the same for all of its views; needed where they are drawn together.
 */
export type Pipeline = (picture: Picture, random: Random, out: Float32Array, offset: number, pair?: Random) => void;

export interface EvaluationConfig {
  /** Side of the result in pixels. */
  imageSize: number;
  /**
   * `centre-crop`: the shorter side becomes imageSize * 256 / 224, and its centre is taken (the field's habit).
   * `whole`: the whole picture is resized to the square; one that is that size already stays as it is.
   */
  fit: 'centre-crop' | 'whole';
  /** How the picture is resized; bilinear by default, as in nearly every published evaluation. */
  interpolation?: Kernel | undefined;
}

export type PipelineConfig = ({ kind: 'view' } & ViewConfig) | ({ kind: 'evaluation' } & EvaluationConfig);

export function createPipeline(config: PipelineConfig): Pipeline {
  return config.kind === 'view' ? viewPipeline(config) : evaluationPipeline(config);
}

/** Random views, as MoCo and its kin are trained on. All that is random comes from the generator of the call. */
export function viewPipeline(config: ViewConfig): Pipeline {
  const size = config.imageSize;
  const paint = createPainter(size, config.interpolation);
  const normalise = normaliseTable(imagenet);

  return function view(picture, random, out, offset, pair) {
    const { box, colour, sigma, overlap, flip, hidden } = drawView(config, picture.width, picture.height, random, pair);
    const data = paint(picture, { box, colour, sigma });
    if (overlap && config.pair?.overlap === 'mean') fillWithMean(data, size, overlap);
    if (overlap && config.pair?.overlap === 'noise') fillWithNoise(data, size, overlap, random);
    writeNormalised(data, size, size, normalise, flip, out, offset);
    if (overlap && config.pair?.overlap === 'drop') {
      const seen = flip ? mirrored(overlap, size) : overlap;
      dropPixels(out, offset, size, seen, config.pair.dropProbability, random);
    }
    if (hidden) hideCells(out, offset, size, hidden);
  };
}

function mirrored(box: Box, size: number): Box {
  const width = Math.min(box.width, size - box.left);
  return { ...box, left: size - box.left - width, width };
}

/** The plain transform of every evaluation: nothing random. */
function evaluationPipeline({ imageSize: size, fit, interpolation = 'bilinear' }: EvaluationConfig): Pipeline {
  const data = new Uint8Array(size * size * 3);
  const resize = createResize(interpolation);
  const normalise = normaliseTable(imagenet);
  const shorterSide = Math.round((size * 256) / 224);

  return function evaluate(picture, _random, out, offset) {
    const { width, height } = picture;
    const whole = { top: 0, left: 0, width, height };
    if (fit === 'whole') {
      resize(picture, whole, { width: size, height: size }, data);
    } else {
      const target = shorterSideTarget(width, height, shorterSide);
      resize(picture, whole, { ...target, window: centreBox(target.width, target.height, size) }, data);
    }
    writeNormalised(data, size, size, normalise, false, out, offset);
  };
}
