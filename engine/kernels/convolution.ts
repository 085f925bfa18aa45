/**
 * Convolution with PyTorch's padding: the same number of zeros on all four sides, which at stride 2 is not what
 * TensorFlow calls "same".
 */
import { type Tensor4D, tf } from '../tf.ts';
import { byGroup, canDifferentiateGroups } from './convolution-groups.ts';
import { attribute, channelsLast, float32, isNative, runSingle, shapeTensor } from './native.ts';
import { pixelsUnder, spreadPixels } from './windows.ts';

export interface ConvolutionOptions {
  stride: number;
  /** Zeros added on each side. */
  padding: number;
  /** False where nobody wants the gradient of x (the images): it is then neither computed nor defined. */
  inputGradient?: boolean;
}

/**
 * x [n, h, w, in] * filter [k, k, in, out] -> [n, h', w', out] with h' = floor((h + 2 padding - k) / stride) + 1.
 * Differentiable in both. With a filter [k, k, in / groups, out] each part of the output sees its part of the input.
 */
export function convolution(x: Tensor4D, filter: Tensor4D, options: ConvolutionOptions): Tensor4D {
  const { forward, inputGradient, filterGradient } = implementationFor(x.shape[3] / filter.shape[2]);
  if (options.inputGradient === false) {
    return tf.customGrad((filter, save) => {
      (save as tf.GradSaveFunc)([x]);
      return {
        value: forward(x, filter as Tensor4D, options),
        gradFunc: (dy: Tensor4D, saved: tf.Tensor[]) => {
          const [x] = saved as [Tensor4D];
          return filterGradient(x, (filter as Tensor4D).shape, dy, options);
        },
      };
    })(filter) as Tensor4D;
  }
  return tf.customGrad((x, filter, save) => {
    (save as tf.GradSaveFunc)([x as Tensor4D, filter as Tensor4D]);
    return {
      value: forward(x as Tensor4D, filter as Tensor4D, options),
      gradFunc: (dy: Tensor4D, saved: tf.Tensor[]) => {
        const [x, filter] = saved as [Tensor4D, Tensor4D];
        return [inputGradient(x.shape, filter, dy, options), filterGradient(x, filter.shape, dy, options)];
      },
    };
  })(x, filter) as Tensor4D;
}

export type Shape4D = [number, number, number, number];

export interface Implementation {
  forward(x: Tensor4D, filter: Tensor4D, options: ConvolutionOptions): Tensor4D;
  inputGradient(xShape: Shape4D, filter: Tensor4D, dy: Tensor4D, options: ConvolutionOptions): Tensor4D;
  filterGradient(x: Tensor4D, filterShape: Shape4D, dy: Tensor4D, options: ConvolutionOptions): Tensor4D;
}

/**
 * TensorFlow's own groups (oneDNN), forward and back. Measured for 32 groups in maps of 16x16x128 to 2x2x1024: 2 to 10
 * times as fast as 8 block-diagonal filters of 4 groups each, 2 to 15 times as one convolution for each group, 3 to 90
 * times as a single block-diagonal filter and 4 to 20 times as products of matrices over the window's pixels.
 */
function implementationFor(groups: number): Implementation {
  if (groups === 1) return isNative() ? native : portable;
  if (!isNative()) return byGroup(portable);
  return canDifferentiateGroups() ? native : { ...byGroup(native), forward: native.forward };
}

/**
 * TensorFlow gives only "SAME" and "VALID" convolutions to oneDNN; the gradients of "EXPLICIT" ones take another path
 * that is up to 40 times slower on the CPU. So padding is turned into one of the two wherever a gradient is due.
 */
