/** Contrastive training (MoCo; the training command of ssl-small). Defaults are the reference's. */
import { z } from 'zod';
import { architectures } from '../architectures.ts';
import { field } from '../fields.ts';
import { decode, device, fitChoice, fitHelp, seed, workers } from './shared.ts';

const data = 'Data';
const model = 'Model';
const contrast = 'Contrast';
const views = 'Views';
const optimization = 'Optimization';
const probe = 'Probe';
const storage = 'Checkpoints';
const machine = 'Machine';

export const heads = ['none', 'simple', 'deep', 'dropout', 'wide'] as const;
const viewPresets = ['ssl-small', 'moco-v2', 'moco-v1'] as const;

const probability = z.number().min(0).max(1);

export const trainConfig = z.strictObject({
  data: field(z.string().min(1), {
    label: 'Training images',
    help: 'A folder of images: train/<class>/*, <class>/*, or just images. Labels are not used.',
    group: data,
    flags: [],
    control: 'folder',
  }),
  imageSize: field(z.int().min(16).max(1024).default(224), {
    label: 'Image size',
    help: 'Side of the square views that the net is trained on.',
    group: data,
    unit: 'px',
    flags: ['--image-size'],
  }),
  decode,

  arch: field(z.enum(architectures).default('resnet18'), {
    label: 'Backbone',
    help: 'The encoder. Names, shapes and padding are those of PyTorch.',
    group: model,
    flags: ['-a', '--arch'],
  }),
  stem: field(z.enum(['imagenet', 'small']).default('imagenet'), {
    label: 'Stem',
    help: 'imagenet: 7x7 stride 2 and max-pool. small: 3x3 stride 1 without max-pool, for images of 32 to 96 px.',
    group: model,
    flags: ['--stem'],
  }),
  mlp: field(z.enum(heads).default('wide'), {
    label: 'Projection head',
    help: 'wide: Linear(d, 2d), ReLU, Linear(2d, dim). none keeps one linear layer (MoCo v1), simple is that of MoCo v2.',
    group: model,
    flags: ['--mlp'],
  }),
  embeddingDimension: field(z.int().min(2).max(4096).default(128), {
    label: 'Embedding dimension',
    help: 'Length of the vectors that are compared.',
    group: model,
    flags: ['--moco-dim', '--embedding-dimension'],
  }),

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
  cropScaleMin: field(z.number().gt(0).max(1).default(0.2), {
    label: 'Smallest crop',
    help: 'Least share of the image area that a view shows.',
    group: views,
    flags: ['--crop-scale-min'],
  }),
  cropScaleMax: field(z.number().gt(0).max(1).default(1), {
    label: 'Largest crop',
    help: 'Greatest share of the image area that a view shows.',
    group: views,
    flags: ['--crop-scale-max'],
    advanced: true,
  }),
  jitter: field(z.number().min(0).max(3).default(1.5), {
    label: 'Colour jitter',
    help: 'Strength c of ColorJitter(0.8c, 0.8c, 0.8c, min(0.5, 0.4c)). The published small-model recipe takes 1.',
    group: views,
    flags: ['--cj', '--jitter'],
  }),
  greyProbability: field(probability.default(0.5), {
    label: 'Grey',
    help: 'Probability that a view loses its colour.',
    group: views,
    flags: ['--grey-scale', '--grey-probability'],
  }),
  blurProbability: field(probability.default(0.5), {
    label: 'Blur',
    help: 'Probability of a Gaussian blur with sigma 0.1 to 2 px.',
    group: views,
    flags: ['--gaussian-blur', '--blur-probability'],
  }),
  augPlus: field(z.boolean().default(true), {
    label: 'MoCo v2 views',
    help: 'Accepted because the published command has it; the views above decide.',
    group: views,
    flags: ['--aug-plus'],
    advanced: true,
  }),

  epochs: field(z.int().min(1).default(200), {
    label: 'Epochs',
    help: 'Passes over the data.',
    group: optimization,
    flags: ['--epochs'],
  }),
  batchSize: field(z.int().min(2).default(256), {
    label: 'Batch size',
    help: 'Images a step, each giving two views. A multiple of the batch-norm groups.',
    group: optimization,
    unit: 'images',
    flags: ['-b', '--batch-size'],
  }),
  learningRate: field(z.number().gt(0).default(0.03), {
    label: 'Learning rate',
    help: 'Of SGD at the start. It belongs to a batch size: 0.03 to 256; scale it with the batch.',
    group: optimization,
    flags: ['--lr', '--learning-rate'],
  }),
  cos: field(z.boolean().default(false), {
    label: 'Cosine schedule',
    help: 'Learning rate falls along a half cosine to 0; otherwise it is divided by 10 at each milestone.',
    group: optimization,
    flags: ['--cos'],
  }),
  schedule: field(z.array(z.int().min(0)).default([120, 160]), {
    label: 'Milestones',
    help: 'Epochs at which the learning rate is divided by 10. Not used with the cosine schedule.',
    group: optimization,
    unit: 'epochs',
    flags: ['--schedule'],
  }),
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
  momentum: field(z.number().min(0).lt(1).default(0.9), {
    label: 'SGD momentum',
    help: 'As in PyTorch: the buffer is momentum * buffer + gradient.',
    group: optimization,
    flags: ['--momentum'],
    advanced: true,
  }),
  weightDecay: field(z.number().min(0).default(1e-4), {
    label: 'Weight decay',
    help: 'Added to the gradient of every parameter, biases and norms too.',
    group: optimization,
    flags: ['--wd', '--weight-decay'],
    advanced: true,
  }),

  probe: field(z.string().default(''), {
    label: 'Probe set',
    help: 'A folder with train/<class> and val/<class>: kNN accuracy on it is measured during training. Empty: the training folder, if it has both.',
    group: probe,
    flags: ['--probe'],
    control: 'folder',
  }),
  probeEvery: field(z.int().min(0).default(1), {
    label: 'Measure every',
    help: '0 measures only before the first and after the last epoch.',
    group: probe,
    unit: 'epochs',
    flags: ['--probe-every'],
  }),
  probeNeighbours: field(z.int().min(1).max(501).default(21), {
    label: 'Most neighbours',
    help: 'Every odd k up to this one is tried, the best is reported.',
    group: probe,
    flags: ['--probe-k'],
    advanced: true,
  }),
  probeFit: field(fitChoice, {
    label: 'Probe transform',
    help: fitHelp,
    group: probe,
    flags: ['--probe-fit'],
    advanced: true,
  }),
  probeLimit: field(z.int().min(0).default(10000), {
    label: 'Most probe images',
    help: 'Of each of train and val, spread over the classes. 0: all.',
    group: probe,
    unit: 'images',
    flags: ['--probe-limit'],
    advanced: true,
  }),

  keepLast: field(z.int().min(1).default(2), {
    label: 'Keep the last',
    help: 'Checkpoints. The best by kNN stays as well.',
    group: storage,
    flags: ['--keep-last'],
  }),
  keepEvery: field(z.int().min(0).default(0), {
    label: 'Keep every',
    help: 'Checkpoints of every n-th epoch stay. 0: none beside the last and the best.',
    group: storage,
    unit: 'epochs',
    flags: ['--keep-every'],
  }),
  checkpointFolder: field(z.string().default(''), {
    label: 'Checkpoint folder',
    help: 'Empty: the run folder.',
    group: storage,
    flags: ['--ckpt-dir'],
    control: 'folder',
    advanced: true,
  }),
  resume: field(z.string().default(''), {
    label: 'Start from',
    help: 'A checkpoint whose weights, queue, optimizer and epoch are taken over.',
    group: storage,
    flags: ['--resume'],
    control: 'checkpoint',
  }),
  restart: field(z.boolean().default(false), {
    label: 'Weights only',
    help: 'Of that checkpoint only the weights that fit; epoch 0, fresh optimizer, key encoder set to the query encoder.',
    group: storage,
    flags: ['--restart'],
  }),

  device,
  workers,
  seed,
  printFrequency: field(z.int().min(1).default(10), {
    label: 'Log every',
    help: 'Steps between two lines of the log.',
    group: machine,
    unit: 'steps',
    flags: ['-p', '--print-freq'],
    advanced: true,
  }),
});

export type TrainConfig = z.infer<typeof trainConfig>;
