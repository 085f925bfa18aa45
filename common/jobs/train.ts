/** Contrastive training (MoCo; the training command of ssl-small). Defaults are the reference's. */
import { z } from 'zod';
import { architectures } from '../architectures.ts';
import { field } from '../fields.ts';
import { decode, device, seed, workers } from './shared.ts';
import {
  accumulate,
  batchSize,
  checkpointFields,
  embeddingDimension,
  epochs,
  imageFields,
  learningRate,
  momentumFields,
  notFinite,
  printFrequency,
  probeFields,
  schedule,
  startEpoch,
  stem,
  tensorboard,
  viewFields,
} from './training-fields.ts';

const model = 'Model';
const contrast = 'Contrast';
const views = 'Views';
const optimization = 'Optimization';
const storage = 'Checkpoints';

export const heads = ['none', 'simple', 'deep', 'dropout', 'wide'] as const;
export const viewPresets = ['ssl-small', 'moco-v2', 'moco-v1', 'simclr', 'swav'] as const;
const cropPairs = ['independent', 'nointer', 'super-hard', 'hard', 'easy'] as const;
export type CropPairs = (typeof cropPairs)[number];

export const trainConfig = z.strictObject({
  ...imageFields,
  decode,

  arch: field(z.enum(architectures).default('resnet18'), {
    label: 'Backbone',
    help: 'The encoder. Names, shapes and padding are those of PyTorch.',
    group: model,
    flags: ['-a', '--arch'],
  }),
  stem,
  mlp: field(z.enum(heads).default('wide'), {
    label: 'Projection head',
    help: 'wide: Linear(d, 2d), ReLU, Linear(2d, dim). none keeps one linear layer (MoCo v1), simple is that of MoCo v2.',
    group: model,
    flags: ['--mlp'],
  }),
  embeddingDimension,

  queueLength: field(z.int().min(1).default(65536), {
    label: 'Queue length K',
    help: 'Negatives kept from earlier batches. A multiple of the batch; queue and batch together no larger than the data.',
    group: contrast,
    unit: 'keys',
    flags: ['--moco-k', '--queue-length'],
  }),
  keyMomentum: field(z.number().min(0).max(1).default(0.999), {
    label: 'Key encoder momentum m',
    help: 'Share of its old weights that the key encoder keeps at each step. Small data and short runs need less, e.g. 0.99.',
    group: contrast,
    flags: ['--moco-m', '--key-momentum'],
  }),
  temperature: field(z.number().gt(0).max(10).default(0.1), {
    label: 'Temperature T',
    help: 'Divides the similarities. MoCo v1: 0.07, MoCo v2: 0.2, ssl-small: 0.1.',
    group: contrast,
    flags: ['--moco-t', '--temperature'],
  }),
  bnSplits: field(z.int().min(1).max(64).default(8), {
    label: 'Batch-norm groups',
    help: 'Each group of the batch is normalised by its own statistics and keys are shuffled among groups, as on that many devices. With 1 the net can find the positive by its batch statistics and learns nothing.',
    group: contrast,
    flags: ['--bn-splits'],
  }),
  falseNegativeSimilarity: field(z.number().gt(-1).max(1).default(1), {
    label: 'False negatives above',
    help: "ksim: what in the queue has a greater cosine with an image's own key counts as the same content and is no negative. 1: nothing is left out (the published code only measures it).",
    group: contrast,
    flags: ['--ksim', '--false-negative-similarity'],
    advanced: true,
  }),
  adversarial: field(z.boolean().default(false), {
    label: 'Adversarial views',
    help: "Moves the pixels of both views a little so that they agree less, before each step: harder positives, for several times the step's time.",
    group: views,
    flags: ['--adversarial'],
    advanced: true,
  }),
  adversarialSteps: field(z.int().min(1).max(50).default(5), {
    label: 'Adversarial steps',
    help: 'Moves of the pixels; each costs a pass forward and back through both encoders.',
    group: views,
    flags: ['--adversarial-steps'],
    advanced: true,
  }),
  adversarialStepSize: field(z.number().gt(0).max(1).default(0.008), {
    label: 'Adversarial step size',
    help: 'How far a pixel moves at each, in units of normalised pixels.',
    group: views,
    flags: ['--adversarial-step-size'],
    advanced: true,
  }),
  adversarialRadius: field(z.number().gt(0).max(1).default(0.0157), {
    label: 'Adversarial radius',
    help: 'How far from the view a pixel gets at most.',
    group: views,
    flags: ['--adversarial-radius'],
    advanced: true,
  }),

  views: field(z.enum(viewPresets).default('ssl-small'), {
    label: 'Views',
    help: 'ssl-small: strong jitter, set by the fields below. moco-v2, moco-v1, simclr and swav: the published pipelines, which set jitter, grey and blur themselves.',
    group: views,
    flags: ['--views'],
  }),
  ...viewFields,
  hideAndSeek: field(z.boolean().default(false), {
    label: 'Hide-and-Seek',
    help: 'Hides cells of a view behind the mean colour. Its grid is drawn from none and 16, 8 or 4 cells along a side: cells of 14, 28 and 56 px at 224 px.',
    group: views,
    flags: ['--aug-has', '--hide-and-seek'],
    advanced: true,
  }),
  hideProbability: field(z.number().min(0).max(1).default(0.5), {
    label: 'Hidden cells',
    help: 'Probability that Hide-and-Seek hides a cell.',
    group: views,
    flags: ['--has-p', '--hide-probability'],
    advanced: true,
  }),
  cropPairs: field(z.enum(cropPairs).default('independent'), {
    label: 'Crop pairs',
    help: 'How much the two crops of an image share: an IoU of 0.0001 to 0.05 (super-hard), 0.05 to 0.25 (hard), 0.25 to 1 (easy), none of them within the other; or two different quarters of the image (nointer).',
    group: views,
    flags: ['--crop-pairs'],
    advanced: true,
  }),
  cropPairShare: field(z.number().min(0).max(1).default(1), {
    label: 'Share of crop pairs',
    help: 'Share of the images whose crops are such a pair, the others are independent. ssl-small mixes with 0.5.',
    group: views,
    flags: ['--crop-pair-share'],
    advanced: true,
  }),
  overlap: field(z.enum(['keep', 'drop', 'noise', 'mean']).default('keep'), {
    label: 'Overlap of crops',
    help: 'What becomes of the region that both views of an image show. drop: each pixel, with a probability, to the mean of the view; noise: all of it to white noise; mean: all of it to the mean colour of ImageNet.',
    group: views,
    flags: ['--overlap'],
    advanced: true,
  }),
  dropProbability: field(z.number().min(0).max(1).default(0.5), {
    label: 'Dropped pixels',
    help: 'Probability that a pixel of the overlap is dropped. ssl-small: 0.3 weak, 0.5 middle, 0.7 strong.',
    group: views,
    flags: ['--overlap-p', '--drop-probability'],
    advanced: true,
  }),
  augPlus: field(z.boolean().default(true), {
    label: 'MoCo v2 views',
    help: 'Accepted because the published command has it; the views above decide.',
    group: views,
    flags: ['--aug-plus'],
    advanced: true,
  }),

  epochs,
  startEpoch,
  batchSize,
  accumulate,
  learningRate,
  cos: field(z.boolean().default(false), {
    label: 'Cosine schedule',
    help: 'Learning rate falls along a half cosine to 0; otherwise it is divided by 10 at each milestone.',
    group: optimization,
    flags: ['--cos'],
  }),
  schedule,
  cosinePerStep: field(z.boolean().default(false), {
    label: 'Cosine per step',
    help: 'Follows the cosine at each step instead of each epoch. The reference does it per epoch.',
    group: optimization,
    flags: ['--cosine-per-step'],
    advanced: true,
  }),
  warmupSteps: field(z.int().min(0).default(0), {
    label: 'Warm-up',
    help: 'Steps over which the learning rate rises linearly from 0. The reference has none.',
    group: optimization,
    unit: 'steps',
    flags: ['--warmup-steps'],
    advanced: true,
  }),
  ...momentumFields,

  ...probeFields,

  notFinite,

  ...checkpointFields,
  restart: field(z.boolean().default(false), {
    label: 'Weights only',
    help: 'Of that checkpoint only the weights that fit; epoch 0, fresh optimizer, key encoder set to the query encoder.',
    group: storage,
    flags: ['--restart'],
  }),

  device,
  workers,
  seed,
  printFrequency,
  tensorboard,
});

export type TrainConfig = z.infer<typeof trainConfig>;
