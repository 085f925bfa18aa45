/**
 * Adversarial views: pixels are moved a little so that the two views of an image agree less (projected gradient descent,
 * Madry et al., arXiv 1706.06083; on contrastive pairs: Ho and Vasconcelos, arXiv 2010.12050). The published AdMoCo code
 * of ssl-small moves every image by the gradient of one, and towards more agreement; here it is done as it was meant.
 */
import { normaliseRows } from '../kernels/dense.ts';
import type { Model } from '../models/model.ts';
import { type Scalar, type Tensor4D, tf } from '../tf.ts';
import { imagenet } from '../views/normalise.ts';
import type { Encoder } from './named-state.ts';

export interface AdversarialOptions {
  steps: number;
  /** Of one step, and from the image at most, in units of normalised pixels. */
  stepSize: number;
  radius: number;
}

// A type, as tidy takes no interface.
export type ViewPair = { query: Tensor4D; key: Tensor4D };

/**
 * views [n, h, w, 3], normalised -> views of the same shape, each pixel within `radius` and within what white and black
 * are in its channel. Both encoders run by their running statistics, which stay as they are: thus an image's gradient
 * depends on that image alone. The caller disposes the result.
 */
export function adversarialViews(
  model: Model,
  encoders: { query: Encoder; key: Encoder },
  views: ViewPair,
  { steps, stepSize, radius }: AdversarialOptions,
): ViewPair {
  const embed = ({ parameters, buffers }: Encoder, images: Tensor4D) =>
    normaliseRows(model.forward(parameters, buffers, images, { training: false, imageGradient: true }).output);
  const agreement = (query: Tensor4D, key: Tensor4D) =>
    tf.sum(tf.mul(embed(encoders.query, query), embed(encoders.key, key))) as Scalar;
  const gradients = tf.grads((query, key) => agreement(query as Tensor4D, key as Tensor4D));

  return tf.tidy(() => {
    const [black, white] = [0, 1].map((value) =>
      tf.tensor1d(imagenet.mean.map((mean, channel) => (value - mean) / imagenet.deviation[channel]!)),
    );
    const within = (moved: Tensor4D, original: Tensor4D): Tensor4D => {
      const near = tf.minimum(tf.maximum(moved, tf.sub(original, radius)), tf.add(original, radius));
      return tf.minimum(tf.maximum(near, black!), white!);
    };
    let { query, key } = views;
    for (let step = 0; step < steps; step++) {
      const [next, nextKey] = tf.tidy(() => {
        const [ofQuery, ofKey] = gradients([query, key]);
        const moved = (images: Tensor4D, gradient: typeof ofQuery, original: Tensor4D) =>
          within(tf.sub(images, tf.mul(tf.sign(gradient!), stepSize)), original);
        return [moved(query, ofQuery, views.query), moved(key, ofKey, views.key)];
      });
      if (step > 0) tf.dispose([query, key]);
      query = next!;
      key = nextKey!;
    }
    return { query, key };
  });
}
