/** Sizes of a distillation, for estimates before anything runs: the student's, the teacher's, and small patches'. */
import type { TeacherArchitecture } from '../../common/architectures.ts';
import type { DistillConfig } from '../../common/jobs/distill.ts';
import {
  backboneSize,
  copiesOfActivations,
  floatBytes,
  isArchitecture,
  layer,
  parametersOf,
  type SizedConfig,
  type Stem,
  trainingBytes,
} from './model-size.ts';
import { wideResnet50 } from './resnet-size.ts';

/** A net as a checkpoint's record names it. */
export interface NamedNet {
  arch: string;
  stem: Stem;
}

export interface DistillationSize {
  memoryBytes: number;
  checkpointBytes: number;
}

interface Student extends SizedConfig, Pick<DistillConfig, 'smallPatches' | 'patchCount' | 'patchSize'> {}

/**
 * @param teacher null where it is not known which net it is: then its weights are no more than its file, and what it
 *   computes is left out
 * @param fileBytes of the teacher's file
 */
export function distillationSize(student: Student, teacher: NamedNet | null, fileBytes: number): DistillationSize {
  const { batchSize, imageSize, smallPatches, patchCount, patchSize, queueLength, embeddingDimension } = student;
  const size = teacher && teacherSize(teacher, embeddingDimension);
  const weights = size?.parameters ?? fileBytes / floatBytes;
  const patches = smallPatches ? batchSize * patchCount : 0;
  // One after the other, each freed when the next begins; a frozen net keeps the maps of one stage at a time, which
  // with what the norms make of them are no more than all maps once.
  const activations = size?.activations ?? (() => 0);
  const seen = Math.max(batchSize * activations(imageSize), patches * activations(patchSize));
  const learnt = copiesOfActivations * patches * backboneSize(student.arch, student.stem).activations(patchSize);
  const queues = (smallPatches ? 2 : 1) * queueLength * embeddingDimension;
  return {
    memoryBytes: trainingBytes(student) + floatBytes * (weights + seen + learnt),
    // The student with its momentum, the queues, and the teacher, so that the run goes on without the teacher's file.
    checkpointBytes: floatBytes * (2 * parametersOf(student) + queues + weights),
  };
}

/** Null for a net that is none of those that can teach here. */
export function teacherSize({ arch, stem }: NamedNet, embeddingDimension: number) {
  if (isArchitecture(arch)) {
    // Its head is not always known; the widest of MoCo's is the upper guess.
    const parameters = parametersOf({ arch, stem, mlp: 'wide', embeddingDimension });
    return { parameters, activations: backboneSize(arch, stem).activations };
  }
  const shape = shapes[arch as TeacherArchitecture];
  if (!shape) return null;
  const { parameters, features, activations } = wideResnet50(shape.widening)('imagenet');
  const head = layer(features, shape.hidden) + 2 * shape.hidden + layer(shape.hidden, embeddingDimension);
  return { parameters: parameters + head, activations };
}

/** As engine/models/swav.ts and simclr.ts have them. */
const shapes: Record<TeacherArchitecture, { widening: number; hidden: number }> = {
  simclr_resnet50: { widening: 1, hidden: 2048 },
  swav_resnet50: { widening: 1, hidden: 2048 },
  swav_resnet50w2: { widening: 2, hidden: 8192 },
  swav_resnet50w4: { widening: 4, hidden: 8192 },
  swav_resnet50w5: { widening: 5, hidden: 10240 },
};
