/** Nets that a student can learn from, by name: every backbone, and those that only others' checkpoints hold. */
import { AppError } from '../../common/errors.ts';
import { type BackboneBuilder, backbones } from './index.ts';
import type { BackboneOptions, Model } from './model.ts';

export const teacherNames: readonly string[] = Object.keys(backbones);

/** Throws `config-invalid` where there is no such net. */
export function buildTeacher({ arch, ...options }: BackboneOptions & { arch: string }): Model {
  const build = (backbones as Record<string, BackboneBuilder | undefined>)[arch];
  if (build) return build(options);
  throw new AppError('config-invalid', `there is no net called "${arch}"`, {
    field: 'teacherArch',
    cure: `Take one of ${teacherNames.join(', ')}.`,
  });
}
