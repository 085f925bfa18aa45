/** Contrastive training (MoCo; the training command of ssl-small). Defaults are the reference's. */
import { z } from 'zod';
import { architectures } from '../architectures.ts';
import { field } from '../fields.ts';
import { decode, device, seed, workers } from './shared.ts';
import {
  batchSize,
  checkpointFields,
  embeddingDimension,
  epochs,
  imageFields,
  learningRate,
  momentumFields,
  printFrequency,
  probeFields,
  schedule,
  stem,
  viewFields,
} from './training-fields.ts';

const model = 'Model';
const contrast = 'Contrast';
const views = 'Views';
const optimization = 'Optimization';
const storage = 'Checkpoints';

export const heads = ['none', 'simple', 'deep', 'dropout', 'wide'] as const;
export const viewPresets = ['ssl-small', 'moco-v2', 'moco-v1'] as const;

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

  views: field(z.enum(viewPresets).default('ssl-small'), {
    label: 'Views',
    help: 'ssl-small: strong jitter, set by the fields below. moco-v2 and moco-v1: the published pipelines, which set jitter, grey and blur themselves.',
    group: views,
    flags: ['--views'],
  }),
  ...viewFields,
  augPlus: field(z.boolean().default(true), {
    label: 'MoCo v2 views',
    help: 'Accepted because the published command has it; the views above decide.',
    group: views,
    flags: ['--aug-plus'],
    advanced: true,
  }),

  epochs,
  batchSize,
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
});

export type TrainConfig = z.infer<typeof trainConfig>;
