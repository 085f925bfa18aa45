/** Alignment, class alignment and uniformity on a static set of views (ssl-small's eval.stats-dist). */
import type { StatsConfig } from '../../common/jobs/static-views.ts';
import {
  alignment,
  alignmentWithin,
  classBlocks,
  uniformityGroups,
  uniformityOfAll,
  uniformityOfGroups,
} from '../../engine/evaluations/alignment-uniformity.ts';
import type { Rows } from '../../engine/evaluations/rows.ts';
import { randomAt } from '../../engine/random.ts';
import { openEvaluation } from '../evaluation.ts';
import type { Job } from '../job.ts';
import { withStaticFeatures } from '../static-features.ts';

export const statsJob: Job<StatsConfig> = async (config, context) => {
  const { report, wishes } = context;
  const evaluation = await openEvaluation(config, context);
  const { blockBytes } = evaluation.memory(3);
  const values = await withStaticFeatures(config.data, [0, 1, 2], config, evaluation, context, async (found) => {
    const [d, sd, other] = found.views as [Rows, Rows, Rows];
    const blocks = classBlocks(found.labels);
    const ofClasses = async (rows: Rows) => (await alignmentWithin(rows, blocks)).filter(Number.isFinite);
    const groups = uniformityGroups(randomAt(config.seed, 'uniformity').permutation(d.count));
    const ofAll = (rows: Rows, name: string) =>
      uniformityOfAll(rows, {
        blockBytes,
        signal: wishes.signal,
        onProgress: (done) => report({ type: 'progress', stage: `uniformity of all ${name}`, done, total: 1 }),
      });

    const classAlignmentD = await ofClasses(d);
    const single = blocks.length - classAlignmentD.length;
    if (single > 0) {
      const message = `${single} classes with one image have no pairs and are not in the class alignment.`;
      report({ type: 'log', level: 'warning', message });
    }
    return {
      alignmentDSd: await alignment(d, sd, blockBytes),
      alignmentSdSd: await alignment(sd, other, blockBytes),
      classAlignmentD: meanOf(classAlignmentD),
      classAlignmentSd: meanOf(await ofClasses(sd)),
      uniformityD: await uniformityOfGroups(d, groups),
      uniformitySd: await uniformityOfGroups(sd, groups),
      ...(config.allPairs && {
        uniformityDAllPairs: await ofAll(d, 'originals'),
        uniformitySdAllPairs: await ofAll(sd, 'views'),
      }),
      images: d.count,
      classes: blocks.length,
      broken: found.broken,
    };
  });
  const protocol = { measure: 'alignment and uniformity', groups: 3, groupSize: 128, seed: config.seed };
  evaluation.record('stats', values, { ...protocol, ...evaluation.protocol });
  return 'finished';
};

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
