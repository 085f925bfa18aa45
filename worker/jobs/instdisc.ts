/** Instance discrimination on a static set of views (ssl-small's eval.instdisc). */
import type { InstdiscConfig } from '../../common/jobs/static-views.ts';
import { classBlocks } from '../../engine/evaluations/alignment-uniformity.ts';
import { negativesAbove, topAccuracies } from '../../engine/evaluations/instance-discrimination.ts';
import { openEvaluation } from '../evaluation.ts';
import type { Job } from '../job.ts';
import { withStaticFeatures } from '../static-features.ts';

/** The two views of each way of making them. */
const viewsOf = {
  normal: [1, 2],
  'g-mask': [3, 4],
  'rand-g-mask': [5, 6],
  'avg-mask': [7, 8],
  'rand-avg-mask': [9, 10],
} as const;
type DatasetMode = keyof typeof viewsOf;

export const instdiscJob: Job<InstdiscConfig> = async (config, context) => {
  const { mode, datasetMode, topK, classStride } = config;
  const evaluation = await openEvaluation(config, context);
  const { blockBytes } = evaluation.memory(2);
  const modes = datasetMode === 'all' ? (Object.keys(viewsOf) as DatasetMode[]) : [datasetMode];

  const measured: Record<string, { top: number[]; images: number; classes: number; broken: object[] }> = {};
  for (const one of modes) {
    const [first, second] = viewsOf[one];
    const pair = mode === 'd-sd' ? [0, first] : [first, second];
    measured[one] = await withStaticFeatures(config.data, pair, config, evaluation, context, async (found) => {
      const { views, labels, broken } = found;
      const above = await negativesAbove(views[0]!, views[1]!, {
        blockBytes,
        signal: context.wishes.signal,
        onProgress: (done) => context.report({ type: 'progress', stage: `comparing ${one} views`, done, total: 1 }),
      });
      const blocks = classBlocks(labels).filter((_, place) => place % classStride === 0);
      return { top: topAccuracies(above, blocks, topK), images: above.length, classes: blocks.length, broken };
    });
  }
  const values = {
    ...measured[modes[0]!],
    mode,
    datasetMode,
    ...(datasetMode === 'all' && {
      topByDatasetMode: Object.fromEntries(modes.map((one) => [one, measured[one]!.top])),
    }),
  };
  const protocol = { measure: 'instance discrimination', mode, datasetMode, topK, classStride };
  evaluation.record('instdisc', values, { ...protocol, ...evaluation.protocol });
  return 'finished';
};
