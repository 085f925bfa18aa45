/** Distillation: SEED's step for the training job. */

import type { DistillConfig } from '../../common/jobs/distill.ts';
import { createSeed, type SeedState } from '../../engine/methods/seed.ts';
import type { Schedule } from '../../engine/optimizers/schedules.ts';
import { type Tensor4D, tf } from '../../engine/tf.ts';
import { openBackend } from '../backends.ts';
import { latestValid } from '../checkpoints/latest.ts';
import { findRecorded, takeCheckpoint } from '../checkpoints/recorded.ts';
import { type LoadedTeacher, loadTeacher } from '../checkpoints/teacher.ts';
import { distillPipelines } from '../distillation-views.ts';
import type { Job, JobContext } from '../job.ts';
import { embedOnce } from '../teacher-embeddings.ts';
import { openTrainingImages } from '../training-images.ts';
import { checkpointFolder, runTraining, type TrainingMethod } from '../training-job.ts';
import { refuseWrongDistillation } from './requirements.ts';

export const distillJob: Job<DistillConfig> = async (config, context) => {
  refuseWrongDistillation(config, null);
  const backend = await openBackend(config.device);
  const teacher = await openTeacher(config, context);
  const images = await openTrainingImages(config, distillPipelines(config, teacher.about), context);
  try {
    refuseWrongDistillation(config, images.count);
    const embeddings = config.views === 'plain' ? await embedOnce(teacher, config, images, context) : null;
    if (!embeddings) {
      const message = 'The embeddings of the teacher cannot be kept: its views are random. It runs at each step.';
      context.report({ type: 'log', level: 'info', message });
    }
    const method = seedMethod(config, teacher, embeddings);
    return await runTraining('distill', config, context, { backend, images, method });
  } finally {
    await images.loader.close();
    tf.dispose([teacher.parameters, teacher.buffers]);
  }
};

/** The teacher is in the checkpoint that a run goes on from, wherever its own file may be by now. */
async function openTeacher(config: DistillConfig, context: JobContext): Promise<LoadedTeacher> {
  const { latest } = await latestValid(checkpointFolder(config, context), new Map());
  const from = latest?.path ?? (config.resume && findRecorded(config.resume).file);
  const teacher = from ? await loadTeacher(from, config, 'teacher') : await givenTeacher(config, context);
  const { arch, method, head, dim } = teacher.about;
  const message = `The teacher is a ${arch} of ${method}, head ${head}, ${dim} numbers an image, from ${from || config.teacher}.`;
  context.report({ type: 'log', level: 'info', message });
  return teacher;
}

async function givenTeacher(config: DistillConfig, context: JobContext): Promise<LoadedTeacher> {
  const { file, choice } = await takeCheckpoint(config.teacher, 'teacher', context);
  return loadTeacher(file, config, 'student', choice);
}

function seedMethod(
  config: DistillConfig,
  teacher: LoadedTeacher,
  embeddings: Float32Array | null,
): TrainingMethod<SeedState> {
  const seed = createSeed(config, teacher);
  const { batchSize, imageSize, patchSize, queueLength, embeddingDimension, smallPatches } = config;
  return {
    ...seed,
    trained: ({ student }) => student,
    step(state, { views: [view, ...patches], indices }, { epoch, stepInEpoch, learningRate }) {
      const batch = {
        view: tf.tensor4d(view!, [batchSize, imageSize, imageSize, 3]),
        ...(smallPatches && { patches: byImage(patches, batchSize, patchSize) }),
        ...(embeddings && { embeddings: rowsOf(embeddings, indices, embeddingDimension) }),
      };
      const options = { epoch, step: stepInEpoch, learningRate, seed: config.seed };
      const { state: next, measurements } = seed.step(state, batch, options);
      tf.dispose(batch);
      return { state: next, measurements: { ...measurements } };
    },
    schedule: distillationSchedule(config),
    about: {
      kind: 'seed',
      arch: config.arch,
      stem: config.stem,
      head: config.studentMlp ? 'simple' : 'none',
      dim: embeddingDimension,
      teacher: teacher.about,
    },
    chance: { 'step/loss': (smallPatches ? 2 : 1) * Math.log(1 + queueLength) },
    results: ['loss', 'divergence', 'similarity', 'agreement'],
    name: 'seed',
  };
}

/** Patches [p][batch, s, s, 3] -> [batch * p, s, s, 3], those of an image beside each other. */
function byImage(patches: Float32Array[], batch: number, side: number): Tensor4D {
  const length = side * side * 3;
  const together = new Float32Array(patches.length * batch * length);
  for (let image = 0; image < batch; image++) {
    for (const [at, patch] of patches.entries()) {
      const pixels = patch.subarray(image * length, (image + 1) * length);
      together.set(pixels, (image * patches.length + at) * length);
    }
  }
  return tf.tensor4d(together, [patches.length * batch, side, side, 3]);
}

function rowsOf(embeddings: Float32Array, indices: Int32Array, width: number) {
  const rows = new Float32Array(indices.length * width);
  for (const [row, index] of indices.entries()) {
    rows.set(embeddings.subarray(index * width, (index + 1) * width), row * width);
  }
  return tf.tensor2d(rows, [indices.length, width]);
}

/** SEED's: over the warm-up to the full rate, then the cosine at the unshifted epoch (adjust_learning_rate there). */
export function distillationSchedule(config: DistillConfig): Schedule {
  const { learningRate, scaleLearningRate, batchSize, epochs, warmupEpochs, schedule, cos } = config;
  return {
    learningRate: learningRate * (scaleLearningRate ? batchSize / 256 : 1),
    epochs,
    decay: cos ? { kind: 'cosine', per: 'epoch' } : { kind: 'step', milestones: schedule, factor: 0.1 },
    warmUp: warmupEpochs > 0 ? { unit: 'epoch', length: warmupEpochs, from: learningRate } : undefined,
  };
}
