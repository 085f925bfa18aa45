/** best-NN: kNN accuracy of a frozen backbone (ssl-small's eval.knn). */
import { z } from 'zod';
import { field } from '../fields.ts';
import { decode, device, fitChoice, fitHelp, seed, workers } from './shared.ts';

const data = 'Data';
const neighbours = 'Neighbours';

export const knnConfig = z.strictObject({
  data: field(z.string().min(1), {
    label: 'Images',
    help: 'A folder with train/<class>/* and val/<class>/*.',
    group: data,
    flags: [],
    control: 'folder',
  }),
  decode,
  imageSize: field(z.int().min(0).max(1024).default(0), {
    label: 'Image size',
    help: 'Resize(S*256/224), CenterCrop(S). 0: the size that the checkpoint was trained with.',
    group: data,
    unit: 'px',
    flags: ['--image-size'],
  }),
  fit: field(fitChoice, { label: 'Transform', help: fitHelp, group: data, flags: ['--fit'], advanced: true }),
  pretrained: field(z.string().min(1), {
    label: 'Checkpoint',
    help: 'A checkpoint of a run; its architecture, stem and head are read from it.',
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
  maxNeighbours: field(z.int().min(1).max(1001).default(101), {
    label: 'Most neighbours K',
    help: 'Every odd k up to K is tried. The paper takes 101.',
    group: neighbours,
    flags: ['-k', '--max-neighbours'],
  }),
  space: field(z.enum(['original', 'norm', 'shift-norm']).default('original'), {
    label: 'Space',
    help: 'Features as they are, of unit length, or of unit length after their mean is taken off.',
    group: neighbours,
    flags: ['--rep-space', '--space'],
  }),
  batchSize: field(z.int().min(1).default(256), {
    label: 'Batch size',
    help: 'Images whose features are computed at once; it does not change the result.',
    group: 'Machine',
    unit: 'images',
    flags: ['-b', '--batch-size'],
    advanced: true,
  }),
  device,
  workers,
  seed,
});

export type KnnConfig = z.infer<typeof knnConfig>;
