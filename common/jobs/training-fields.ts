/** Fields that contrastive training and distillation share, each with its one text. */
import { z } from 'zod';
import { field } from '../fields.ts';
import { fitChoice, fitHelp } from './shared.ts';

const data = 'Data';
const model = 'Model';
const views = 'Views';
const optimization = 'Optimization';
const probe = 'Probe';
const storage = 'Checkpoints';
const machine = 'Machine';

const probability = z.number().min(0).max(1);

/** The same field under other names at the command line. */
export function flagged<Schema extends z.ZodType>(schema: Schema, flags: string[]): Schema {
  return schema.meta({ ...schema.meta(), flags });
}

/** What the net is trained on. */
export const imageFields = {
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
};

export const stem = field(z.enum(['imagenet', 'small']).default('imagenet'), {
  label: 'Stem',
  help: 'imagenet: 7x7 stride 2 and max-pool. small: 3x3 stride 1 without max-pool, for images of 32 to 96 px. For vit_tiny: patches of 16 px, or of 4.',
  group: model,
  flags: ['--stem'],
});

export const embeddingDimension = field(z.int().min(2).max(4096).default(128), {
  label: 'Embedding dimension',
  help: 'Length of the vectors that are compared.',
  group: model,
  flags: ['--moco-dim', '--embedding-dimension'],
});

/** Strengths of the views that have no fixed ones. */
export const viewFields = {
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
};

export const epochs = field(z.int().min(1).default(200), {
  label: 'Epochs',
  help: 'Passes over the data.',
  group: optimization,
  flags: ['--epochs'],
});

export const startEpoch = field(z.int().min(0).default(0), {
  label: 'First epoch',
  help: 'Where in its schedule a run begins that starts fresh; one that goes on begins where its checkpoint is.',
  group: optimization,
  unit: 'epochs',
  flags: ['--start-epoch'],
  advanced: true,
});

export const batchSize = field(z.int().min(2).default(256), {
  label: 'Batch size',
  help: 'Images a step, each giving two views. A multiple of the batch-norm groups.',
  group: optimization,
  unit: 'images',
  flags: ['-b', '--batch-size'],
});

export const accumulate = field(z.int().min(1).max(1024).default(1), {
  label: 'Computed in parts',
  help: 'The batch goes through the nets in so many parts, one after another, for less memory; then the optimizer takes its one step. Each part holds whole batch-norm groups, so make these a multiple: the step is then the same, and so is the queue.',
  group: optimization,
  unit: 'parts',
  flags: ['--accumulate'],
  advanced: true,
});

export const notFinite = field(z.enum(['stop', 'skip']).default('stop'), {
  label: 'When not a number',
  help: 'stop: the run ends and its last good checkpoint stays. skip: such a step changes nothing and is counted; the run ends after 50 in a row.',
  group: 'Health',
  flags: ['--not-finite'],
  advanced: true,
});

export const learningRate = field(z.number().gt(0).default(0.03), {
  label: 'Learning rate',
  help: 'Of SGD at the start. It belongs to a batch size: 0.03 to 256; scale it with the batch.',
  group: optimization,
  flags: ['--lr', '--learning-rate'],
});

export const schedule = field(z.array(z.int().min(0)).default([120, 160]), {
  label: 'Milestones',
  help: 'Epochs at which the learning rate is divided by 10. Not used with the cosine schedule.',
  group: optimization,
  unit: 'epochs',
  flags: ['--schedule'],
});

/** Of SGD. */
export const momentumFields = {
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
};

/** kNN accuracy during training. */
export const probeFields = {
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
};

export const checkpointFields = {
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
};

export const tensorboard = field(z.boolean().default(true), {
  label: 'TensorBoard files',
  help: 'The curves also go into event files of the run folder, for "tensorboard --logdir".',
  group: machine,
  flags: ['--tensorboard'],
  advanced: true,
});

export const printFrequency = field(z.int().min(1).default(10), {
  label: 'Log every',
  help: 'Steps between two lines of the log.',
  group: machine,
  unit: 'steps',
  flags: ['-p', '--print-freq'],
  advanced: true,
});
