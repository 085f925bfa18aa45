/** The task of a classifier whose backbone is trained along: `transfer --finetune`. */
import type { DatasetListing } from '../engine/datasets/list.ts';
import { createFinetune, type FinetuneState } from '../engine/methods/finetune.ts';
import { tf } from '../engine/tf.ts';
import {
  imageBatches,
  imageTensor,
  judgeImages,
  type LabelledImages,
  openCrops,
  openPlainImages,
} from './classifier-inputs.ts';
import type { ClassifierRun } from './classifier-run.ts';
import type { OpenedTask } from './frozen-classifier.ts';

export async function openFinetunedClassifier(
  { config, evaluation, context, schedule }: ClassifierRun,
  { train, val }: { train: DatasetListing; val: DatasetListing },
): Promise<OpenedTask<FinetuneState, LabelledImages>> {
  const { batchSize, epochs, seed, momentum, weightDecay } = config;
  const { backbone, imageSize, dimension } = evaluation;
  await using opened = new AsyncDisposableStack();
  const crops = await openCrops(train, { ...config, imageSize }, context);
  opened.defer(() => crops.close());
  const plain = await openPlainImages(val, { ...config, imageSize });
  opened.defer(() => plain.close());
  await evaluation.identify(train);
  await evaluation.identify(val);

  const classes = train.classes;
  const options = { featureSize: dimension, classes: classes.length, normalised: true, momentum, weightDecay };
  const finetune = createFinetune(backbone.model, options);
  const task: OpenedTask<FinetuneState, LabelledImages>['task'] = {
    classes,
    epochs,
    batchSize,
    schedule,
    images: train.files.length,
    stepsPerEpoch: crops.stepsPerEpoch,
    initialState: () => finetune.initialState(backbone, seed),
    stateToNamed: finetune.stateToNamed,
    stateFromNamed: finetune.stateFromNamed,
    batches: (epoch, fromStep) => imageBatches(crops, train.labels, epoch, fromStep),
    step(state, inputs, { epoch, stepInEpoch: step, learningRate }) {
      const images = imageTensor(inputs, imageSize);
      const labels = tf.tensor1d(inputs.labels, 'int32');
      const done = finetune.step(state, images, labels, { learningRate, seed, epoch, step });
      tf.dispose([images, labels]);
      return { state: done.state, measurements: { ...done.measurements } };
    },
    validate: (state, onProgress) =>
      judgeImages(plain, val.labels, imageSize, (images) => finetune.logits(state, images), {
        classes: classes.length,
        signal: context.wishes.signal,
        onProgress,
      }),
  };
  const close = opened.move();
  return { task, [Symbol.asyncDispose]: () => close.disposeAsync() };
}
