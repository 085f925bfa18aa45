/** A picture of the feature space: PCA, then t-SNE (ssl-small's tsne.py), of a folder or of a static set and its views. */
import { z } from 'zod';
import { field } from '../fields.ts';
import { backboneFields, extractionFields, transformFields } from './evaluation.ts';

const projection = 'Projection';

export const projectConfig = z.strictObject({
  data: field(z.string().min(1), {
    label: 'Images',
    help: 'A static set that "contrast views" made, or any folder of images.',
    group: 'Data',
    flags: [],
    control: 'folder',
  }),
  split: field(z.string().default(''), {
    label: 'Split',
    help: 'Of a folder. Empty: val where there is one, else all of it.',
    group: 'Data',
    flags: ['--split'],
  }),
  views: field(z.array(z.int().min(0)).default([0, 1, 2]), {
    label: 'Views',
    help: 'Of a static set: 0 are the originals. A folder without views is taken as it is.',
    group: 'Data',
    flags: ['--views'],
  }),
  classes: field(z.int().min(0).default(0), {
    label: 'Classes',
    help: 'The first so many. 0: all.',
    group: 'Data',
    flags: ['--classes'],
  }),
  limit: field(z.int().min(4).default(10000), {
    label: 'Most points',
    help: 'Images at even distances, hence of all classes.',
    group: 'Data',
    unit: 'points',
    flags: ['--limit'],
  }),
  ...transformFields,
  ...backboneFields,
  method: field(z.enum(['tsne', 'pca']).default('tsne'), {
    label: 'Method',
    help: 'tsne: the components below, then t-SNE. pca: the first two components.',
    group: projection,
    flags: ['--method'],
  }),
  components: field(z.int().min(2).max(500).default(50), {
    label: 'Components',
    help: 'Principal components that t-SNE sees.',
    group: projection,
    flags: ['--components'],
    advanced: true,
  }),
  perplexity: field(z.number().min(2).max(200).default(30), {
    label: 'Perplexity',
    help: 'How many neighbours count, about. With few images a third of them at most.',
    group: projection,
    flags: ['--perplexity'],
  }),
  iterations: field(z.int().min(50).max(10000).default(1000), {
    label: 'Iterations',
    help: 'Steps of t-SNE; the first 250 pull neighbours together.',
    group: projection,
    flags: ['--iterations'],
    advanced: true,
  }),
  space: field(z.enum(['original', 'norm']).default('norm'), {
    label: 'Space',
    help: 'Features of unit length, or as they are.',
    group: projection,
    flags: ['--rep-space', '--space'],
    advanced: true,
  }),
  ...extractionFields,
});

export type ProjectConfig = z.infer<typeof projectConfig>;
