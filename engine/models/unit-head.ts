/** The projection head of SimCLR and SwAV, which belongs to the net: Linear, batch norm, ReLU, Linear, unit length. */
import { normaliseRows, relu } from '../kernels/dense.ts';
import { type Tensor2D, type Tensor4D, tf } from '../tf.ts';
import { batchNormLayer, type Layer, linearLayer, plainLayer, sequence } from './layers.ts';

export interface UnitHeadShape {
  inputs: number;
  hidden: number;
  outputs: number;
}

/** [n, inputs] -> [n, outputs], rows of length 1. */
export function unitHeadLayer(name: string, { inputs, hidden, outputs }: UnitHeadShape): Layer<Tensor2D> {
  const layers = sequence<Tensor2D>(name, [
    (name) => linearLayer(name, inputs, hidden),
    (name) => rowsBatchNormLayer(name, hidden),
    () => plainLayer(relu),
    (name) => linearLayer(name, hidden, outputs),
  ]);
  return { tensors: layers.tensors, apply: (pass, x) => normaliseRows(layers.apply(pass, x)) };
}

/** torch.nn.BatchNorm1d: rows are images of one pixel. */
function rowsBatchNormLayer(name: string, width: number): Layer<Tensor2D> {
  const layer = batchNormLayer(name, width);
  return {
    tensors: layer.tensors,
    apply(pass, x) {
      const pixels: Tensor4D = tf.reshape(x, [x.shape[0], 1, 1, width]);
      return tf.reshape(layer.apply(pass, pixels), [x.shape[0], width]);
    },
  };
}
