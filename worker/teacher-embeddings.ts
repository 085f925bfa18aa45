/** The teacher's embeddings of plain views: nothing in them is random, so that once is enough. */
import type { DistillConfig } from '../common/jobs/distill.ts';
import type { Teacher } from '../engine/methods/seed.ts';
import { embedByTeacher } from '../engine/methods/seed-passes.ts';
import { tf } from '../engine/tf.ts';
import type { JobContext } from './job.ts';
import type { TrainingImages } from './training-images.ts';

/**
 * [images, dim], rows of unit length, in the order of the images; broken ones stay 0 and never come in a batch. In the
 * same batches at each start of a run, hence the same numbers to the last digit.
 */
export async function embedOnce(
  teacher: Teacher,
  { imageSize }: DistillConfig,
  images: TrainingImages,
  { report, wishes }: JobContext,
): Promise<Float32Array> {
  const stage = "computing the teacher's embeddings, once";
  const width = teacher.model.outputSize;
  const embeddings = new Float32Array(images.count * width);
  const loader = await images.sequential();
  try {
    let done = 0;
    for await (const { views, indices } of loader.epoch(0)) {
      wishes.signal.throwIfAborted();
      const rows = tf.tidy(() => {
        const batch = tf.tensor4d(views[0]!, [indices.length, imageSize, imageSize, 3]);
        return embedByTeacher(teacher, batch).dataSync();
      });
      for (const [row, index] of indices.entries()) {
        embeddings.set(rows.subarray(row * width, (row + 1) * width), index * width);
      }
      done += indices.length;
      report({ type: 'progress', stage, done, total: images.count });
    }
  } finally {
    await loader.close();
  }
  const kibibytes = Math.round(embeddings.byteLength / 1024);
  report({
    type: 'log',
    level: 'info',
    message: `The embeddings of the teacher are kept (${kibibytes} KiB): nothing in the views is random.`,
  });
  return embeddings;
}
