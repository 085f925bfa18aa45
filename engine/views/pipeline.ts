import type { Random } from '../random.ts';
import { applyTable, identityTable } from './blend.ts';
import { createBlur } from './blur.ts';
import { adjustBrightness } from './brightness.ts';
import { adjustContrast } from './contrast.ts';
import { centreBox } from './crop.ts';
import { toGreyscale } from './greyscale.ts';
import { createHue } from './hue.ts';
import { imagenet, normaliseTable, writeNormalised } from './normalise.ts';
import type { Picture } from './picture.ts';
import { type ColourStep, drawView, type ViewConfig } from './recipe.ts';
import { createResize, shorterSideTarget } from './resize.ts';
import { createSaturation } from './saturation.ts';

/**
 * Turns a picture into normalised floats, [imageSize, imageSize, 3], written to `out` from `offset` on.
 * A pipeline keeps its scratch memory and so serves one picture at a time.
 */
export type Pipeline = (picture: Picture, random: Random, out: Float32Array, offset: number) => void;

export interface EvaluationConfig {
  /** Side of the result in pixels. */
  imageSize: number;
  /**
   * `centre-crop`: the shorter side becomes imageSize * 256 / 224, and its centre is taken (the field's habit).
   * `whole`: the whole picture is resized to the square; one that is that size already stays as it is.
   */
  fit: 'centre-crop' | 'whole';
}

export type PipelineConfig = ({ kind: 'view' } & ViewConfig) | ({ kind: 'evaluation' } & EvaluationConfig);

export function createPipeline(config: PipelineConfig): Pipeline {
  return config.kind === 'view' ? viewPipeline(config) : evaluationPipeline(config);
}

/** Random views, as MoCo and its kin are trained on. All that is random comes from the generator of the call. */
export function viewPipeline(config: ViewConfig): Pipeline {
  const size = config.imageSize;
  const data = new Uint8Array(size * size * 3);
  const resize = createResize('bilinear');
  const blur = createBlur();
  const normalise = normaliseTable(imagenet);
  // What brightness and contrast do to a byte waits in this table for the next pass over the pixels.
  const table = identityTable();
  const identity = identityTable();
  const colour = colourSteps(data, table);

  return function view(picture, random, out, offset) {
    const { box, colour: steps, sigma, flip } = drawView(config, picture.width, picture.height, random);
    resize(picture, box, { width: size, height: size }, data);
    table.set(identity);
    for (const step of steps) {
      if (colour(step)) table.set(identity);
    }
    if (sigma !== undefined) {
      applyTable(data, table);
      table.set(identity);
      blur(data, size, size, sigma);
    }
    writeNormalised(data, size, size, normalise, table, flip, out, offset);
  };
}

/** The plain transform of every evaluation: nothing random. */
export function evaluationPipeline({ imageSize: size, fit }: EvaluationConfig): Pipeline {
  const data = new Uint8Array(size * size * 3);
  const resize = createResize('bilinear');
  const normalise = normaliseTable(imagenet);
  const identity = identityTable();
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
    writeNormalised(data, size, size, normalise, identity, false, out, offset);
  };
}

/** Applies a step to data seen through the table; true when the table has been used up by it. */
function colourSteps(data: Uint8Array, table: Uint8Array): (step: ColourStep) => boolean {
  const adjustSaturation = createSaturation();
  const adjustHue = createHue();
  return function apply(step) {
    switch (step.operation) {
      case 'brightness':
        adjustBrightness(table, step.factor);
        return false;
      case 'contrast':
        adjustContrast(data, table, step.factor);
        return false;
      case 'saturation':
        adjustSaturation(data, table, step.factor);
        return true;
      case 'hue':
        adjustHue(data, table, step.factor);
        return true;
      case 'greyscale':
        toGreyscale(data, table);
        return true;
    }
  };
}
