/** Representation drift: how alike two checkpoints see the same images. */
import { z } from 'zod';
import { field } from '../fields.ts';
import { backboneFields, extractionFields, transformFields } from './evaluation.ts';

export const driftConfig = z.strictObject({
  data: field(z.string().min(1), {
    label: 'Images',
    help: 'Any folder of images; labels are not needed.',
    group: 'Data',
    flags: [],
    control: 'folder',
  }),
  split: field(z.string().default(''), {
    label: 'Split',
    help: 'Empty: val where there is one, else all of it.',
    group: 'Data',
    flags: ['--split'],
  }),
  ...transformFields,
  ...backboneFields,
  against: field(z.string().min(1), {
    label: 'Against',
    help: 'The checkpoint that it is compared with: an earlier epoch, another seed, another net. It sees the same pixels.',
    group: 'Model',
    flags: ['--against'],
    control: 'checkpoint',
  }),
  neighbours: field(z.int().min(1).max(1000).default(10), {
    label: 'Neighbours',
    help: 'Of each image, the image itself left out, whose overlap is measured.',
    group: 'Measure',
    flags: ['-k', '--neighbours'],
  }),
  space: field(z.enum(['original', 'norm']).default('norm'), {
    label: 'Space',
    help: 'Of the neighbours: features of unit length, or as they are. CKA takes them as they are.',
    group: 'Measure',
    flags: ['--rep-space', '--space'],
    advanced: true,
  }),
  queries: field(z.int().min(1).default(2000), {
    label: 'Queries',
    help: 'Images whose neighbours are looked for among all: at even distances, hence of all classes.',
    group: 'Measure',
    unit: 'images',
    flags: ['--queries'],
    advanced: true,
  }),
  ...extractionFields,
});

export type DriftConfig = z.infer<typeof driftConfig>;
