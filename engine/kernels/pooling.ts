/** Pooling with PyTorch's padding. */
import { type Tensor2D, type Tensor4D, tf } from '../tf.ts';
import { attribute, channelsLast, float32, hasOneDnn, isNative, oneDnnKernel, run, runSingle } from './native.ts';
import { pixelsUnder, spreadPixels } from './windows.ts';

export interface MaxPoolOptions {
  kernel: number;
  stride: number;
  /** Added on each side; padded places never win. */
  padding: number;
}

/** x [n, h, w, c] -> the largest value of each window. */
export function maxPool(x: Tensor4D, options: MaxPoolOptions): Tensor4D {
  if (!isNative()) return poolPortable(x, options);
  return hasOneDnn() ? poolOneDnn(x, options) : poolNative(x, options);
}

/** The mean over all pixels: [n, h, w, c] -> [n, c]. */
export function globalAveragePool(x: Tensor4D): Tensor2D {
  return tf.mean(x, [1, 2]);
}

function poolNative(x: Tensor4D, { kernel, stride, padding }: MaxPoolOptions): Tensor4D {
  const attributes = [
    ...window(kernel, stride, 'EXPLICIT'),
    attribute.int('explicit_paddings', [0, 0, padding, padding, padding, padding, 0, 0]),
  ];
  return tf.customGrad((x, save) => {
    const y = runSingle('MaxPool', attributes, [x as Tensor4D]);
    (save as tf.GradSaveFunc)([x as Tensor4D, y]);
    return {
      value: y,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => runSingle('MaxPoolGrad', attributes, [...saved, dy]),
    };
  })(x) as Tensor4D;
}

/** oneDNN remembers where the maxima were; its gradient takes a twentieth of the time of TensorFlow's own. */
function poolOneDnn(x: Tensor4D, { kernel, stride, padding }: MaxPoolOptions): Tensor4D {
  const attributes = [...window(kernel, stride, 'VALID'), attribute.bool('workspace_enabled', true), oneDnnKernel];
  // At the far sides only as much as a window reaches.
  const far = (size: number) => {
    const reached = Math.floor((size + 2 * padding - kernel) / stride) * stride + kernel;
    return Math.max(0, reached - size - padding);
  };
  const [batch, height, width, channels] = x.shape;
  return tf.customGrad((x, save) => {
    const padded =
      padding === 0
        ? (x as Tensor4D)
        : tf.pad(x as Tensor4D, margins(padding, far(height), padding, far(width)), Number.NEGATIVE_INFINITY);
    const [y, workspace] = run('_MklNativeMaxPool', attributes, [padded], 2);
    (save as tf.GradSaveFunc)([padded, y!, workspace!]);
    return {
      value: y!,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [padded, y, workspace] = saved as [Tensor4D, Tensor4D, tf.Tensor];
        const gradient = runSingle<Tensor4D>('_MklNativeMaxPoolGrad', attributes, [padded, y, dy, workspace]);
        return tf.slice(gradient, [0, padding, padding, 0], [batch, height, width, channels]);
      },
    };
  })(x) as Tensor4D;
}

/** tfjs's own gradient on wasm (4.22) loses windows whose largest value is not positive. */
function poolPortable(x: Tensor4D, { kernel, stride, padding }: MaxPoolOptions): Tensor4D {
  return tf.customGrad((x, save) => {
    const y = tf.maxPool(x as Tensor4D, kernel, stride, padding);
    (save as tf.GradSaveFunc)([x as Tensor4D, y]);
    return {
      value: y,
      gradFunc: (dy: Tensor4D, saved: tf.Tensor[]) => {
        const [x, y] = saved as [Tensor4D, Tensor4D];
        const [, rows, columns] = y.shape;
        const [batch, height, width, channels] = x.shape;
        const padded = tf.pad(x, margins(padding, padding, padding, padding), Number.NEGATIVE_INFINITY) as Tensor4D;
        const nothing = tf.zerosLike(dy);
        const shares: Tensor4D[] = [];
        let remaining = dy;
        for (let top = 0; top < kernel; top++) {
          for (let left = 0; left < kernel; left++) {
            const largest = tf.equal(pixelsUnder(padded, { top, left, stride, rows, columns }), y);
            const share = tf.where(largest, remaining, nothing) as Tensor4D;
            // Of equal values the first takes all.
            remaining = tf.sub(remaining, share);
            const spread = spreadPixels(share, stride);
            const reach = [(rows - 1) * stride + 1, (columns - 1) * stride + 1] as const;
            const cut = tf.slice(spread, [0, 0, 0, 0], [batch, ...reach, channels]);
            const [below, right] = [padded.shape[1] - top - reach[0], padded.shape[2] - left - reach[1]];
            shares.push(tf.pad(cut, margins(top, below, left, right)) as Tensor4D);
          }
        }
        return tf.slice(tf.addN(shares), [0, padding, padding, 0], [batch, height, width, channels]);
      },
    };
  })(x) as Tensor4D;
}

function window(kernel: number, stride: number, padding: string) {
  return [
    float32,
    channelsLast,
    attribute.int('ksize', [1, kernel, kernel, 1]),
    attribute.int('strides', [1, stride, stride, 1]),
    attribute.string('padding', padding),
  ];
}

function margins(top: number, bottom: number, left: number, right: number): [number, number][] {
  return [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
}
