/**
 * A classifier on a backbone that is trained along with it (ssl-small's transfer with `--finetune`): features of unit
 * length before the linear layer. As published, batch norm follows the batches in the first epoch only; the validation
 * after it puts the net into eval mode, in which it stays.
 */
import { crossEntropy } from '../kernels/cross-entropy.ts';
import { type NamedArray, toPytorchLayout } from '../models/layout.ts';
import { type Model, trainedSpecs } from '../models/model.ts';
import { updateSgd } from '../optimizers/sgd.ts';
import { randomAt } from '../random.ts';
import { type Tensor1D, type Tensor2D, type Tensor4D, type Tensors, tf } from '../tf.ts';
import {
  type ClassifierMeasurements,
  createLinear,
  type LinearConfig,
  measureClassifier,
  readMeasured,
} from './linear.ts';
import { type Encoder, encoderToNamed, momentumPrefix, namedReader } from './named-state.ts';

export interface FinetuneState {
  readonly encoder: Encoder;
  /** Of the linear layer: `fc.1.weight`, `fc.1.bias`. */
  readonly head: Tensors;
  /** Of both, by name; none before the first step. */
  readonly momentum: Tensors;
}

export interface FinetuneStep {
  learningRate: number;
  seed: number;
  epoch: number;
  /** Within the epoch. */
  step: number;
}

const encoderPrefix = 'encoder.';

export function createFinetune(model: Model, config: LinearConfig) {
  const linear = createLinear(config);
  // The net's own last layer is not used: the linear layer stands in its place.
  const trained = trainedSpecs(model).filter(({ name }) => !/^fc\./.test(name));
  const specs = [...trained, ...linear.specs];
  const names = specs.map(({ name }) => name);

  return {
    /** Takes the backbone over: its tensors become the state's. */
    initialState(encoder: Encoder, seed: number): FinetuneState {
      return { encoder: keptEncoder(encoder), head: linear.initialState(seed).parameters, momentum: {} };
    },

    /** images [n, h, w, 3], labels [n]. Consumes the state; the inputs stay the caller's. */
    step(
      { encoder, head, momentum }: FinetuneState,
      images: Tensor4D,
      labels: Tensor1D,
      { learningRate, seed, epoch, step }: FinetuneStep,
    ): { state: FinetuneState; measurements: ClassifierMeasurements } {
      const training = epoch === 0;
      let buffers: Tensors = {};
      const measured: Tensor1D[] = [];
      const parameters: Tensors = { ...encoder.parameters, ...head };
      const { value, grads } = tf.valueAndGrads(() => {
        const forward = { training, dropout: randomAt(seed, 'dropout', epoch, step) };
        const found = model.forward(encoder.parameters, encoder.buffers, images, forward);
        buffers = found.buffers;
        const logits = linear.logits(head, found.features);
        const loss = crossEntropy(logits, labels);
        measured.push(measureClassifier(loss, logits, labels));
        return loss;
      })(names.map((name) => parameters[name]!));
      const measurements = readMeasured(measured[0]!);
      value.dispose();
      const gradients = Object.fromEntries(names.map((name, at) => [name, grads[at]!]));
      const { momentum: rate, weightDecay } = config;
      const updated = updateSgd(parameters, momentum, gradients, { learningRate, momentum: rate, weightDecay });
      tf.dispose(grads);
      if (training) tf.dispose(encoder.buffers);
      const part = (tensors: Tensors) =>
        Object.fromEntries(Object.keys(tensors).map((name) => [name, updated.parameters[name]!]));
      return {
        state: {
          encoder: { parameters: part(encoder.parameters), buffers: training ? buffers : encoder.buffers },
          head: part(head),
          momentum: updated.buffers,
        },
        measurements,
      };
    },

    /** images [n, h, w, 3] -> [n, classes], by running statistics. Run it inside a tidy. */
    logits: ({ encoder, head }: FinetuneState, images: Tensor4D): Tensor2D =>
      linear.logits(head, model.forward(encoder.parameters, encoder.buffers, images, { training: false }).features),

    stateToNamed: ({ encoder, head, momentum }: FinetuneState): NamedArray[] => [
      ...encoderToNamed(model, encoderPrefix, encoder),
      ...linear.stateToNamed({ parameters: head, momentum: {} }),
      ...specs
        .filter(({ name }) => momentum[name])
        .map(({ name }) => toPytorchLayout(momentumPrefix + name, momentum[name]!)),
    ],

    /** Throws `checkpoint-invalid` naming what is missing or has another shape. */
    stateFromNamed(arrays: Iterable<NamedArray>): FinetuneState {
      const reader = namedReader(arrays);
      const [encoder, head] = [reader.encoder(model, encoderPrefix), reader.tensors('', linear.specs)];
      const momentum = reader.momentum(specs);
      return { encoder: encoder(), head: head(), momentum: momentum() };
    },

    disposeState: ({ encoder, head, momentum }: FinetuneState): void =>
      tf.dispose([encoder.parameters, encoder.buffers, head, momentum]),
  };
}

function keptEncoder({ parameters, buffers }: Encoder): Encoder {
  for (const tensor of [...Object.values(parameters), ...Object.values(buffers)]) tf.keep(tensor);
  return { parameters, buffers };
}
