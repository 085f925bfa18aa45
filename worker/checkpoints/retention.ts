/** Which checkpoints of a run stay on the disk. */

export interface RetentionPolicy {
  /** How many of the newest to keep, at least 1: training goes on from there. */
  last: number;
  /** Whether to keep the one with the best kNN accuracy. */
  best: boolean;
  /** Keep every checkpoint whose epoch is a multiple of this; 0: none for that reason. */
  everyEpochs: number;
}

export interface RetentionCandidate {
  path: string;
  /** Epochs completed. */
  epoch: number;
  step: number;
  /** 0 at the border of an epoch; only those count for `everyEpochs`. */
  stepInEpoch: number;
  /** In percent, where it was measured. */
  knnAccuracy?: number | undefined;
  pinned?: boolean | undefined;
}

export type RetentionReason = 'last' | 'best' | 'every' | 'pinned';

export interface RetentionDecision<Candidate> {
  keep: { checkpoint: Candidate; reasons: RetentionReason[] }[];
  remove: Candidate[];
}

/** Decides by the policy; both lists come oldest first. Of equally accurate checkpoints the earliest is the best. */
export function decideRetention<Candidate extends RetentionCandidate>(
  candidates: readonly Candidate[],
  policy: RetentionPolicy,
): RetentionDecision<Candidate> {
  const ordered = [...candidates].sort((left, right) => left.step - right.step);
  const newest = new Set(ordered.slice(-Math.max(1, policy.last)));
  const best = policy.best ? mostAccurate(ordered) : undefined;
  const decision: RetentionDecision<Candidate> = { keep: [], remove: [] };
  for (const checkpoint of ordered) {
    const holds: Record<RetentionReason, boolean> = {
      last: newest.has(checkpoint),
      best: checkpoint === best,
      every:
        policy.everyEpochs > 0 &&
        checkpoint.epoch > 0 &&
        checkpoint.stepInEpoch === 0 &&
        checkpoint.epoch % policy.everyEpochs === 0,
      pinned: checkpoint.pinned ?? false,
    };
    const reasons = (Object.keys(holds) as RetentionReason[]).filter((reason) => holds[reason]);
    if (reasons.length > 0) decision.keep.push({ checkpoint, reasons });
    else decision.remove.push(checkpoint);
  }
  return decision;
}

function mostAccurate<Candidate extends RetentionCandidate>(ordered: readonly Candidate[]): Candidate | undefined {
  let best: Candidate | undefined;
  for (const candidate of ordered) {
    // NaN compares as false: it is never the best.
    if ((candidate.knnAccuracy ?? Number.NaN) > (best?.knnAccuracy ?? Number.NEGATIVE_INFINITY)) best = candidate;
  }
  return best;
}
