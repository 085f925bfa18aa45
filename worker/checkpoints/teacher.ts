/** A distillation's teacher out of a checkpoint, with its head: one of ours, or a file of MoCo, SimCLR, SwAV or SEED. */
import {
  type CheckpointMetadata,
  parseMetadata,
  type TeacherMetadata,
  teacherMetadata,
} from '../../common/checkpoint-metadata.ts';
import { AppError } from '../../common/errors.ts';
import type { DistillConfig, TeacherMethod } from '../../common/jobs/distill.ts';
import { heads } from '../../common/jobs/train.ts';
import { decodeTensor } from '../../engine/checkpoints/dtypes.ts';
import { type Layout, recogniseLayout, selectEncoder } from '../../engine/checkpoints/layouts.ts';
import { previewMatch, rankCandidates } from '../../engine/checkpoints/match.ts';
import type { Teacher } from '../../engine/methods/seed.ts';
import type { Head } from '../../engine/models/heads.ts';
import { fromPytorchLayout, type NamedArray } from '../../engine/models/layout.ts';
import type { Model, TensorSpec } from '../../engine/models/model.ts';
import { buildTeacher, hasOwnHead, teacherNames } from '../../engine/models/teachers.ts';
import type { Tensor } from '../../engine/tf.ts';
import { type ForeignFile, openForeign } from './foreign-files.ts';

export interface LoadedTeacher extends Teacher {
  about: TeacherMetadata;
}

type Settings = Pick<DistillConfig, 'teacherArch' | 'teacherMethod' | 'teacherHead'>;

/**
 * `role`: of a checkpoint of a distillation, `student` takes the net that learnt in it (which teaches another one now),
 * `teacher` its teacher (to go on). Throws `not-found`, or `checkpoint-invalid` naming what does not fit.
 */
export async function loadTeacher(
  path: string,
  settings: Settings,
  role: 'student' | 'teacher',
): Promise<LoadedTeacher> {
  await using file = await openForeign(path);
  const place = 'formatVersion' in file.facts ? ownPlace(path, file, role) : foreignPlace(path, file, settings, role);
  return { ...(await readNet(path, file, place)), about: place.about };
}

interface Place {
  about: TeacherMetadata;
  model: Model;
  /** Of its tensors' names in the file. */
  prefix: string;
}

function ownPlace(path: string, { facts }: ForeignFile, role: 'student' | 'teacher'): Place {
  const texts = Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, String(value)]));
  const metadata = parseMetadata(path, texts);
  if (metadata.kind === 'seed' && role === 'teacher') {
    if (!metadata.teacher) throw new AppError('checkpoint-invalid', `${path} does not say what its teacher is.`);
    return { about: metadata.teacher, model: modelOf(metadata.teacher), prefix: 'teacher.' };
  }
  const { arch, stem, head, dim } = metadata;
  const about: TeacherMetadata = { method: 'moco', arch, stem, head, dim, views: viewsOf(metadata) };
  return { about, model: modelOf(about), prefix: metadata.kind === 'seed' ? 'student.' : 'encoder_q.' };
}

/** The views of a training run of ours are those that its net knows. */
function viewsOf({ config, teacher }: CheckpointMetadata): TeacherMetadata['views'] {
  if (teacher && (config.views === 'teacher' || config.views === undefined)) return teacher.views;
  return teacherMetadata.shape.views.safeParse(config).data ?? null;
}

function modelOf({ arch, stem, head, dim }: TeacherMetadata): Model {
  return buildTeacher({ arch, stem: stem as 'imagenet' | 'small', head: head as Head, outputSize: dim });
}

const methodOf: Partial<Record<Layout, TeacherMethod>> = { moco: 'moco', seed: 'moco', simclr: 'simclr', swav: 'swav' };

