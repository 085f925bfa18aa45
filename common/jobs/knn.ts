/** best-NN: kNN accuracy of a frozen backbone (ssl-small's eval.knn). */
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
  ...extractionFields,
});

export type KnnConfig = z.infer<typeof knnConfig>;
