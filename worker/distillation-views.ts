/** The views that a distillation shows to both nets. */
import type { TeacherMetadata } from '../common/checkpoint-metadata.ts';
import type { DistillConfig } from '../common/jobs/distill.ts';
import { smallCrops } from '../engine/views/multi-crop.ts';
import type { PipelineConfig } from '../engine/views/pipeline.ts';
import type { ViewConfig } from '../engine/views/recipe.ts';

/** Whether the views depend on what the teacher learnt from. */
export function followsTeacher({ views, smallPatches }: DistillConfig): boolean {
  return views === 'teacher' || (views === 'plain' && smallPatches);
}

/** The view of each image, then its small patches. `teacher` may be null where the views do not follow it. */
export function distillPipelines(config: DistillConfig, teacher: TeacherMetadata | null): PipelineConfig[] {
  const { imageSize, smallPatches, patchCount, patchSize } = config;
  const random = randomView(config, teacher);
  const view: PipelineConfig =
    config.views === 'plain' ? { kind: 'evaluation', imageSize, fit: config.probeFit } : { kind: 'view', ...random };
  const patches = smallPatches ? smallCrops(random, patchCount, patchSize) : [];
  return [view, ...patches.map((patch): PipelineConfig => ({ kind: 'view', ...patch }))];
}

/** Of the views that SwAV's teachers take. */
const swavScale = [0.14, 1] as const;

/** As the config has it, or as the teacher was shown its images. */
function randomView(config: DistillConfig, teacher: TeacherMetadata | null): ViewConfig {
  const { views } = config;
  const followed = views === 'teacher' || views === 'plain' ? teacher : null;
  const own = followed?.views;
  const fields = own ?? config;
  const preset = own ? own.views : presetOf(views, teacher);
  const { cropScaleMin, cropScaleMax, jitter, greyProbability, blurProbability } = fields;
  return {
    preset,
    imageSize: config.imageSize,
    cropScale: !own && followed?.method === 'swav' ? swavScale : [cropScaleMin, cropScaleMax],
    jitter,
    greyScale: greyProbability,
    gaussianBlur: blurProbability,
    flip: 0.5,
  };
}

/** MoCo v1 had no hidden layer in its head, v2 has. */
function presetOf(views: DistillConfig['views'], teacher: TeacherMetadata | null): ViewConfig['preset'] {
  if (views !== 'teacher' && views !== 'plain') return views;
  if (teacher && teacher.method !== 'moco') return teacher.method;
  return teacher?.head === 'none' ? 'moco-v1' : 'moco-v2';
}
