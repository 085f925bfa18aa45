import type { TrainConfig } from '../../common/jobs/train.ts';
import type { Random } from '../random.ts';
import { randomCropBox } from './crop.ts';
import { drawCropPair } from './crop-pairs.ts';
import { drawHiddenCells, type HiddenCells } from './hide-and-seek.ts';
import { overlapInView } from './overlap.ts';
import type { Box } from './picture.ts';
import type { Kernel } from './resize.ts';

/** How random views are made of a picture. */
export interface ViewConfig {
  /** `plain`: crop and flip alone, as classifiers are trained on. */
  preset: TrainConfig['views'] | 'plain';
  /** Side of a view in pixels. */
  imageSize: number;
  /** Share of the picture's area that a crop takes: least and most. */
  cropScale: readonly [number, number];
  /** ssl-small's `--cj`: strength of the colour jitter. The other presets have their own. */
  jitter: number;
  /** Probability of a grey view (ssl-small; the other presets have their own). */
  greyScale: number;
  /** Probability of a blur (ssl-small; the other presets have their own). */
  gaussianBlur: number;
  /** How crops are resized; bilinear by default. */
  interpolation?: Kernel | undefined;
  /** Probability of mirroring left and right. */
  flip: number;
  /** Probability that Hide-and-Seek hides a cell; absent for no Hide-and-Seek. */
  hideAndSeek?: number;
  /** Where the two views of a picture are drawn together. */
  pair?: PairConfig;
}

export interface PairConfig {
  /** Which of the two views this is. */
  member: 0 | 1;
  crops: TrainConfig['cropPairs'];
  /** Share of the pictures whose crops are such a pair; the others' are independent. */
  share: number;
  /** What becomes of that which both views show. */
  overlap: TrainConfig['overlap'];
  /** Of a pixel to be dropped, where the overlap is. */
  dropProbability: number;
}

export interface ColourStep {
  operation: 'brightness' | 'contrast' | 'saturation' | 'hue' | 'greyscale';
  /** How much; greyscale has no degrees, and 1 here. */
  factor: number;
}

/** One view, drawn: the same parameters give the same bytes but for those that replace an overlap. */
export interface ViewParameters {
  box: Box;
  /** In the order in which they are applied. */
  colour: ColourStep[];
  /** Deviation of the blur in pixels, absent for none. */
  sigma?: number | undefined;
  /** Where the view, before it is mirrored, shows what the picture's other view shows too. */
  overlap?: Box;
  flip: boolean;
  hidden?: HiddenCells;
}

interface Jitter {
  probability: number;
  brightness: number;
  contrast: number;
  saturation: number;
  hue: number;
}

interface Recipe {
  jitter: Jitter;
  greyScale: number;
  greyFirst: boolean;
  gaussianBlur: number;
}

const noJitter: Jitter = { probability: 0, brightness: 0, contrast: 0, saturation: 0, hue: 0 };
const blurSigma = [0.1, 2] as const;

/**
 * Draws a view of a `width` x `height` picture. `pair` is a generator at the address of the picture, the same for both
 * of its views; needed where they are drawn together.
 * ssl-small (arXiv 2107.14762), MoCo v1 (1911.05722) and v2 (2003.04297), SimCLR (2002.05709, appendix A), SwAV
 * (2006.09882, appendix A); v1 turns grey before the jitter.
 */
export function drawView(
  config: ViewConfig,
  width: number,
  height: number,
  random: Random,
  pair?: Random,
): ViewParameters {
  const { jitter, greyScale, greyFirst, gaussianBlur } = recipe(config);
  const crop = config.pair
    ? drawMember(config, config.pair, width, height, pair)
    : { box: randomCropBox(width, height, config.cropScale, random) };
  const grey: ColourStep[] = [];
  if (greyFirst && random.chance(greyScale)) grey.push({ operation: 'greyscale', factor: 1 });
  const jittered = random.chance(jitter.probability) ? drawJitter(jitter, random) : [];
  if (!greyFirst && random.chance(greyScale)) grey.push({ operation: 'greyscale', factor: 1 });
  const blurred = random.chance(gaussianBlur);
  return {
    ...crop,
    colour: greyFirst ? [...grey, ...jittered] : [...jittered, ...grey],
    ...(blurred && { sigma: random.uniform(...blurSigma) }),
    flip: random.chance(config.flip),
    ...(config.hideAndSeek !== undefined && { hidden: drawHiddenCells(config.hideAndSeek, random) }),
  };
}

/** The crop of one view of a pair: both views draw the pair, alike. */
function drawMember(
  { cropScale, imageSize }: ViewConfig,
  { member, crops, share, overlap }: PairConfig,
  width: number,
  height: number,
  random: Random | undefined,
): Pick<ViewParameters, 'box' | 'overlap'> {
  if (random === undefined) throw new Error('views that are drawn together need the generator of their picture');
  const { boxes } = drawCropPair(random.chance(share) ? crops : 'independent', width, height, cropScale, random);
  const box = boxes[member];
  const both = overlap === 'keep' ? undefined : overlapInView(box, boxes[1 - member]!, imageSize);
  return both ? { box, overlap: both } : { box };
}

function recipe({ preset, jitter, greyScale, gaussianBlur }: ViewConfig): Recipe {
  switch (preset) {
    case 'plain':
      return { jitter: noJitter, greyScale: 0, greyFirst: false, gaussianBlur: 0 };
    case 'ssl-small': {
      const strength = 0.8 * jitter;
      return {
        jitter: {
          probability: 0.8,
          brightness: strength,
          contrast: strength,
          saturation: strength,
          hue: Math.min(0.5, 0.4 * jitter),
        },
        greyScale,
        greyFirst: false,
        gaussianBlur,
      };
    }
    case 'simclr':
      return {
        jitter: { probability: 0.8, brightness: 0.8, contrast: 0.8, saturation: 0.8, hue: 0.2 },
        greyScale: 0.2,
        greyFirst: false,
        gaussianBlur: 0.5,
      };
    case 'moco-v2':
    case 'swav': // its colours are MoCo v2's, its crops are not
      return {
        jitter: { probability: 0.8, brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.1 },
        greyScale: 0.2,
        greyFirst: false,
        gaussianBlur: 0.5,
      };
    case 'moco-v1':
      return {
        jitter: { probability: 1, brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.4 },
        greyScale: 0.2,
        greyFirst: true,
        gaussianBlur: 0,
      };
  }
}

/** torchvision's ColorJitter: four factors, uniform in max(0, 1 - s) .. 1 + s and -hue .. hue, in random order. */
function drawJitter(jitter: Jitter, random: Random): ColourStep[] {
  const factor = (strength: number) => random.uniform(Math.max(0, 1 - strength), 1 + strength);
  const steps: ColourStep[] = [
    { operation: 'brightness', factor: factor(jitter.brightness) },
    { operation: 'contrast', factor: factor(jitter.contrast) },
    { operation: 'saturation', factor: factor(jitter.saturation) },
    { operation: 'hue', factor: random.uniform(-jitter.hue, jitter.hue) },
  ];
  return Array.from(random.permutation(steps.length), (index) => steps[index]!);
}
