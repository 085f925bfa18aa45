/** Fields of every evaluation of a frozen backbone: which network, how images are prepared, on what it runs. */
import { z } from 'zod';
import { field } from '../fields.ts';
import { decode, device, fitChoice, fitHelp, seed, workers } from './shared.ts';

export const backboneFields = {
  pretrained: field(z.string().min(1), {
    label: 'Checkpoint',
    help: "A checkpoint of a run, an imported one, or a file of others; what it is of is read from it. At the command line a checkpoint's id will do.",
    group: 'Model',
    flags: ['--pretrained'],
    control: 'checkpoint',
  }),
  encoder: field(z.enum(['q', 'k']).default('q'), {
    label: 'Encoder',
    help: 'q: the query encoder, as every published number; k: its moving average.',
    group: 'Model',
    flags: ['--encoder'],
  }),
  arch: field(z.string().default('auto'), {
    label: 'Architecture',
    help: 'The net that the weights are of, where the checkpoint does not tell. auto: what it says, or what its tensors fit.',
    group: 'Model',
    flags: ['-a', '--arch'],
    advanced: true,
  }),
  prefix: field(z.string().default('auto'), {
    label: 'Prefix',
    help: "What the names of the net's tensors begin with in the file. auto: recognised.",
    group: 'Model',
    flags: ['--prefix'],
    advanced: true,
  }),
};

export const transformFields = {
  decode,
  imageSize: field(z.int().min(0).max(1024).default(0), {
    label: 'Image size',
    help: 'Resize(S*256/224), CenterCrop(S). 0: the size that the checkpoint was trained with.',
    group: 'Data',
    unit: 'px',
    flags: ['--image-size'],
  }),
  fit: field(fitChoice, { label: 'Transform', help: fitHelp, group: 'Data', flags: ['--fit'], advanced: true }),
  interpolation: field(z.enum(['bilinear', 'bicubic']).default('bilinear'), {
    label: 'Interpolation',
    help: 'How images are resized, antialiased as PIL does it. bilinear: as the published evaluations of MoCo and ssl-small; bicubic: as DINO and transfer.',
    group: 'Data',
    flags: ['--interpolation'],
    advanced: true,
  }),
};

export const extractionFields = {
  batchSize: field(z.int().min(1).default(256), {
    label: 'Batch size',
    help: 'Images whose features are computed at once; it does not change the result.',
    group: 'Machine',
    unit: 'images',
    flags: ['-b', '--batch-size'],
    advanced: true,
  }),
  memory: field(z.int().min(64).max(1048576).default(2048), {
    label: 'Memory for features',
    help: 'Features that take more are read from the disk in blocks; it does not change the result.',
    group: 'Machine',
    unit: 'MiB',
    flags: ['--memory'],
    advanced: true,
  }),
  device,
  workers,
  seed,
};

/** What every evaluation of a frozen backbone is told. */
const evaluationConfig = z.strictObject({ ...backboneFields, ...transformFields, ...extractionFields });
export type EvaluationConfig = z.infer<typeof evaluationConfig>;
