/** What must hold between the fields of a distillation, and between them and the data: for the form and the worker. */
import type { Issue } from '../launch.ts';
import type { DistillConfig } from './distill.ts';
import { patchIssues } from './patch-rules.ts';
import { batchIssues, cropIssues, partIssues, queueMultipleIssues } from './train-rules.ts';

/** `images` is null while nobody has counted them. An `error` keeps the run from starting, a `warning` does not. */
export function distillIssues(config: DistillConfig, images: number | null): Issue[] {
  return [
    ...batchIssues(config, images),
    ...queueMultipleIssues(config),
    ...partIssues(config),
    ...cropIssues(config),
    ...patchIssues(config),
    ...teacherIssues(config),
    ...adviceOn(config),
  ];
}

function teacherIssues({ teacher, resume }: DistillConfig): Issue[] {
  if (teacher !== '' || resume !== '') return [];
  return [{ field: 'teacher', level: 'error', message: 'A teacher is needed: a checkpoint to learn from.' }];
}

function adviceOn(config: DistillConfig): Issue[] {
  const { cos, schedule, epochs, warmupEpochs, smallPatches, patchSize, imageSize, views } = config;
  const issues: Issue[] = [];
  const warn = (field: keyof DistillConfig, message: string) => issues.push({ field, level: 'warning', message });
  if (cos && String(schedule) !== '120,160') warn('schedule', 'Milestones are not used with the cosine schedule.');
  if (epochs <= warmupEpochs)
    warn('warmupEpochs', `The warm-up (${warmupEpochs} epochs) is as long as the training (${epochs}): nothing falls.`);
  if (smallPatches && patchSize >= imageSize)
    warn('patchSize', `The patches (${patchSize} px) are no smaller than the view (${imageSize} px).`);
  if (smallPatches && views === 'plain')
    warn('views', "Patches are random: only the embeddings of the plain views are computed once, not the patches'.");
  return issues;
}