/** Which net a foreign file holds: what was said about it, else whatever fits its tensors best. */
function foreignPlace(path: string, file: ForeignFile, settings: Settings, role: 'student' | 'teacher'): Place {
  const shapes = file.tensors.map(({ name, shape }) => ({ name, shape }));
  const { layout, encoders } = recogniseLayout(shapes.map(({ name }) => name));
  const encoder = encoders.find(({ name }) => name === role) ?? encoders[0]!;
  const method = settings.teacherMethod === 'auto' ? (methodOf[layout] ?? 'moco') : settings.teacherMethod;
  const arch = archOf(settings.teacherArch, method);
  const outputSize = lastRows(selectEncoder(shapes, encoder.prefix).tensors.values());
  const candidates = (arch === 'auto' ? teacherNames : [arch]).flatMap((arch) =>
    headsOf(arch, settings).map((head) => {
      const model = buildTeacher({ arch, head, stem: 'imagenet', outputSize });
      return { arch, head, stem: 'imagenet', tensors: model.tensors, model };
    }),
  );
  const best = rankCandidates(candidates, shapes, [encoder])[0];
  if (!best) {
    throw new AppError('checkpoint-invalid', `${path}: no known net has tensors like those in it (${layout}).`, {
      cure: 'Name its backbone (-k) and how it learnt (-s).',
    });
  }
  const { model, head } = best.candidate;
  const about: TeacherMetadata = {
    method,
    arch: best.candidate.arch,
    stem: 'imagenet',
    head,
    dim: outputSize,
    views: null,
  };
  return { about, model, prefix: best.encoder.prefix };
}

function headsOf(arch: string, { teacherHead }: Settings): readonly Head[] {
  if (hasOwnHead(arch)) return ['none'];
  return teacherHead === 'auto' ? heads : [teacherHead];
}

/** `-k resnet50w2 -s swav` is what the reference calls swav_resnet50w2. */
function archOf(arch: string, method: TeacherMethod): string {
  if (arch === 'auto' || teacherNames.includes(arch)) {
    const own = `${method}_${arch}`;
    return teacherNames.includes(own) ? own : arch;
  }
  return `${method}_${arch}`;
}

/** Length of the vectors that a net gives: the rows of its last linear layer. */
function lastRows(tensors: Iterable<{ name: string; shape: readonly number[] }>): number {
  let rows = 0;
  for (const { shape } of tensors) if (shape.length === 2) rows = shape[0]!;
  return rows || 128;
}

async function readNet(path: string, file: ForeignFile, { model, prefix }: Place): Promise<Teacher> {
  const { tensors: found } = selectEncoder(file.tensors, prefix);
  const shapes = Array.from(found, ([name, { shape }]) => ({ name, shape }));
  const { missing, mismatched } = previewMatch(model.tensors, shapes);
  const wanted = missing.filter((name) => !name.endsWith('num_batches_tracked'));
  const [wrong] = mismatched;
  if (wanted.length > 0 || wrong) {
    const reason = wrong
      ? `${prefix}${wrong.name} is [${wrong.checkpoint}] instead of [${wrong.model}]`
      : `it has no ${prefix}${wanted[0]} (nor ${wanted.length - 1} others)`;
    throw new AppError('checkpoint-invalid', `${path} does not hold the teacher that was asked for: ${reason}.`, {
      cure: 'Leave its backbone, method and head at "auto", or correct them; a teacher needs its projection head.',
      field: 'teacher',
    });
  }
  const tensors: Record<TensorSpec['kind'], Record<string, Tensor>> = { parameter: {}, buffer: {} };
  for (const spec of model.tensors) {
    tensors[spec.kind][spec.name] = fromPytorchLayout(await readArray(path, file, spec, found.get(spec.name)));
  }
  return { model, parameters: tensors.parameter, buffers: tensors.buffer };
}

type Entry = ForeignFile['tensors'][number];

async function readArray(
  path: string,
  file: ForeignFile,
  spec: TensorSpec,
  entry: Entry | undefined,
): Promise<NamedArray> {
  const { name, shape } = spec;
  // Files from before PyTorch 0.4.1 have no counters; nothing of a frozen net depends on them.
  if (!entry) return { name, shape, data: new BigInt64Array(1) };
  if (!entry.dtype) throw new AppError('checkpoint-invalid', `${path}: ${entry.name} is ${entry.torchDtype}.`);
  const data = decodeTensor(entry.dtype, await file.readBytes(entry.name));
  if (data instanceof BigInt64Array || data instanceof Float32Array) return { name, shape, data };
  return { name, shape, data: Float32Array.from(data as Float64Array) };
}
