/** Learning rate schedules: pure functions of the position in training. */

export interface Schedule {
  /** The rate before any decay, after any warm-up. */
  learningRate: number;
  /** Length of the whole training, in epochs. */
  epochs: number;
  decay: StepDecay | CosineDecay;
  warmUp?: EpochWarmUp | StepWarmUp;
}

/** The rate is multiplied by `factor` at the start of each epoch in `milestones`. */
export interface StepDecay {
  kind: 'step';
  milestones: readonly number[];
  /** 0.1 in MoCo and SEED; 0.2 when ssl-small's transfer finetunes. */
  factor: number;
}

/** Half a cosine from the full rate to 0 (SGDR, arXiv 1608.03983, equation 5, without restarts). */
export interface CosineDecay {
  kind: 'cosine';
  /** Whether the rate changes once an epoch (as MoCo's and SEED's) or at every step. */
  per: 'epoch' | 'step';
}

/** SEED's warm-up: linear from `from`, one value an epoch; the decay is not shifted by it. */
export interface EpochWarmUp {
  unit: 'epoch';
  length: number;
  /** The rate of epoch 0. */
  from: number;
}

/** Step s of the first `length` steps takes (s + 1) / length of the rate; a decay per step starts after them. */
export interface StepWarmUp {
  unit: 'step';
  length: number;
}

export interface TrainingPosition {
  /** From 0. */
  epoch: number;
  /** Step within the epoch, from 0. */
  step: number;
  stepsPerEpoch: number;
}

/** The learning rate of one optimizer step. */
export function learningRateAt(schedule: Schedule, position: TrainingPosition): number {
  const { learningRate, warmUp } = schedule;
  const globalStep = position.epoch * position.stepsPerEpoch + position.step;
  if (warmUp?.unit === 'epoch' && position.epoch < warmUp.length) {
    return warmUp.from + ((learningRate - warmUp.from) / warmUp.length) * position.epoch;
  }
  if (warmUp?.unit === 'step' && globalStep < warmUp.length) {
    return decayed(schedule, position) * ((globalStep + 1) / warmUp.length);
  }
  return decayed(schedule, position);
}

function decayed({ learningRate, epochs, decay, warmUp }: Schedule, { epoch, step, stepsPerEpoch }: TrainingPosition) {
  if (decay.kind === 'step') {
    return decay.milestones.reduce(
      (rate, milestone) => (epoch >= milestone ? rate * decay.factor : rate),
      learningRate,
    );
  }
  if (decay.per === 'epoch') return cosine(learningRate, epoch / epochs);
  const warmUpSteps = warmUp?.unit === 'step' ? warmUp.length : 0;
  const decayingSteps = epochs * stepsPerEpoch - warmUpSteps;
  const decayingStep = epoch * stepsPerEpoch + step - warmUpSteps;
  return cosine(learningRate, decayingSteps > 0 ? Math.max(0, decayingStep) / decayingSteps : 0);
}

function cosine(learningRate: number, progress: number) {
  return learningRate * 0.5 * (1 + Math.cos(Math.PI * progress));
}
