/** The task of a linear classifier on a frozen backbone, on crops or on cached features: `linear`, and plain `transfer`. */
import type { DatasetListing } from '../engine/datasets/list.ts';
import { checkedRows } from '../engine/evaluations/neighbours.ts';
import { heldWithin } from '../engine/evaluations/rows.ts';
import { createLinear, type LinearState } from '../engine/methods/linear.ts';
import { extractFeatures } from '../engine/models/features.ts';
import { type Tensor2D, tf } from '../engine/tf.ts';
import {
  imageBatches,
  imageTensor,
  judgeRows,
  type LabelledImages,
  type LabelledRows,
  openCrops,
  rowBatches,
} from './classifier-inputs.ts';
import type { ClassifierRun } from './classifier-run.ts';
import type { ClassifierTask } from './classifier-training.ts';

/** The task, and what it holds open. */
export interface OpenedTask<State, Inputs> extends AsyncDisposable {
  task: ClassifierTask<State, Inputs>;
}

type Inputs = LabelledImages | LabelledRows;

/** Crops go through the backbone at each step. Validation images never change, so neither do their features. */
export async function openFrozenClassifier(
  run: ClassifierRun,
  { train, val }: { train: DatasetListing; val: DatasetListing },
  { normalised, cachedFeatures }: { normalised: boolean; cachedFeatures: boolean },
): Promise<OpenedTask<LinearState, Inputs>> {
  const { config, evaluation, context, schedule } = run;
  const { batchSize, epochs, seed, momentum, weightDecay } = config;
  const { backbone, imageSize, dimension } = evaluation;
  await using opened = new AsyncDisposableStack();
  const { heldBytes } = evaluation.memory(2);
  const held = async (listing: DatasetListing, name: string) => {
    const found = await evaluation.features(listing);
    opened.use(found.rows);
    const features = await heldWithin(found.rows, heldBytes);
    return { rows: await checkedRows(name, { features, labels: found.labels }, dimension), labels: found.labels };
  };

  const classes = train.classes;
  const linear = createLinear({ featureSize: dimension, classes: classes.length, normalised, momentum, weightDecay });
  const validation = await held(val, 'val');
  const cached = cachedFeatures ? await held(train, 'train') : null;
  const crops = cached ? null : await openCrops(train, { ...config, imageSize }, context);
  if (crops) {
    opened.defer(() => crops.close());
    await evaluation.identify(train);
  }

  const task: ClassifierTask<LinearState, Inputs> = {
    classes,
    epochs,
    batchSize,
    schedule,
    images: cached ? cached.rows.count : train.files.length,
    stepsPerEpoch: crops ? crops.stepsPerEpoch : Math.ceil(cached!.rows.count / batchSize),
    initialState: () => linear.initialState(seed),
    stateToNamed: linear.stateToNamed,
    stateFromNamed: linear.stateFromNamed,
    batches: (epoch, fromStep) =>
      crops
        ? imageBatches(crops, train.labels, epoch, fromStep)
        : rowBatches(cached!.rows, cached!.labels, { seed, batchSize }, epoch, fromStep),
    step(state, inputs, { learningRate }) {
      const labels = tf.tensor1d(inputs.labels, 'int32');
      const features = featuresOf(inputs);
      const done = linear.step(state, features, labels, learningRate);
      tf.dispose([features, labels]);
      return { state: done.state, measurements: { ...done.measurements } };
    },
    validate: (state, onProgress) =>
      judgeRows(validation.rows, validation.labels, (features) => linear.logits(state.parameters, features), {
        classes: classes.length,
        signal: context.wishes.signal,
        onProgress,
      }),
  };
  const close = opened.move();
  return { task, [Symbol.asyncDispose]: () => close.disposeAsync() };

  function featuresOf(inputs: Inputs): Tensor2D {
    if ('features' in inputs) return tf.tensor2d(inputs.features, [inputs.labels.length, dimension]);
    const images = imageTensor(inputs, imageSize);
    const features = extractFeatures(backbone.model, backbone.parameters, backbone.buffers, images);
    images.dispose();
    return features;
  }
}
