/** Fields of the evaluations that train a classifier: linear evaluation and transfer. */
import { z } from 'zod';
import { field } from '../fields.ts';

const training = 'Classifier';

export const classifierFields = {
  epochs: field(z.int().min(1).default(100), {
    label: 'Epochs',
    help: 'Passes over the training images.',
    group: training,
    flags: ['--epochs'],
  }),
  batchSize: field(z.int().min(1).default(256), {
    label: 'Batch size',
    help: 'Images of a step. The learning rate belongs to it.',
    group: training,
    unit: 'images',
    flags: ['-b', '--batch-size'],
  }),
  schedule: field(z.array(z.int().min(0)).default([60, 80]), {
    label: 'Milestones',
    help: 'Epochs at which the learning rate falls: to a tenth, or to a fifth where the backbone is trained too.',
    group: training,
    unit: 'epochs',
    flags: ['--schedule'],
  }),
  momentum: field(z.number().min(0).lt(1).default(0.9), {
    label: 'SGD momentum',
    help: 'As in PyTorch.',
    group: training,
    flags: ['--momentum'],
    advanced: true,
  }),
  cropScaleMin: field(z.number().gt(0).max(1).default(0.08), {
    label: 'Smallest crop',
    help: "Least share of an image's area that a training view shows; views are random crops, half of them mirrored.",
    group: training,
    flags: ['--crop-scale-min'],
    advanced: true,
  }),
};
