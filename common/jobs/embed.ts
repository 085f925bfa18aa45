/** The features of all images of a folder, as files for other programs. */
import { z } from 'zod';
import { field } from '../fields.ts';
import { backboneFields, extractionFields, transformFields } from './evaluation.ts';

export const embedConfig = z.strictObject({
  data: field(z.string().min(1), {
    label: 'Images',
    help: 'A folder of images: one folder a class, train/ and val/ with such folders, or images without labels.',
    group: 'Data',
    flags: [],
    control: 'folder',
  }),
  split: field(z.string().default(''), {
    label: 'Split',
    help: 'Only this one (train, val, ...). Empty: all of them, one after another.',
    group: 'Data',
    flags: ['--split'],
  }),
  ...transformFields,
  ...backboneFields,
  output: field(z.string().default(''), {
    label: 'Files in',
    help: 'Folder for features.npy, labels.npy and paths.json. Empty: the folder of the run.',
    group: 'Output',
    flags: ['--output'],
    control: 'folder',
  }),
  ...extractionFields,
});

export type EmbedConfig = z.infer<typeof embedConfig>;
