/** Projection heads, in the place of a backbone's `fc` (ssl-small's `--mlp`). d is the width of the features. */
import type { heads } from '../../common/jobs/train.ts';
import { relu } from '../kernels/dense.ts';
import type { Tensor2D } from '../tf.ts';
import { dropoutLayer, type Layer, linearLayer } from './layers.ts';

export type Head = (typeof heads)[number];

/** `Sequential` numbers its layers, those without tensors too; hence fc.0, fc.2, fc.3. */
export function buildHead(head: Head, features: number, outputs: number): Layer<Tensor2D> {
  const nonLinearity: Layer<Tensor2D> = { tensors: [], apply: (_pass, x) => relu(x) };
  switch (head) {
    case 'none':
      return linearLayer('fc', features, outputs);
    case 'simple':
      return sequence([linearLayer('fc.0', features, features), nonLinearity, linearLayer('fc.2', features, outputs)]);
    case 'deep':
      return sequence([
        linearLayer('fc.0', features, features),
        nonLinearity,
        linearLayer('fc.2', features, features),
        nonLinearity,
        linearLayer('fc.4', features, outputs),
      ]);
    case 'dropout':
      return sequence([
        linearLayer('fc.0', features, features),
        nonLinearity,
        dropoutLayer(0.5),
        linearLayer('fc.3', features, outputs),
      ]);
    case 'wide':
      return sequence([
        linearLayer('fc.0', features, 2 * features),
        nonLinearity,
        linearLayer('fc.2', 2 * features, outputs),
      ]);
  }
}

function sequence(layers: Layer<Tensor2D>[]): Layer<Tensor2D> {
  return {
    tensors: layers.flatMap((layer) => layer.tensors),
    apply: (pass, x) => layers.reduce((x, layer) => layer.apply(pass, x), x),
  };
}
