/** Batch normalisation (Ioffe and Szegedy 2015) as PyTorch computes it, over the channels of [n, h, w, c]. */
import { AppError } from '../../common/errors.ts';
import { type Tensor1D, type Tensor4D, tf } from '../tf.ts';
import { attribute, channelsLast, float32, isNative, run } from './native.ts';

export interface BatchNormTensors {
  /** Scale and offset, [c]. */
  weight: Tensor1D;
  bias: Tensor1D;
  runningMean: Tensor1D;
  runningVariance: Tensor1D;
}

export interface BatchNormOptions {
  epsilon: number;
  /** Share of the new statistics in the running ones: PyTorch's `momentum`, 0.1 by default there. */
  momentum: number;
}

export interface BatchNormResult {
  y: Tensor4D;
  /** [c]; kept: not disposed by any tidy, they are the caller's. */
  runningMean: Tensor1D;
  runningVariance: Tensor1D;
}

/**
 * Normalises by the batch's own biased variance and moves the running statistics towards the batch's mean and
 * **unbiased** variance. Differentiable in x, weight and bias.
 */
export function batchNormTraining(x: Tensor4D, tensors: BatchNormTensors, options: BatchNormOptions): BatchNormResult {
  const [batch, height, width] = x.shape;
  const count = batch * height * width;
  if (count < 2) {
    throw new AppError('config-invalid', `batch norm cannot train on ${count} value per channel`, {
      cure: 'Take a larger batch, fewer batch-norm groups or larger images.',
    });
  }
  return (isNative() ? trainNative : trainPortable)(x, tensors, options);
}

/** Normalises by the running statistics. Differentiable in x, weight and bias. */
export function batchNormEvaluation(x: Tensor4D, tensors: BatchNormTensors, { epsilon }: BatchNormOptions): Tensor4D {
  const { weight, bias, runningMean, runningVariance } = tensors;
  if (!isNative()) {
    const scale = tf.mul(weight, tf.rsqrt(tf.add(runningVariance, epsilon)));
    return tf.add(tf.mul(tf.sub(x, runningMean), scale), bias);
  }
  const attributes = fusedAttributes(epsilon, false);
  return tf.customGrad((x, weight, bias, save) => {
    const inputs = [x, weight, bias, runningMean, runningVariance] as tf.Tensor[];
    const [y] = run('FusedBatchNormV3', attributes, inputs, 6);
    (save as tf.GradSaveFunc)([x, weight, runningMean, runningVariance] as tf.Tensor[]);
    return {
      value: y!,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        run('FusedBatchNormGradV3', attributes, [dy, ...saved, tf.zeros([0])], 5).slice(0, 3),
    };
  })(x, weight, bias) as Tensor4D;
}

function fusedAttributes(epsilon: number, training: boolean) {
  return [
    float32,
    attribute.type('U', 'float32'),
    channelsLast,
    attribute.float('epsilon', epsilon),
    attribute.bool('is_training', training),
  ];
}

function trainNative(x: Tensor4D, tensors: BatchNormTensors, { epsilon, momentum }: BatchNormOptions): BatchNormResult {
  const attributes = fusedAttributes(epsilon, true);
  const { weight, bias, runningMean, runningVariance } = tensors;
  // TensorFlow's running variance takes the unbiased one too.
  const [y, newMean, newVariance, ...reserved] = run(
    'FusedBatchNormV3',
    [...attributes, attribute.float('exponential_avg_factor', momentum)],
    [x, weight, bias, runningMean, runningVariance],
    6,
  );
  const recorded = tf.customGrad((x, weight, _bias, save) => {
    (save as tf.GradSaveFunc)([x, weight, ...reserved] as tf.Tensor[]);
    return {
      value: y!,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        run('FusedBatchNormGradV3', attributes, [dy, ...saved], 5).slice(0, 3),
    };
  })(x, weight, bias);
  return {
    y: recorded as Tensor4D,
    runningMean: tf.keep(newMean as Tensor1D),
    runningVariance: tf.keep(newVariance as Tensor1D),
  };
}

function trainPortable(x: Tensor4D, tensors: BatchNormTensors, options: BatchNormOptions): BatchNormResult {
  const count = x.shape[0] * x.shape[1] * x.shape[2];
  const axes = [0, 1, 2];
  const mean = tf.mean(x, axes) as Tensor1D;
  const centred = tf.sub(x, mean) as Tensor4D;
  const variance = tf.mean(tf.square(centred), axes) as Tensor1D;
  const inverse = tf.rsqrt(tf.add(variance, options.epsilon));
  const normalised = tf.mul(centred, inverse);
  const y = tf.customGrad((_x, weight, bias, save) => {
    (save as tf.GradSaveFunc)([weight as Tensor1D, normalised, inverse]);
    return {
      value: tf.add(tf.mul(normalised, weight as Tensor1D), bias as Tensor1D),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [weight, normalised, inverse] = saved as [Tensor1D, Tensor4D, Tensor1D];
        const dBias = tf.sum(dy, axes);
        const dWeight = tf.sum(tf.mul(dy, normalised), axes);
        // Ioffe and Szegedy, section 3, collected: the batch's mean and variance depend on x as well.
        const through = tf.add(tf.div(dBias, count), tf.mul(normalised, tf.div(dWeight, count)));
        return [tf.mul(tf.sub(dy, through), tf.mul(weight, inverse)), dWeight, dBias];
      },
    };
  })(x, tensors.weight, tensors.bias);
  const towards = (running: Tensor1D, now: tf.Tensor) =>
    tf.keep(tf.add(tf.mul(running, 1 - options.momentum), tf.mul(now, options.momentum)) as Tensor1D);
  return {
    y: y as Tensor4D,
    runningMean: towards(tensors.runningMean, mean),
    runningVariance: towards(tensors.runningVariance, tf.mul(variance, count / (count - 1))),
  };
}

/**
 * Batch norm over `splits` equal groups of consecutive images, each with its own statistics, as on that many devices.
 * The running statistics follow the first group. Throws if the batch cannot be divided.
 */
export function batchNormSplit(
  x: Tensor4D,
  tensors: BatchNormTensors,
  options: BatchNormOptions,
  splits: number,
): BatchNormResult {
  if (splits === 1) return batchNormTraining(x, tensors, options);
  if (x.shape[0] % splits !== 0) {
    throw new AppError('config-invalid', `a batch of ${x.shape[0]} cannot be divided into ${splits} equal groups`, {
      field: 'bnSplits',
      cure: 'Make the batch a multiple of the batch-norm groups.',
    });
  }
  const groups = tf.split(x, splits).map((group) => batchNormTraining(group as Tensor4D, tensors, options));
  for (const group of groups.slice(1)) tf.dispose([group.runningMean, group.runningVariance]);
  return { ...groups[0]!, y: tf.concat(groups.map((group) => group.y)) };
}
