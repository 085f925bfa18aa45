/** The nearest images of one image: what a backbone takes it for. */
import { z } from 'zod';
import { field } from '../fields.ts';
import { backboneFields, extractionFields, transformFields } from './evaluation.ts';

export const neighboursConfig = z.strictObject({
  data: field(z.string().min(1), {
    label: 'Images',
    help: 'The folder that is searched: its train images where it has splits.',
    group: 'Data',
    flags: [],
    control: 'folder',
  }),
  image: field(z.string().min(1), {
    label: 'Image',
    help: 'The file whose neighbours are looked for.',
    group: 'Data',
    flags: ['--image'],
    control: 'file',
  }),
  ...transformFields,
  ...backboneFields,
  neighbours: field(z.int().min(1).max(1001).default(20), {
    label: 'Neighbours',
    help: 'How many.',
    group: 'Neighbours',
    flags: ['-k', '--neighbours'],
  }),
  space: field(z.enum(['original', 'norm']).default('norm'), {
    label: 'Space',
    help: 'Features of unit length, or as they are.',
    group: 'Neighbours',
    flags: ['--rep-space', '--space'],
  }),
  ...extractionFields,
});

export type NeighboursConfig = z.infer<typeof neighboursConfig>;
