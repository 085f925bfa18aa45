import { AppError } from '../../common/errors.ts';
import type { DistillConfig } from '../../common/jobs/distill.ts';
import { distillIssues } from '../../common/jobs/distill-rules.ts';
import type { TrainConfig } from '../../common/jobs/train.ts';
import { trainIssues } from '../../common/jobs/train-rules.ts';
import type { Issue } from '../../common/launch.ts';

/** Throws what the form would have said; a config may come from a file or the command line. */
export function refuseWrongConfig(config: TrainConfig, images: number | null): void {
  refuseErrors(trainIssues(config, images));
}

export function refuseWrongDistillation(config: DistillConfig, images: number | null): void {
  refuseErrors(distillIssues(config, images));
}

function refuseErrors(issues: Issue[]): void {
  const wrong = issues.find(({ level }) => level === 'error');
  if (!wrong) return;
  const cure = wrong.fix && `${wrong.fix.label}.`;
  throw new AppError('config-invalid', wrong.message, { cure, field: wrong.field ?? undefined });
}
