/** Linear evaluation (MoCo's main_lincls), and a faster probe on features that are computed once. */
import type { LinearConfig } from '../../common/jobs/linear.ts';
import { finishClassifier, openClassifierRun } from '../classifier-run.ts';
import { openFrozenClassifier } from '../frozen-classifier.ts';
import type { Job } from '../job.ts';
import { listTrainAndVal } from '../labelled-split.ts';

export const linearJob: Job<LinearConfig> = async (config, context) => {
  const run = await openClassifierRun(config, context, 0.1);
  const splits = await listTrainAndVal(config.data, context);
  const { cachedFeatures } = config;
  await using opened = await openFrozenClassifier(run, splits, { normalised: false, cachedFeatures });
  const protocol = cachedFeatures
    ? { measure: 'linear probe on cached features', views: 'one plain view' }
    : { measure: 'linear evaluation', views: 'crops' };
  return await finishClassifier('linear', run, opened.task, { frozen: true, ...splits, protocol });
};
