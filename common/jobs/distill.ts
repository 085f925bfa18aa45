/** Distillation of a frozen teacher into a small student (SEED, arXiv 2101.04731). Defaults are the reference's. */
import { z } from 'zod';
import { architectures, teacherArchitectures } from '../architectures.ts';
import { field } from '../fields.ts';
import { decode, device, seed, workers } from './shared.ts';
import { viewPresets } from './train.ts';
import {
  accumulate,
  batchSize,
  checkpointFields,
  embeddingDimension,
  epochs,
  flagged,
  imageFields,
  learningRate,
  momentumFields,
  notFinite,
  printFrequency,
  probeFields,
  schedule,
  startEpoch,
  stem,
  tensorboard,
  viewFields,
} from './training-fields.ts';

const model = 'Model';
const teacher = 'Teacher';
const distillation = 'Distillation';
const views = 'Views';
const optimization = 'Optimization';

/** Of twice, four and five times the width: with a method the name of a net of others. */
const wideNames = ['resnet50w2', 'resnet50w4', 'resnet50w5'] as const;

/** How a teacher learnt: it decides the teacher's head and the views. */
const teacherMethods = ['moco', 'simclr', 'swav'] as const;

export const distillConfig = z.strictObject({
  data: flagged(imageFields.data, ['--data']),
  imageSize: imageFields.imageSize,
  decode,

  arch: field(z.enum(architectures).default('resnet18'), {
    label: 'Student',
    help: 'The backbone that learns to see what the teacher sees.',
    group: model,
    flags: ['-a', '--student_arch'],
  }),
  stem,
  studentMlp: field(z.boolean().default(true), {
    label: 'Student head',
    help: 'Linear(d, d), ReLU, Linear(d, dim) on the student; off keeps one linear layer.',
    group: model,
    flags: ['--student_mlp'],
  }),
  embeddingDimension: flagged(embeddingDimension, ['--dim', '--embedding-dimension']),

  teacher: field(z.string().default(''), {
    label: 'Teacher',
    help: "A checkpoint of a run, or somebody's MoCo, SimCLR or SwAV file. It stays as it is. Not needed where a distillation goes on, whose checkpoints hold the teacher.",
    group: teacher,
    flags: ['--distill', '--teacher'],
    control: 'checkpoint',
  }),
  teacherArch: field(z.enum(['auto', ...architectures, ...teacherArchitectures, ...wideNames]).default('auto'), {
    label: "Teacher's backbone",
    help: "auto: as the checkpoint says, or as its tensors show. resnet50 to resnet50w5 with SwAV's or SimCLR's method are theirs.",
    group: teacher,
    flags: ['-k', '--teacher_arch'],
    advanced: true,
  }),
  teacherMethod: field(z.enum(['auto', ...teacherMethods]).default('auto'), {
    label: "Teacher's method",
    help: 'How the teacher learnt: its head and the views follow it. auto: as the checkpoint shows.',
    group: teacher,
    flags: ['-s', '--teacher_ssl'],
    advanced: true,
  }),

  queueLength: field(z.int().min(1).default(65536), {
    label: 'Queue length K',
    help: "The teacher's embeddings of earlier batches, which both nets place an image among. A multiple of the batch.",
    group: distillation,
    unit: 'embeddings',
    flags: ['--queue', '--queue-length'],
  }),
  temperature: field(z.number().gt(0).max(10).default(0.2), {
    label: "Student's temperature",
    help: "Divides the student's similarities to the teacher's embeddings.",
    group: distillation,
    flags: ['--temp', '--temperature'],
  }),
  teacherTemperature: field(z.number().gt(0).max(10).default(1e-4), {
    label: "Teacher's temperature",
    help: "Divides the teacher's similarities. At the published 0.0001 the target is the image itself but for near twins in the queue; 0.01 to 0.1 tells the student more about what is alike.",
    group: distillation,
    flags: ['--distill-t', '--teacher-temperature'],
  }),
  smallPatches: field(z.boolean().default(false), {
    label: 'Small patches',
    help: 'Beside the view a few small crops of each image, with a queue of their own; their loss is added.',
    group: distillation,
    flags: ['--small-patches'],
  }),
  patchCount: field(z.int().min(1).max(32).default(6), {
    label: 'Patches',
    help: 'Small crops of each image.',
    group: distillation,
    flags: ['--patch-count'],
    advanced: true,
  }),
  patchSize: field(z.int().min(16).max(512).default(96), {
    label: 'Patch size',
    help: 'Side of a small crop.',
    group: distillation,
    unit: 'px',
    flags: ['--patch-size'],
    advanced: true,
  }),
  bnSplits: field(z.int().min(1).max(64).default(1), {
    label: 'Batch-norm groups',
    help: "Each group of the batch is normalised by its own statistics in the student, as on that many devices. Nothing leaks through them here: the teacher's statistics are fixed.",
    group: distillation,
    flags: ['--bn-splits'],
    advanced: true,
  }),

  views: field(z.enum(['teacher', 'plain', ...viewPresets]).default('teacher'), {
    label: 'Views',
    help: "teacher: those that the teacher learnt from. plain: nothing random, so that the teacher's embeddings are computed once. Others: the published pipelines; ssl-small is set by the fields below.",
    group: views,
    flags: ['--views'],
  }),
  ...viewFields,

  epochs,
  startEpoch,
  batchSize,
  accumulate,
  learningRate,
  scaleLearningRate: field(z.boolean().default(false), {
    label: 'Scale with the batch',
    help: 'The rate rises to batch / 256 times itself over the warm-up, as the reference has it on several devices. Off: it stays as it is, as on one.',
    group: optimization,
    flags: ['--distributed', '--scale-learning-rate'],
  }),
  warmupEpochs: field(z.int().min(0).default(5), {
    label: 'Warm-up',
    help: 'Epochs in which the rate goes from its start to its full height, in a line; the cosine is not shifted by them.',
    group: optimization,
    unit: 'epochs',
    flags: ['--warmup-epochs'],
  }),
  cos: field(z.boolean().default(true), {
    label: 'Cosine schedule',
    help: 'After the warm-up the rate falls along a half cosine to 0; otherwise it is divided by 10 at each milestone.',
    group: optimization,
    flags: ['--cos'],
  }),
  schedule,
  ...momentumFields,

  ...probeFields,

  notFinite,

  ...checkpointFields,
  checkpointFolder: flagged(checkpointFields.checkpointFolder, ['--output', '--ckpt-dir']),

  device,
  workers,
  seed,
  printFrequency,
  tensorboard,
});

export type TeacherMethod = (typeof teacherMethods)[number];
export type DistillConfig = z.infer<typeof distillConfig>;
