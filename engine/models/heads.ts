/** Projection heads, in the place of a backbone's `fc` (ssl-small's `--mlp`). d is the width of the features. */
import type { heads } from '../../common/jobs/train.ts';
import { relu } from '../kernels/dense.ts';
import type { Tensor2D } from '../tf.ts';
import { dropoutLayer, type Layer, type LinearInitial, linearLayer, plainLayer, sequence } from './layers.ts';

export type Head = (typeof heads)[number];

/**
 * [n, features] -> [n, outputs]. ssl-small puts its heads before the backbone's own last layer, which therefore starts
 * as the family has it (`own`); only `wide` replaces it.
 */
export function buildHead(head: Head, features: number, outputs: number, own?: LinearInitial): Layer<Tensor2D> {
  const hidden = (name: string) => linearLayer(name, features, features);
  const last = (name: string) => linearLayer(name, features, outputs, own);
  const nonLinearity = () => plainLayer<Tensor2D>(relu);
  switch (head) {
    case 'none':
      return last('fc');
    case 'simple':
      return sequence('fc', [hidden, nonLinearity, last]);
    case 'deep':
      return sequence('fc', [hidden, nonLinearity, hidden, nonLinearity, last]);
    case 'dropout':
      return sequence('fc', [hidden, nonLinearity, () => dropoutLayer(0.5), last]);
    case 'wide':
      return sequence('fc', [
        (name) => linearLayer(name, features, 2 * features),
        nonLinearity,
        (name) => linearLayer(name, 2 * features, outputs),
      ]);
  }
}
