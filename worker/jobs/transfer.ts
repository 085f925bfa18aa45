/** Transfer to another data set (ssl-small's main_transfer): a linear classifier on unit features, or all weights. */
import type { TransferConfig } from '../../common/jobs/transfer.ts';
import { finishClassifier, openClassifierRun } from '../classifier-run.ts';
import { openFinetunedClassifier } from '../finetuned-classifier.ts';
import { openFrozenClassifier } from '../frozen-classifier.ts';
import type { Job } from '../job.ts';
import { openTransferData } from '../transfer-data.ts';

const publishedRate = { frozen: 3, finetuned: 0.1 };

export const transferJob: Job<TransferConfig> = async (config, context) => {
  const { finetune } = config;
  const learningRate = config.learningRate || publishedRate[finetune ? 'finetuned' : 'frozen'];
  const run = await openClassifierRun({ ...config, learningRate }, context, finetune ? 0.2 : 0.1);
  const { protocol: ofData, ...splits } = await openTransferData(config, context);
  const protocol = {
    measure: 'transfer',
    ...ofData,
    finetune,
    views: 'crops',
    features: 'of unit length before the classifier',
    ...(finetune && { batchNorm: 'follows the batches in the first epoch, fixed from the second on' }),
  };
  if (finetune) {
    await using opened = await openFinetunedClassifier(run, splits);
    return await finishClassifier('transfer', run, opened.task, { frozen: false, ...splits, protocol });
  }
  await using opened = await openFrozenClassifier(run, splits, { normalised: true, cachedFeatures: false });
  return await finishClassifier('transfer', run, opened.task, { frozen: true, ...splits, protocol });
};
