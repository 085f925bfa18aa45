/** Linear evaluation of a frozen backbone: MoCo's main_lincls, or a probe on features that are computed once. */
import { z } from 'zod';
import { field } from '../fields.ts';
import { classifierFields } from './classifier-fields.ts';
import { backboneFields, extractionFields, transformFields } from './evaluation.ts';
import { printFrequency } from './training-fields.ts';

export const linearConfig = z.strictObject({
  data: field(z.string().min(1), {
    label: 'Images',
    help: 'A folder with train/<class>/* and val/<class>/*.',
    group: 'Data',
    flags: [],
    control: 'folder',
  }),
  ...transformFields,
  ...backboneFields,
  ...extractionFields,
  cachedFeatures: field(z.boolean().default(false), {
    label: 'On cached features',
    help: 'Another protocol, in minutes: each image is seen once and not augmented, and the classifier is trained on its features. Its numbers do not stand beside published ones.',
    group: 'Classifier',
    flags: ['--cached-features'],
  }),
  ...classifierFields,
  learningRate: field(z.number().gt(0).default(30), {
    label: 'Learning rate',
    help: 'Of SGD at the start; 30 as published.',
    group: 'Classifier',
    flags: ['--lr', '--learning-rate'],
  }),
  weightDecay: field(z.number().min(0).default(0), {
    label: 'Weight decay',
    help: 'Of the classifier; none as published.',
    group: 'Classifier',
    flags: ['--wd', '--weight-decay'],
    advanced: true,
  }),
  printFrequency,
});

export type LinearConfig = z.infer<typeof linearConfig>;
