/** Smooth non-linearities of mobile nets, entry by entry, and the gates made from them. All are differentiable. */
import { type Tensor, tf } from '../tf.ts';
import { float32, isNative, runSingle } from './native.ts';

/** x sigmoid(x) (Ramachandran et al. 2017, arXiv 1710.05941), also called SiLU. */
export function swish<Shaped extends Tensor>(x: Shaped): Shaped {
  const native = isNative();
  return tf.customGrad((x, save) => {
    const gate = tf.sigmoid(x as Tensor);
    (save as tf.GradSaveFunc)([x as Tensor, gate]);
    return {
      value: tf.mul(x as Tensor, gate),
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [x, gate] = saved as [Tensor, Tensor];
        const through = tf.mul(dy, x);
        const byGate = native
          ? runSingle('SigmoidGrad', [float32], [gate, through])
          : tf.mul(through, tf.mul(gate, tf.sub(1, gate)));
        return tf.add(tf.mul(dy, gate), byGate);
      },
    };
  })(x) as Shaped;
}

/** x relu6(x + 3) / 6 (Howard et al. 2019, arXiv 1905.02244, section 5.2): a sigmoid of straight lines. */
export function hardSwish<Shaped extends Tensor>(x: Shaped): Shaped {
  return tf.customGrad((x, save) => {
    const gate = tf.relu6(tf.add(x as Tensor, 3)); // 6 times the gate
    (save as tf.GradSaveFunc)([x as Tensor, gate]);
    return {
      value: tf.mul(tf.mul(x as Tensor, gate), 1 / 6),
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [x, gate] = saved as [Tensor, Tensor];
        const sixth = tf.mul(dy, 1 / 6);
        return tf.add(tf.mul(sixth, gate), whereInside(gate, tf.mul(sixth, x)));
      },
    };
  })(x) as Shaped;
}

/** relu6(x + 3) / 6, between 0 and 1. */
export function hardSigmoid<Shaped extends Tensor>(x: Shaped): Shaped {
  return tf.customGrad((x, save) => {
    const gate = tf.relu6(tf.add(x as Tensor, 3));
    (save as tf.GradSaveFunc)([gate]);
    return {
      value: tf.mul(gate, 1 / 6),
      gradFunc: (dy: Tensor, [gate]: Tensor[]) => whereInside(gate!, tf.mul(dy, 1 / 6)),
    };
  })(x) as Shaped;
}

/** A gradient where relu6 gave neither 0 nor 6 (tfjs's own lets it through at 6; PyTorch's does not). */
function whereInside(clipped: Tensor, gradient: Tensor): Tensor {
  if (isNative()) return runSingle('Relu6Grad', [float32], [gradient, clipped]);
  return tf.mul(gradient, tf.logicalAnd(tf.greater(clipped, 0), tf.less(clipped, 6)));
}

/** 1 / (1 + exp(-x)), between 0 and 1. */
export function sigmoid<Shaped extends Tensor>(x: Shaped): Shaped {
  return tf.sigmoid(x);
}
