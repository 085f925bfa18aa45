/**
 * The two passes of a MoCo step through the encoders. A batch may be computed in parts, one after another, for less
 * memory: each part holds whole groups of batch norm, so that keys, loss and gradients are those of the undivided batch.
 */
import { normaliseRows } from '../kernels/dense.ts';
import { type Model, trainedSpecs } from '../models/model.ts';
import { accuracyAt } from '../objectives/accuracy.ts';
import { contrastiveLogits, infoNce, positiveLabels, withoutFalseNegatives } from '../objectives/info-nce.ts';
import { randomAt } from '../random.ts';
import { type Scalar, type Tensor, type Tensor1D, type Tensor2D, type Tensor4D, type Tensors, tf } from '../tf.ts';
import type { MocoConfig, MocoMeasurements, StepOptions } from './moco.ts';
import type { Encoder } from './named-state.ts';
import { division, dropoutOf, rowsOfPart, sumInto } from './parts.ts';

export interface Pass {
  model: Model;
  config: MocoConfig;
  options: StepOptions;
}

/** images [n, h, w, 3] -> keys [n, dim] at unit length, kept, and the running statistics after them. */
export function keyPass({ model, config, options }: Pass, key: Encoder, images: Tensor4D) {
  const [count] = images.shape;
  const { parts, groups } = division(config);
  const shuffled = config.bnSplits > 1;
  return tf.tidy((): { keys: Tensor2D; buffers: Tensors } => {
    const random = randomAt(options.seed, 'shuffle', options.epoch, options.step);
    const order = random.permutation(shuffled ? count : 0);
    const mixed = shuffled ? tf.gather(images, tf.tensor1d(order, 'int32')) : images;
    let buffers: Tensors = {};
    const embeddings = eachPart(mixed, parts, (part, index) => {
      const forward = { training: true, bnSplits: groups, dropout: dropoutOf(options, 'key', index) };
      const result = model.forward(key.parameters, key.buffers, part, forward);
      if (index === 0) buffers = result.buffers;
      else tf.dispose(result.buffers);
      return normaliseRows(result.output);
    });
    const rows = (embeddings.length === 1 ? embeddings[0]! : tf.concat(embeddings)) as Tensor2D;
    const keys = shuffled ? tf.gather(rows, tf.tensor1d(invert(order), 'int32')) : rows;
    return { keys: tf.keep(keys), buffers };
  });
}

export interface QueryPass {
  /** Of the mean loss, by parameter; the caller's to dispose. */
  gradients: Record<string, Tensor>;
  /** Running statistics; they follow the first part, as the reference saves those of its first device. */
  buffers: Tensors;
  measurements: MocoMeasurements;
}

export function queryPass(pass: Pass, query: Encoder, images: Tensor4D, keys: Tensor2D, queue: Tensor2D): QueryPass {
  const { model, config, options } = pass;
  const { parts, groups } = division(config);
  const names = trainedSpecs(model).map(({ name }) => name);
  const trained = names.map((name) => query.parameters[name]!);
  let buffers: Tensors = {};
  let sums: Tensor[] = [];
  const measured: Tensor1D[] = [];
  for (let index = 0; index < parts; index++) {
    const loss = () => {
      const part = rowsOfPart(images, index, parts);
      const ownKeys = rowsOfPart(keys, index, parts);
      const forward = { training: true, bnSplits: groups, dropout: dropoutOf(options, 'query', index) };
      const result = model.forward(query.parameters, query.buffers, part, forward);
      if (index === 0) buffers = result.buffers;
      else tf.dispose(result.buffers);
      const queries = normaliseRows(result.output); // [n / parts, dim]
      const logits = contrastiveLogits(queries, ownKeys, queue, config.temperature); // [n / parts, 1 + K]
      options.inspectLogits?.(logits);
      const { kept, share } = withoutFalseNegatives(logits, ownKeys, queue, config.falseNegativeSimilarity ?? 1);
      const loss = infoNce(kept);
      measured.push(tf.keep(measure(loss, logits, kept, share, queries, config.temperature)));
      return parts === 1 ? loss : (tf.div(loss, parts) as Scalar);
    };
    const { value, grads } = tf.valueAndGrads(loss)(trained);
    value.dispose();
    sums = index === 0 ? grads : sumInto(sums, grads);
  }
  const measurements = readMeasurements(measured, config);
  tf.dispose(measured);
  return { gradients: Object.fromEntries(names.map((name, at) => [name, sums[at]!])), buffers, measurements };
}

function eachPart<Result>(images: Tensor4D, parts: number, use: (part: Tensor4D, index: number) => Result): Result[] {
  if (parts === 1) return [use(images, 0)];
  return tf.split(images, parts).map((part, index) => use(part as Tensor4D, index));
}

/** Everything measured on the device, in one tensor, so that the step waits for it once. */
function measure(
  loss: Scalar,
  logits: Tensor2D,
  kept: Tensor2D,
  falseNegatives: Scalar,
  queries: Tensor2D,
  temperature: number,
): Tensor1D {
  const [count, columns] = logits.shape;
  const [acc1, acc5] = accuracyAt(kept, positiveLabels(kept), [1, 5]);
  const positive = tf.mul(tf.mean(tf.slice(logits, [0, 0], [count, 1])), temperature);
  const negative = tf.mul(tf.mean(tf.slice(logits, [0, 1], [count, columns - 1])), temperature);
  const deviations = tf.sqrt(tf.moments(queries, 0).variance); // [dim]
  const spread = tf.mul(tf.mean(deviations), Math.sqrt(queries.shape[1]));
  return tf.stack([loss, acc1!, acc5!, positive, negative, spread, falseNegatives]) as Tensor1D;
}

/** The mean over the parts. */
function readMeasurements(measured: Tensor1D[], { falseNegativeSimilarity = 1 }: MocoConfig): MocoMeasurements {
  const each = measured.map((tensor) => tensor.dataSync());
  const mean = (at: number) => each.reduce((sum, values) => sum + values[at]!, 0) / each.length;
  return {
    loss: mean(0),
    acc1: mean(1),
    acc5: mean(2),
    positiveSimilarity: mean(3),
    negativeSimilarity: mean(4),
    embeddingSpread: mean(5),
    ...(falseNegativeSimilarity < 1 && { falseNegatives: mean(6) }),
  };
}

/** The order that undoes a permutation. */
function invert(permutation: Int32Array): Int32Array {
  const inverse = new Int32Array(permutation.length);
  permutation.forEach((from, to) => {
    inverse[from] = to;
  });
  return inverse;
}
