/** A distillation's teacher out of a checkpoint, with its head: one of ours, or a file of MoCo, SimCLR, SwAV or SEED. */
import {
  type CheckpointMetadata,
  parseMetadata,
  type TeacherMetadata,
  teacherMetadata,
} from '../../common/checkpoint-metadata.ts';
import { AppError } from '../../common/errors.ts';
import type { DistillConfig, TeacherMethod } from '../../common/jobs/distill.ts';
import { type Layout, recogniseLayout } from '../../engine/checkpoints/layouts.ts';
import type { Teacher } from '../../engine/methods/seed.ts';
import { teachers } from '../../engine/models/index.ts';
import { fromPytorchLayout } from '../../engine/models/layout.ts';
import type { Model, TensorSpec } from '../../engine/models/model.ts';
import type { Tensor } from '../../engine/tf.ts';
import { readArray } from './backbone.ts';
import { type ForeignFile, openForeign } from './foreign-files.ts';
import { automatic, type Choice, type RecognisedFile, recognise, requireNet } from './recognise.ts';

export interface LoadedTeacher extends Teacher {
  about: TeacherMetadata;
}

type Settings = Pick<DistillConfig, 'teacherArch' | 'teacherMethod'>;

/**
 * `role`: of a checkpoint of a distillation, `student` takes the net that learnt in it (which teaches another one now),
 * `teacher` its teacher (to go on). `choice` is how the file was recognised before. Throws `not-found`, or `checkpoint-invalid` naming what does not fit.
 */
export async function loadTeacher(
  path: string,
  settings: Settings,
  role: 'student' | 'teacher',
  choice: Choice = automatic,
): Promise<LoadedTeacher> {
  await using file = await openForeign(path);
  const { recognised, model, about } = recogniseTeacher(path, file, settings, role, choice);
  requireHead(path, recognised);
  const tensors: Record<TensorSpec['kind'], Record<string, Tensor>> = { parameter: {}, buffer: {} };
  for (const spec of model.tensors) {
    const entry = recognised.tensors.get(spec.name);
    // Files from before PyTorch 0.4.1 have no counters; nothing of a frozen net depends on them.
    const array = entry ? await readArray(path, file, spec, entry) : { ...spec, data: new BigInt64Array(1) };
    tensors[spec.kind][spec.name] = fromPytorchLayout(array);
  }
  return { model, parameters: tensors.parameter, buffers: tensors.buffer, about };
}

/** What the net that learnt in a checkpoint is as a teacher, without reading its weights. Throws as `loadTeacher`. */
export async function describeTeacher(path: string, settings: Settings, choice: Choice): Promise<TeacherMetadata> {
  await using file = await openForeign(path);
  return recogniseTeacher(path, file, settings, 'student', choice).about;
}

function recogniseTeacher(
  path: string,
  file: ForeignFile,
  { teacherArch, teacherMethod }: Settings,
  role: 'student' | 'teacher',
  choice: Choice,
): { recognised: RecognisedFile; model: Model; about: TeacherMetadata } {
  const own = ownMetadata(path, file);
  const { layout } = recogniseLayout(file.tensors.map(({ name }) => name));
  const known = role === 'teacher' ? own?.teacher : undefined;
  const method = known?.method ?? (teacherMethod === 'auto' ? (methodOf[layout] ?? 'moco') : teacherMethod);
  const recognised = recognise(path, file, {
    ...choice,
    ...(choice.prefix === 'auto' && { encoder: layout === 'seed' ? role : 'auto' }),
    ...((known || teacherArch !== 'auto') && { arch: known?.arch ?? archOf(teacherArch, method) }),
  });
  const { arch, stem, head, dim, model } = requireNet(path, recognised);
  const views = known ? known.views : own ? viewsOf(own) : null;
  return { recognised, model, about: { method, arch, stem, head, dim, views } };
}

function ownMetadata(path: string, { facts }: ForeignFile): CheckpointMetadata | null {
  if (!('formatVersion' in facts)) return null;
  return parseMetadata(path, Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, String(value)])));
}

/** The views of a training run of ours are those that its net knows. */
function viewsOf({ config, teacher }: CheckpointMetadata): TeacherMetadata['views'] {
  if (teacher && (config.views === 'teacher' || config.views === 'plain')) return teacher.views;
  return teacherMetadata.shape.views.safeParse(config).data ?? null;
}

const methodOf: Partial<Record<Layout, TeacherMethod>> = { moco: 'moco', seed: 'moco', simclr: 'simclr', swav: 'swav' };

/** `-k resnet50w2 -s swav` is what the reference calls swav_resnet50w2. */
function archOf(arch: string, method: TeacherMethod): string {
  const theirs = `${method}_${arch}`;
  return Object.hasOwn(teachers, theirs) ? theirs : arch;
}

/** An evaluation can do without a head, a teacher cannot. */
function requireHead(path: string, { match, encoder, layout }: RecognisedFile): void {
  const missing = match.missing.find((name) => !name.endsWith('num_batches_tracked'));
  const wrong = match.mismatched[0];
  if (missing === undefined && wrong === undefined) return;
  const reason = wrong
    ? `${encoder.prefix}${wrong.name} is [${wrong.checkpoint}] instead of [${wrong.model}]`
    : `there is no ${encoder.prefix}${missing}`;
  throw new AppError('checkpoint-invalid', `${path} (${layout}) holds no projection head that is known: ${reason}.`, {
    cure: 'Take the checkpoint of the training itself; a backbone alone cannot teach.',
    field: 'teacher',
  });
}
