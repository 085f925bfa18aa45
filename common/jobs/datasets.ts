/** Jobs about data: making the demo set, checking a folder, and measuring what a training run would cost. */
import { z } from 'zod';
import { field } from '../fields.ts';
import { decode, seed } from './shared.ts';

export const datasetDemoConfig = z.strictObject({
  target: field(z.string().min(1), {
    label: 'Folder',
    help: 'Where the images are put; it must be empty or not exist.',
    group: 'Data',
    flags: [],
    control: 'folder',
  }),
  seed,
});

export const datasetCheckConfig = z.strictObject({
  data: field(z.string().min(1), {
    label: 'Images',
    help: 'The folder to look through.',
    group: 'Data',
    flags: [],
    control: 'folder',
  }),
  decode,
});

/** Whether images are still the ones of a result; asked by the pages alone. */
export const datasetFingerprintConfig = z.strictObject({ data: datasetCheckConfig.shape.data });

export type DatasetFingerprintConfig = z.infer<typeof datasetFingerprintConfig>;
export type DatasetDemoConfig = z.infer<typeof datasetDemoConfig>;
export type DatasetCheckConfig = z.infer<typeof datasetCheckConfig>;
