import { AppError } from '../../common/errors.ts';
import type { TrainConfig } from '../../common/jobs/train.ts';
import { trainIssues } from '../../common/jobs/train-rules.ts';

/** Throws what the form would have said; a config may come from a file or the command line. */
export function refuseWrongConfig(config: TrainConfig, images: number | null): void {
  const wrong = trainIssues(config, images).find(({ level }) => level === 'error');
  if (!wrong) return;
  const cure = wrong.fix && `${wrong.fix.label}.`;
  throw new AppError('config-invalid', wrong.message, { cure, field: wrong.field ?? undefined });
}
