/** kNN accuracy of a frozen backbone: best-NN (ssl-small's eval.knn), and as other libraries measure it. */
import { z } from 'zod';
import { field } from '../fields.ts';
import { backboneFields, extractionFields, transformFields } from './evaluation.ts';

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
  ...transformFields,
  ...backboneFields,
  vote: field(z.enum(['best-nn', 'solo-learn', 'lightly', 'dino']).default('best-nn'), {
    label: 'Protocol',
    help: 'best-nn: majority at the best odd k up to K, as ssl-small. Others: cosine, votes of weight exp(cosine / T); solo-learn k 20, T 0.07; lightly k 200, T 0.1; dino k 10, 20, 100 and 200, T 0.07.',
    group: neighbours,
    flags: ['--vote'],
  }),
  maxNeighbours: field(z.int().min(1).max(1001).default(101), {
    label: 'Most neighbours K',
    help: 'Every odd k up to K is tried (best-nn). The paper takes 101.',
    group: neighbours,
    flags: ['-k', '--max-neighbours'],
  }),
  space: field(z.enum(['original', 'norm', 'shift-norm', 'shifted-norm']).default('original'), {
    label: 'Space',
    help: "Features as they are, of unit length, or of unit length after their mean is taken off; for best-nn, others take unit length. shifted-norm is the name of shift-norm in ssl-small's README.",
    group: neighbours,
    flags: ['--rep-space', '--space'],
  }),
  keepNeighbours: field(z.int().min(0).max(1001).default(10), {
    label: 'Neighbours to look at',
    help: 'So many of each image are kept with the result, nearest first. 0: none.',
    group: neighbours,
    flags: ['--keep-neighbours'],
    advanced: true,
  }),
  ...extractionFields,
});

export type KnnConfig = z.infer<typeof knnConfig>;
