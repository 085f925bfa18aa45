/** Transfer of a backbone to another data set (ssl-small's main_transfer): a classifier on unit features, or all trained. */
import { z } from 'zod';
import { field } from '../fields.ts';
import { classifierFields } from './classifier-fields.ts';
import { backboneFields, extractionFields, transformFields } from './evaluation.ts';
import { printFrequency } from './training-fields.ts';

export const transferConfig = z.strictObject({
  data: field(z.string().min(1), {
    label: 'Images',
    help: 'A folder with train/<class>/* and test/ or val/<class>/*, the folder of CIFAR as it is unpacked, or that of Caltech-101.',
    group: 'Data',
    flags: [],
    control: 'folder',
  }),
  dataset: field(z.enum(['auto', 'cifar10', 'cifar100', 'caltech101', 'folder']).default('auto'), {
    label: 'Data set',
    help: "What the folder holds. CIFAR's files may be Python's or the binary ones. auto: found out.",
    group: 'Data',
    flags: ['--dataset'],
  }),
  trainPerClass: field(z.int().min(1).default(30), {
    label: 'Training images per class',
    help: 'Drawn by the seed where Caltech-101 comes without train and test folders; the others are the test.',
    group: 'Data',
    flags: ['--train-per-class'],
    advanced: true,
  }),
  ...transformFields,
  interpolation: field(z.enum(['bilinear', 'bicubic']).default('bicubic'), {
    label: 'Interpolation',
    help: 'How images are resized; bicubic as published.',
    group: 'Data',
    flags: ['--interpolation'],
    advanced: true,
  }),
  ...backboneFields,
  ...extractionFields,
  finetune: field(z.boolean().default(false), {
    label: 'Train the backbone',
    help: 'All weights are trained, not only the classifier. As published, batch norm follows the batches in the first epoch and is fixed from the second on.',
    group: 'Classifier',
    flags: ['--finetune'],
  }),
  ...classifierFields,
  learningRate: field(z.number().min(0).default(0), {
    label: 'Learning rate',
    help: 'Of SGD at the start. 0: 3, or 0.1 where the backbone is trained.',
    group: 'Classifier',
    flags: ['--lr', '--learning-rate'],
  }),
  weightDecay: field(z.number().min(0).default(1e-4), {
    label: 'Weight decay',
    help: 'Added to the gradient of all that is trained.',
    group: 'Classifier',
    flags: ['--wd', '--weight-decay'],
    advanced: true,
  }),
  printFrequency,
});

export type TransferConfig = z.infer<typeof transferConfig>;
