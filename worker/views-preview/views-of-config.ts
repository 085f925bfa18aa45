/** From the settings that a page has so far to the pipelines that training would have, or to what is wrong with them. */
import { typeIssues } from '../../common/config-issues.ts';
import { type DistillConfig, distillConfig } from '../../common/jobs/distill.ts';
import { distillIssues } from '../../common/jobs/distill-rules.ts';
import { type TrainConfig, trainConfig } from '../../common/jobs/train.ts';
import { trainIssues } from '../../common/jobs/train-rules.ts';
import type { Issue } from '../../common/launch.ts';
import { type PreviewRequest, previewFields } from '../../common/views-preview.ts';
import type { PipelineConfig } from '../../engine/views/pipeline.ts';
import { chosen, findRecorded } from '../checkpoints/recorded.ts';
import { describeTeacher } from '../checkpoints/teacher.ts';
import { distillPipelines, followsTeacher } from '../distillation-views.ts';
import { viewPipelines } from '../training-images.ts';

interface ViewsOfConfig {
  config: TrainConfig | DistillConfig;
  pipelines: PipelineConfig[];
  /** The first two views are compared with each other. */
  paired: boolean;
}

/** `views` is null where there are errors among the issues. Throws what is wrong with a teacher's file. */
export async function viewsOfConfig({
  kind,
  config,
}: Pick<PreviewRequest, 'kind' | 'config'>): Promise<{ issues: Issue[]; views: ViewsOfConfig | null }> {
  const wanted = new Set(previewFields(kind).map(({ key }) => key));
  // Other fields are not looked at: the data may be one image, the queue still too long.
  const given = { ...Object.fromEntries(Object.entries(config).filter(([key]) => wanted.has(key))), data: '-' };
  const ofViews = (issues: Issue[]) => issues.filter(({ field }) => field !== null && wanted.has(field));
  const wrong = typeIssues(kind, given);
  if (wrong.length > 0) return { issues: wrong, views: null };

  if (kind === 'train') {
    const parsed = trainConfig.parse(given);
    const issues = ofViews(trainIssues(parsed, null));
    if (hasErrors(issues)) return { issues, views: null };
    return { issues, views: { config: parsed, pipelines: viewPipelines(parsed), paired: true } };
  }
  const parsed = distillConfig.parse({ ...given, ...teacherFields(config) });
  const issues = [...ofViews(distillIssues(parsed, null)), ...missingTeacher(parsed)];
  if (hasErrors(issues)) return { issues, views: null };
  const teacher = followsTeacher(parsed) ? await teacherOf(parsed) : null;
  return { issues, views: { config: parsed, pipelines: distillPipelines(parsed, teacher), paired: false } };
}

function hasErrors(issues: Issue[]): boolean {
  return issues.some(({ level }) => level === 'error');
}

const teacherKeys = ['teacher', 'teacherArch', 'teacherMethod', 'teacherHead'];

function teacherFields(config: Record<string, unknown>) {
  return Object.fromEntries(Object.entries(config).filter(([key]) => teacherKeys.includes(key)));
}

function missingTeacher(config: DistillConfig): Issue[] {
  if (config.teacher !== '' || !followsTeacher(config)) return [];
  return [
    {
      field: 'views',
      level: 'error',
      message: 'The views follow the teacher, and none is named yet: name it in the form, or choose the views here.',
      fix: { label: 'Take moco-v2', config: { views: 'moco-v2' } },
    },
  ];
}

async function teacherOf(config: DistillConfig) {
  const { file, imported } = findRecorded(config.teacher);
  return describeTeacher(file, config, chosen(imported, {}));
}
