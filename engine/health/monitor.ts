/**
 * The rules by which a training run is told to be unhealthy. It is shown what the run reports and answers with alarms;
 * each is raised once, and again only after it was over.
 */
import type { EventOf, JobEvent } from '../../common/events.ts';

export type Alarm = EventOf<'alarm'>;

export interface TrainingFacts {
  images: number;
  batchSize: number;
  epochs: number;
  queueLength: number;
  bnSplits: number;
  /** The loss of a net that tells nothing apart: ln(1 + K). */
  chanceLoss: number;
}

/** What each rule compares with. */
export const thresholds = {
  /** Of the chance loss, as the mean of two epochs running. */
  chanceShare: 0.99,
  chanceEpochs: 2,
  /** Of 1 / sqrt(d): less deviation than a tenth of it is a mean cosine above 0.99. */
  spread: 0.1,
  /** Directions in use, at two probes running. */
  effectiveRank: 2,
  collapseProbes: 2,
  /** Before so many steps running statistics are still partly those of an untrained net: 0.9^50 is 0.5 %. */
  collapseFromStep: 50,
  /** Percent in the first fifth of the epochs, of which two at least. */
  solvedAccuracy: 99,
  earlyShare: 0.2,
  earlyEpochs: 2,
  /** Of the query encoder's length. */
  keyDrift: 0.5,
  /** Steps in a row that change nothing. */
  skippedSteps: 50,
} as const;

