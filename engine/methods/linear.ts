/**
 * A linear classifier on the features of a frozen backbone: MoCo's linear evaluation (main_lincls of arXiv 1911.05722) and,
 * with features of unit length, ssl-small's transfer.
 *
 *     const linear = createLinear({ featureSize: 512, classes: 10, normalised: false, momentum: 0.9, weightDecay: 0 });
 *     let state = linear.initialState(seed);
 *     const done = linear.step(state, features, labels, learningRate);   // consumes the state
 */
import { crossEntropy } from '../kernels/cross-entropy.ts';
import { linear, normaliseRows } from '../kernels/dense.ts';
import { initialArrays, keptTensors } from '../models/initial.ts';
import { type NamedArray, toPytorchLayout } from '../models/layout.ts';
import type { TensorSpec } from '../models/model.ts';
import { accuracyAt } from '../objectives/accuracy.ts';
import { updateSgd } from '../optimizers/sgd.ts';
import { type Scalar, type Tensor1D, type Tensor2D, type Tensors, tf } from '../tf.ts';
import { momentumPrefix, namedReader } from './named-state.ts';

export interface LinearConfig {
  featureSize: number;
  classes: number;
  /** Whether features are divided by their length first: `Sequential(Norm(), fc)`. */
  normalised: boolean;
  momentum: number;
  weightDecay: number;
}

export interface LinearState {
  /** `fc.weight` [features, classes], `fc.bias` [classes]; behind a norm they are `fc.1.*`, as the reference has it. */
  readonly parameters: Tensors;
  /** Of the same names; none before the first step. */
  readonly momentum: Tensors;
}

/** What a step measures: the mean loss, and percent of the rows whose label is the likeliest and among the five likeliest. */
export interface ClassifierMeasurements {
  loss: number;
  acc1: number;
  acc5: number;
}

export function createLinear(config: LinearConfig) {
  const { featureSize, classes, normalised } = config;
  const prefix = normalised ? 'fc.1.' : 'fc.';
  const [weight, bias] = [`${prefix}weight`, `${prefix}bias`];
  const specs: TensorSpec[] = [
    {
      name: weight,
      kind: 'parameter',
      shape: [classes, featureSize],
      initial: { distribution: 'normal', standardDeviation: 0.01 },
    },
    { name: bias, kind: 'parameter', shape: [classes], initial: { distribution: 'constant', value: 0 } },
  ];

  /** features [n, featureSize] -> logits [n, classes]. Differentiable in all that it is given; run it inside a tidy. */
  function logits(parameters: Tensors, features: Tensor2D): Tensor2D {
    const input = normalised ? normaliseRows(features) : features;
    return linear(input, parameters[weight] as Tensor2D, parameters[bias] as Tensor1D);
  }

  return {
    config,
    specs,
    logits,

    /** Weights from N(0, 0.01), biases 0. */
    initialState: (seed: number): LinearState => ({
      parameters: keptTensors(initialArrays(specs, seed)),
      momentum: {},
    }),

    /** One step of SGD on features [n, featureSize] with labels [n]. Consumes the state; the inputs stay the caller's. */
    step(
      state: LinearState,
      features: Tensor2D,
      labels: Tensor1D,
      learningRate: number,
    ): { state: LinearState; measurements: ClassifierMeasurements } {
      const measured: Tensor1D[] = [];
      const { value, grads } = tf.valueAndGrads((...given) => {
        const found = logits({ [weight]: given[0]!, [bias]: given[1]! }, features);
        const loss = crossEntropy(found, labels);
        measured.push(measureClassifier(loss, found, labels));
        return loss;
      })([state.parameters[weight]!, state.parameters[bias]!]);
      const measurements = readMeasured(measured[0]!);
      value.dispose();
      const updated = updateSgd(
        state.parameters,
        state.momentum,
        { [weight]: grads[0]!, [bias]: grads[1]! },
        { learningRate, momentum: config.momentum, weightDecay: config.weightDecay },
      );
      tf.dispose(grads);
      return { state: { parameters: updated.parameters, momentum: updated.buffers }, measurements };
    },

    stateToNamed: ({ parameters, momentum }: LinearState): NamedArray[] => [
      ...[weight, bias].map((name) => toPytorchLayout(name, parameters[name]!)),
      ...Object.keys(momentum).map((name) => toPytorchLayout(momentumPrefix + name, momentum[name]!)),
    ],

    /** Throws `checkpoint-invalid` naming what is missing or has another shape. */
    stateFromNamed(arrays: Iterable<NamedArray>): LinearState {
      const reader = namedReader(arrays);
      const [parameters, momentum] = [reader.tensors('', specs), reader.momentum(specs)];
      return { parameters: parameters(), momentum: momentum() };
    },

    disposeState: (state: LinearState): void => tf.dispose([state.parameters, state.momentum]),
  };
}

/** Loss and accuracies as one tensor [3], kept, so that one read brings all of them. */
export function measureClassifier(loss: Scalar, logits: Tensor2D, labels: Tensor1D): Tensor1D {
  return tf.keep(tf.stack([loss, ...accuracyAt(logits, labels, [1, 5])]) as Tensor1D);
}

export function readMeasured(measured: Tensor1D): ClassifierMeasurements {
  const [loss, acc1, acc5] = measured.dataSync();
  measured.dispose();
  return { loss: loss!, acc1: acc1!, acc5: acc5! };
}
