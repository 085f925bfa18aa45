/** Nets that a student can learn from, by name: every backbone, and those that only others' checkpoints hold. */
import { AppError } from '../../common/errors.ts';
import { type BackboneBuilder, backbones, teachers } from './index.ts';
import type { BackboneOptions, Model, TeacherBuilder } from './model.ts';

const builders: Record<string, BackboneBuilder | TeacherBuilder> = { ...backbones, ...teachers };

export const teacherNames: readonly string[] = Object.keys(builders);

/** Whether its projection head is a part of the net, so that there is no choice of one. */
export const hasOwnHead = (arch: string): boolean => Object.hasOwn(teachers, arch);

/** Throws `config-invalid` where there is no such net. */
export function buildTeacher({ arch, ...options }: BackboneOptions & { arch: string }): Model {
  const build = Object.hasOwn(builders, arch) ? builders[arch] : undefined;
  if (build) return build(options);
  throw new AppError('config-invalid', `there is no net called "${arch}"`, {
    field: 'teacherArch',
    cure: `Take one of ${teacherNames.join(', ')}.`,
  });
}