export function createHealthMonitor(facts: TrainingFacts) {
  const raised = new Set<Alarm['rule']>();
  /** The queue holds random rows until so many steps have filled it: what is measured before says nothing. */
  const fillingSteps = facts.queueLength / facts.batchSize;
  const epoch = { losses: 0, hits: 0, steps: 0 };
  let epochsAtChance = 0;
  let probesCollapsed = 0;
  let skippedInARow = 0;

  type Finding = Omit<Alarm, 'type' | 'epoch' | 'step'> & { isSo: boolean };

  function judge({ isSo, ...finding }: Finding, { epoch, step }: { epoch: number; step: number }): Alarm[] {
    if (!isSo) {
      raised.delete(finding.rule);
      return [];
    }
    if (raised.has(finding.rule)) return [];
    raised.add(finding.rule);
    return [{ type: 'alarm', ...finding, epoch, step }];
  }

  function ofStep(event: EventOf<'metrics'>): Alarm[] {
    const { loss = 0, acc1 = 0, skipped = 0 } = event.values;
    skippedInARow = skipped > 0 ? skippedInARow + 1 : 0;
    if (event.step >= fillingSteps && Number.isFinite(loss)) {
      epoch.losses += loss;
      epoch.hits += acc1;
      epoch.steps++;
    }
    if (skippedInARow === thresholds.skippedSteps) raised.delete('not-finite');
    return judge(
      {
        isSo: !Number.isFinite(loss) || skipped > 0,
        rule: 'not-finite',
        value: loss,
        threshold: null,
        message:
          skippedInARow >= thresholds.skippedSteps
            ? `${skippedInARow} steps in a row were not finite and were skipped: the weights cannot recover.`
            : skipped > 0
              ? `Loss or gradients are not finite at step ${event.step}; the step is skipped.`
              : `The loss is ${loss} at step ${event.step}.`,
        cure: 'Take a lower learning rate or a warm-up, and go on from the last checkpoint.',
      },
      event,
    );
  }

  function ofEpoch(event: EventOf<'metrics'>): Alarm[] {
    if (epoch.steps === 0) return [];
    const loss = epoch.losses / epoch.steps;
    const accuracy = epoch.hits / epoch.steps;
    Object.assign(epoch, { losses: 0, hits: 0, steps: 0 });
    const { chanceShare, chanceEpochs, solvedAccuracy, earlyShare, earlyEpochs } = thresholds;
    const limit = facts.chanceLoss * chanceShare;
    epochsAtChance = loss >= limit ? epochsAtChance + 1 : 0;
    const early = event.epoch <= Math.max(earlyEpochs, facts.epochs * earlyShare);
    return [
      ...judge(
        {
          isSo: epochsAtChance >= chanceEpochs,
          rule: 'at-chance',
          value: loss,
          threshold: limit,
          message: `For ${epochsAtChance} epochs the loss is at chance: ${loss.toFixed(3)}, where ln(1 + K) is ${facts.chanceLoss.toFixed(3)}. The net tells nothing apart.`,
          cure: 'Try another learning rate (a warm-up, where it is high), a lower temperature, or views that are less strong.',
        },
        event,
      ),
      ...judge(
        {
          isSo: early && accuracy >= solvedAccuracy,
          rule: 'pretext-solved',
          value: accuracy,
          threshold: solvedAccuracy,
          message: `The right key is found in ${accuracy.toFixed(1)} % of all cases after ${event.epoch} of ${facts.epochs} epochs: the task is too easy to learn much from.`,
          cure:
            facts.bnSplits === 1
              ? 'With one batch-norm group the statistics of the batch give the key away: take --bn-splits 2 or more. Else make the views stronger.'
              : 'Make the views stronger (smaller crops, more jitter), or the queue longer.',
        },
        event,
      ),
    ];
  }

  function ofProbe(event: EventOf<'metrics'>): Alarm[] {
    const { spread, effectiveRank, meanCosine, keyDrift } = event.values;
    const alarms: Alarm[] = [];
    if (spread !== undefined && effectiveRank !== undefined && event.step >= thresholds.collapseFromStep) {
      const flat = spread < thresholds.spread;
      const collapsed = flat || effectiveRank < thresholds.effectiveRank;
      probesCollapsed = collapsed ? probesCollapsed + 1 : 0;
      const finding = flat
        ? { value: spread, threshold: thresholds.spread }
        : { value: effectiveRank, threshold: thresholds.effectiveRank };
      alarms.push(
        ...judge(
          {
            ...finding,
            isSo: probesCollapsed >= thresholds.collapseProbes,
            rule: 'collapse',
            message: `All images get nearly the same embedding: deviation ${spread.toFixed(3)} of 1/sqrt(d), effective rank ${effectiveRank.toFixed(1)}, mean cosine ${meanCosine?.toFixed(3)}.`,
            cure: 'Look at the images (are they all alike?), take a lower learning rate, or start again from an earlier checkpoint.',
          },
          event,
        ),
      );
    }
    if (keyDrift !== undefined) {
      alarms.push(
        ...judge(
          {
            isSo: keyDrift >= thresholds.keyDrift,
            rule: 'key-drift',
            value: keyDrift,
            threshold: thresholds.keyDrift,
            message: `The key encoder is ${(keyDrift * 100).toFixed(0)} % of its length away from the query encoder: the queue holds what another net made.`,
            cure: 'Take a lower key momentum or a lower learning rate.',
          },
          event,
        ),
      );
    }
    return alarms;
  }

  return {
    observe(event: JobEvent): Alarm[] {
      if (event.type === 'plan') return judge(queueFinding(facts), { epoch: 0, step: 0 });
      if (event.type !== 'metrics' || event.group === 'tensorboard') return [];
      return { step: ofStep, epoch: ofEpoch, probe: ofProbe }[event.group](event);
    },
    /** Whether skipping has not helped. */
    isStuck: () => skippedInARow >= thresholds.skippedSteps,
  };
}

function queueFinding({ images, queueLength, batchSize }: TrainingFacts) {
  return {
    isSo: queueLength + batchSize > images,
    rule: 'queue-too-long' as const,
    value: queueLength + batchSize,
    threshold: images,
    message: `Queue and batch (${queueLength} + ${batchSize}) are larger than the data (${images} images): images are their own negatives.`,
    cure: `Take a queue of at most ${Math.max(batchSize, Math.floor(images / batchSize - 1) * batchSize)}.`,
  };
}
