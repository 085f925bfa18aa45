/**
 * The passes of a SEED step through teacher and student. A batch may be computed in parts (parts.ts): a part has whole
 * images, thus all the patches of an image are in one part, and groups of patches are divided as those of views are.
 */
import { normaliseRows } from '../kernels/dense.ts';
import { type Model, trainedSpecs } from '../models/model.ts';
import { contrastiveLogits } from '../objectives/info-nce.ts';
import { distillationLoss, meanEntropy, softTargets } from '../objectives/soft-cross-entropy.ts';
import { type Scalar, type Tensor, type Tensor1D, type Tensor2D, type Tensor4D, type Tensors, tf } from '../tf.ts';
import { division, dropoutOf, rowsOfPart, sumInto } from './parts.ts';
import type { SeedBatch, SeedConfig, SeedMeasurements, SeedStepOptions } from './seed.ts';
import type { SeedState, Teacher } from './seed-state.ts';

interface Pass {
  model: Model;
  teacher: Teacher;
  config: SeedConfig;
  options: SeedStepOptions;
}

/** Every tensor is the caller's to dispose. */
interface DistillationPass {
  /** Of the mean loss, by parameter. */
  gradients: Tensors;
  /** Running statistics of the student; they follow the first part. */
  buffers: Tensors;
  /** The teacher's, of views [n, dim] and patches [n * p, dim], rows of unit length. */
  embeddings: Tensor2D;
  patchEmbeddings: Tensor2D | undefined;
  measurements: SeedMeasurements;
}

export function distillationPass(pass: Pass, state: SeedState, batch: SeedBatch): DistillationPass {
  const { model, teacher, config, options } = pass;
  const { student, queue, smallQueue } = state;
  const { parts, groups } = division(config);
  const names = trainedSpecs(model).map(({ name }) => name);
  const trained = names.map((name) => student.parameters[name]!);
  const embeddings: Tensor2D[] = [];
  const patchEmbeddings: Tensor2D[] = [];
  const measured: Tensor1D[] = [];
  let buffers: Tensors = {};
  let sums: Tensor[] = [];
  for (let index = 0; index < parts; index++) {
    const { view: images, patches, embeddings: known } = partOf(batch, index, parts);
    const view = target(teacher, config, queue, images, known);
    const patch = patches && target(teacher, config, smallQueue!, patches);
    const embed = (seen: Tensor4D, before: Tensors, name: string) => {
      const forward = { training: true, bnSplits: groups, dropout: dropoutOf(options, name, index) };
      const result = model.forward(student.parameters, before, seen, forward);
      return { embeddings: normaliseRows(result.output), buffers: result.buffers };
    };
    const loss = () => {
      const seen = embed(images, student.buffers, 'student');
      const logits = contrastiveLogits(seen.embeddings, view.embeddings, queue, config.temperature);
      options.inspect?.('view', logits, view.targets);
      const losses = [distillationLoss(logits, view.targets)];
      const entropies = [meanEntropy(view.targets)];
      let after = seen.buffers;
      if (patch) {
        // The running statistics go on from those of the views, as after two batches.
        const small = embed(patches, seen.buffers, 'patches');
        const smallLogits = contrastiveLogits(small.embeddings, patch.embeddings, smallQueue!, config.temperature);
        options.inspect?.('patches', smallLogits, patch.targets);
        losses.push(distillationLoss(smallLogits, patch.targets));
        entropies.push(meanEntropy(patch.targets));
        tf.dispose(seen.buffers);
        after = small.buffers;
      }
      if (index === 0) buffers = after;
      else tf.dispose(after);
      measured.push(tf.keep(measure(losses, entropies, logits, view, seen.embeddings)));
      const sum = tf.addN(losses) as Scalar;
      return parts === 1 ? sum : (tf.div(sum, parts) as Scalar);
    };
    const { value, grads } = tf.valueAndGrads(loss)(trained);
    sums = index === 0 ? grads : sumInto(sums, grads);
    embeddings.push(view.embeddings);
    if (patch) patchEmbeddings.push(patch.embeddings);
    tf.dispose([value, images, view.targets]);
    tf.dispose([patches, known, patch?.targets]);
  }
  const measurements = readMeasurements(measured, config.smallPatches);
  tf.dispose(measured);
  return {
    gradients: Object.fromEntries(names.map((name, at) => [name, sums[at]!])),
    buffers,
    embeddings: joined(embeddings),
    patchEmbeddings: config.smallPatches ? joined(patchEmbeddings) : undefined,
    measurements,
  };
}

/** images [n, h, w, 3] -> the teacher's embeddings, [n, dim], rows of unit length. Run it inside a tidy. */
export function embedByTeacher({ model, parameters, buffers }: Teacher, images: Tensor4D): Tensor2D {
  return normaliseRows(model.forward(parameters, buffers, images, { training: false }).output);
}

function partOf({ view, patches, embeddings }: SeedBatch, index: number, parts: number): SeedBatch {
  return {
    view: rowsOfPart(view, index, parts),
    ...(patches && { patches: rowsOfPart(patches, index, parts) }),
    ...(embeddings && { embeddings: rowsOfPart(embeddings, index, parts) }),
  };
}

interface Target {
  /** The teacher's, [n, dim]. */
  embeddings: Tensor2D;
  /** [n, 1 + K]. */
  targets: Tensor2D;
}

/** What the teacher makes of images: both kept. */
function target(teacher: Teacher, config: SeedConfig, queue: Tensor2D, images: Tensor4D, known?: Tensor2D): Target {
  return tf.tidy(() => {
    const embeddings = known ? tf.clone(known) : embedByTeacher(teacher, images);
    const targets = softTargets(embeddings, queue, config.teacherTemperature);
    return { embeddings: tf.keep(embeddings), targets: tf.keep(targets) };
  });
}

/** Rows under each other; consumes them. */
function joined(rows: Tensor2D[]): Tensor2D {
  if (rows.length === 1) return rows[0]!;
  const all = tf.concat(rows);
  tf.dispose(rows);
  return all;
}

/** Everything measured on the device, in one tensor, so that a part is waited for once. */
function measure(losses: Scalar[], entropies: Scalar[], logits: Tensor2D, target: Target, student: Tensor2D): Tensor1D {
  const loss = tf.addN(losses);
  const similarity = tf.mean(tf.sum(tf.mul(student, target.embeddings), 1));
  const same = tf.equal(tf.argMax(logits, 1), tf.argMax(target.targets, 1));
  const agreement = tf.mul(tf.mean(tf.cast(same, 'float32')), 100);
  const deviations = tf.sqrt(tf.moments(student, 0).variance); // [dim]
  const spread = tf.mul(tf.mean(deviations), Math.sqrt(student.shape[1]));
  return tf.stack([loss, tf.sub(loss, tf.addN(entropies)), similarity, agreement, spread, ...losses]) as Tensor1D;
}

/** The mean over the parts. */
function readMeasurements(measured: Tensor1D[], withPatches: boolean): SeedMeasurements {
  const each = measured.map((tensor) => tensor.dataSync());
  const mean = (at: number) => each.reduce((sum, values) => sum + values[at]!, 0) / each.length;
  return {
    loss: mean(0),
    divergence: mean(1),
    similarity: mean(2),
    agreement: mean(3),
    embeddingSpread: mean(4),
    ...(withPatches && { viewLoss: mean(5), patchLoss: mean(6) }),
  };
}