const native: Implementation = {
  forward(x, filter, { stride, padding }) {
    const name = paddingName(filter.shape, stride, padding);
    return runSingle('Conv2D', attributes(stride, name, padding), [x, filter]);
  },
  inputGradient(xShape, filter, dy, { stride, padding }) {
    const name = paddingName(filter.shape, stride, padding);
    if (name !== 'EXPLICIT') {
      return runSingle('Conv2DBackpropInput', attributes(stride, name), [shapeTensor(xShape), filter, dy]);
    }
    const [batch, height, width, channels] = xShape;
    const padded = [batch, height + 2 * padding, width + 2 * padding, channels];
    const gradient = runSingle('Conv2DBackpropInput', attributes(stride, 'VALID'), [shapeTensor(padded), filter, dy]);
    return tf.slice(gradient as Tensor4D, [0, padding, padding, 0], xShape);
  },
  filterGradient(x, filterShape, dy, { stride, padding }) {
    const name = paddingName(filterShape, stride, padding);
    const gradient = (x: Tensor4D, name: string) =>
      runSingle<Tensor4D>('Conv2DBackpropFilter', attributes(stride, name), [x, shapeTensor(filterShape), dy]);
    return name === 'EXPLICIT' ? gradient(pad(x, padding), 'VALID') : gradient(x, name);
  },
};

function paddingName([kernel]: Shape4D, stride: number, padding: number): 'VALID' | 'SAME' | 'EXPLICIT' {
  if (padding === 0) return 'VALID';
  return stride === 1 && 2 * padding === kernel - 1 ? 'SAME' : 'EXPLICIT';
}

function attributes(stride: number, padding: string, zeros = 0) {
  const shared = [
    float32,
    channelsLast,
    attribute.int('strides', [1, stride, stride, 1]),
    attribute.string('padding', padding),
  ];
  if (padding !== 'EXPLICIT') return shared;
  return [...shared, attribute.int('explicit_paddings', [0, 0, zeros, zeros, zeros, zeros, 0, 0])];
}

function pad(x: Tensor4D, zeros: number): Tensor4D {
  return tf.pad4d(x, [
    [0, 0],
    [zeros, zeros],
    [zeros, zeros],
    [0, 0],
  ]);
}

/** On any backend with Conv2D, from which both gradients are made. */
const portable: Implementation = {
  forward: (x, filter, { stride, padding }) => tf.conv2d(x, filter, stride, padding),

  /** The transposed convolution: dy with stride - 1 zeros between its pixels, convolved with the turned filter. */
  inputGradient(xShape, filter, dy, { stride, padding }) {
    const kernel = filter.shape[0];
    const turned = tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2]) as Tensor4D;
    const spread = spreadPixels(dy, stride);
    const after = (size: number, spreadSize: number) => size - (spreadSize - kernel + 1) - (kernel - 1 - padding);
    const before = kernel - 1 - padding;
    const ready = tf.pad4d(spread, [
      [0, 0],
      [before, after(xShape[1], spread.shape[1])],
      [before, after(xShape[2], spread.shape[2])],
      [0, 0],
    ]);
    return tf.conv2d(ready, turned, 1, 'valid');
  },

  /** For each place in the filter, the pixels of x that it met against dy: one matrix product. */
  filterGradient(x, filterShape, dy, { stride, padding }) {
    const [kernelHeight, kernelWidth, inputs, outputs] = filterShape;
    const [batch, height, width] = dy.shape;
    const padded = padding > 0 ? pad(x, padding) : x;
    const rows = batch * height * width;
    const dyRows = tf.reshape(dy, [rows, outputs]);
    const places: tf.Tensor2D[] = [];
    for (let top = 0; top < kernelHeight; top++) {
      for (let left = 0; left < kernelWidth; left++) {
        const met = pixelsUnder(padded, { top, left, stride, rows: height, columns: width });
        // The wasm backend is quick only for products that are not transposed.
        const metColumns = tf.transpose(tf.reshape(met, [rows, inputs]));
        places.push(tf.matMul(metColumns, dyRows) as tf.Tensor2D);
      }
    }
    return tf.reshape(tf.stack(places), filterShape);
  },
};
