/**
 * Depthwise convolution: each channel with a filter of its own, with explicit zeros at the near and the far sides. At
 * stride 2 PyTorch's padding (the same on all sides) and TensorFlow's (one more at the far ones) give other numbers.
 */
import { AppError } from '../../common/errors.ts';
import { type Tensor4D, tf } from '../tf.ts';
import { attribute, channelsLast, float32, isNative, runSingle, shapeTensor } from './native.ts';
import { pixelsUnder, spreadPixels } from './windows.ts';

export interface DepthwiseOptions {
  stride: number;
  padding: Padding;
}

/** Zeros around an image. */
export interface Padding {
  /** Above and to the left. */
  before: number;
  /** Below and to the right. */
  after: number;
}

/**
 * x [n, h, w, c] * filter [k, k, 1, c] -> [n, h', w', c] with h' = floor((h + before + after - k) / stride) + 1.
 * Differentiable in both. Throws where the filter does not fit in even once.
 */
export function depthwiseConvolution(x: Tensor4D, filter: Tensor4D, options: DepthwiseOptions): Tensor4D {
  const [, height, width] = x.shape;
  const [kernel] = filter.shape;
  if (Math.min(height, width) + options.padding.before + options.padding.after < kernel) {
    const sizes = `a map of ${height} x ${width} is too small for a filter of ${kernel} x ${kernel}`;
    throw new AppError('config-invalid', sizes, {
      field: 'imageSize',
      cure: 'Take larger images (32 px or more) or the small stem.',
    });
  }
  const { forward, inputGradient, filterGradient } = isNative() ? native : portable;
  return tf.customGrad((x, filter, save) => {
    (save as tf.GradSaveFunc)([x as Tensor4D, filter as Tensor4D]);
    return {
      value: forward(x as Tensor4D, byChannel(filter as Tensor4D), options),
      gradFunc: (dy: Tensor4D, saved: tf.Tensor[]) => {
        const [x, filter] = saved as [Tensor4D, Tensor4D];
        const dFilter = filterGradient(x, filter.shape[0], dy, options);
        return [inputGradient(x.shape, byChannel(filter), dy, options), tf.reshape(dFilter, filter.shape)];
      },
    };
  })(x, filter) as Tensor4D;
}

/** TensorFlow's own layout of depthwise filters, [k, k, c, 1]: the same numbers in the same order. */
function byChannel(filter: Tensor4D): Tensor4D {
  const [height, width, , channels] = filter.shape;
  return tf.reshape(filter, [height, width, channels, 1]);
}

type Shape4D = [number, number, number, number];

interface Implementation {
  /** Filters are [k, k, c, 1]. */
  forward(x: Tensor4D, filter: Tensor4D, options: DepthwiseOptions): Tensor4D;
  inputGradient(xShape: Shape4D, filter: Tensor4D, dy: Tensor4D, options: DepthwiseOptions): Tensor4D;
  filterGradient(x: Tensor4D, kernel: number, dy: Tensor4D, options: DepthwiseOptions): tf.Tensor;
}

/** TensorFlow's operations: 10 to 30 times as fast as sums of shifted products. */
const native: Implementation = {
  forward: (x, filter, options) =>
    runSingle('DepthwiseConv2dNative', attributes(options, paddingName(filter.shape[0], options)), [x, filter]),

  inputGradient(xShape, filter, dy, options) {
    const chosen = attributes(options, paddingName(filter.shape[0], options));
    return runSingle('DepthwiseConv2dNativeBackpropInput', chosen, [shapeTensor(xShape), filter, dy]);
  },

  filterGradient(x, kernel, dy, options) {
    // oneDNN takes all but "EXPLICIT"; for filters of 5x5 it needs two to five times as long as TensorFlow itself.
    const name = kernel > 3 ? 'EXPLICIT' : paddingName(kernel, options);
    const shape = shapeTensor([kernel, kernel, x.shape[3], 1]);
    return runSingle('DepthwiseConv2dNativeBackpropFilter', attributes(options, name), [x, shape, dy]);
  },
};

function paddingName(kernel: number, { stride, padding }: DepthwiseOptions): 'VALID' | 'SAME' | 'EXPLICIT' {
  if (padding.before + padding.after === 0) return 'VALID';
  const centred = padding.before === padding.after && 2 * padding.before === kernel - 1;
  return stride === 1 && centred ? 'SAME' : 'EXPLICIT';
}

function attributes({ stride, padding: { before, after } }: DepthwiseOptions, padding: string) {
  const shared = [
    float32,
    channelsLast,
    attribute.int('strides', [1, stride, stride, 1]),
    attribute.string('padding', padding),
  ];
  if (padding !== 'EXPLICIT') return shared;
  return [...shared, attribute.int('explicit_paddings', [0, 0, before, after, before, after, 0, 0])];
}

/** On any backend with DepthwiseConv2dNative, from which both gradients are made. */
const portable: Implementation = {
  forward: (x, filter, { stride, padding }) => tf.depthwiseConv2d(pad(x, padding, padding), filter, stride, 'valid'),

  /** The transposed convolution: dy with stride - 1 zeros between its pixels, convolved with the turned filter. */
  inputGradient([, height, width], filter, dy, { stride, padding }) {
    const kernel = filter.shape[0];
    const turned = tf.reverse(filter, [0, 1]);
    const spread = spreadPixels(dy, stride);
    const before = kernel - 1 - padding.before;
    const sides = (size: number, spreadSize: number) => ({ before, after: size - spreadSize + padding.before });
    const ready = pad(spread, sides(height, spread.shape[1]), sides(width, spread.shape[2]));
    return tf.depthwiseConv2d(ready, turned, 1, 'valid');
  },

  /** For each place in the filter, the pixels of x that it met times dy, summed by a product with a row of ones. */
  filterGradient(x, kernel, dy, { stride, padding }) {
    const [batch, rows, columns, channels] = dy.shape;
    const padded = pad(x, padding, padding);
    const count = batch * rows * columns;
    const ones = tf.ones([1, count]) as tf.Tensor2D;
    const places: tf.Tensor[] = [];
    for (let top = 0; top < kernel; top++) {
      for (let left = 0; left < kernel; left++) {
        const met = pixelsUnder(padded, { top, left, stride, rows, columns });
        places.push(tf.matMul(ones, tf.reshape(tf.mul(met, dy), [count, channels])));
      }
    }
    return tf.stack(places);
  },
};

function pad(x: Tensor4D, down: Padding, across: Padding): Tensor4D {
  return tf.pad4d(x, [
    [0, 0],
    [down.before, down.after],
    [across.before, across.after],
    [0, 0],
  ]);
}
