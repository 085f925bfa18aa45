/**
 * The training loop of every method, read from top to bottom. What it does not know (where images come from, where
 * checkpoints go, how late it is) is given to it; what it finds out it yields as events.
 */
import type { JobEvent } from '../common/events.ts';
import { learningRateAt, type Schedule } from './optimizers/schedules.ts';

export interface TrainingPlan {
  epochs: number;
  stepsPerEpoch: number;
  batchSize: number;
  schedule: Schedule;
  /** Epochs between two probes; 0 probes after the last epoch only. */
  probeEvery: number;
}

/** How far training is: what is done, and what a checkpoint must hold beside tensors to go on as if never stopped. */
export interface Position {
  epoch: number;
  stepInEpoch: number;
  /** Sums of this epoch's measurements so far, for its means. */
  sums: Record<string, number>;
  /** The epoch before this one was not probed yet, though it was due. */
  probePending: boolean;
}

export interface Batch<Views> {
  views: Views;
  /** How long the step had to wait for it. */
  waitedMs: number;
}

export interface StepContext {
  epoch: number;
  stepInEpoch: number;
  learningRate: number;
}

export type Ending = 'finished' | 'stopped' | 'paused' | 'interrupted';

export interface TrainingPorts<State, Views> {
  /** The batches of an epoch from a step on: the same ones whether or not training was stopped in between. */
  batches(epoch: number, fromStep: number): AsyncIterable<Batch<Views>>;
  /** One optimizer step. It consumes the state that it is given. */
  step(state: State, views: Views, context: StepContext): { state: State; measurements: Record<string, number> };
  /** Writes a checkpoint. */
  save(state: State, position: Position, step: number): AsyncIterable<JobEvent>;
  /** Measures the state on the probe set; ends early, reporting false, when there is a wish. */
  probe(state: State, epoch: number, step: number): AsyncGenerator<JobEvent, boolean>;
  /** Null until somebody wants training to end early. */
  wish(): Exclude<Ending, 'finished'> | null;
  /** Milliseconds. */
  now(): number;
  /** Figures of the process worth a curve: memory, live tensors. */
  footprint(): Record<string, number>;
}

export const atTheBeginning: Position = { epoch: 0, stepInEpoch: 0, sums: {}, probePending: false };

const footprintEvery = 20;

/** Trains from `start` to the end of the plan or to the first wish; the last state is handed to `ports.save`. */
export async function* train<State, Views>(
  plan: TrainingPlan,
  start: { state: State; position: Position },
  ports: TrainingPorts<State, Views>,
): AsyncGenerator<JobEvent, Ending> {
  let { state, position } = start;
  const stepsDone = () => position.epoch * plan.stepsPerEpoch + position.stepInEpoch;

  while (true) {
    if (position.probePending) {
      if (!(yield* ports.probe(state, position.epoch, stepsDone()))) return ports.wish() ?? 'stopped';
      position = { ...position, probePending: false };
    }
    if (position.epoch >= plan.epochs) return 'finished';

    let previousStepEnd = ports.now();
    for await (const batch of ports.batches(position.epoch, position.stepInEpoch)) {
      const { epoch, stepInEpoch } = position;
      const step = stepsDone();
      const learningRate = learningRateAt(plan.schedule, {
        epoch,
        step: stepInEpoch,
        stepsPerEpoch: plan.stepsPerEpoch,
      });
      const result = ports.step(state, batch.views, { epoch, stepInEpoch, learningRate });
      state = result.state;

      const stepEnd = ports.now();
      const elapsedMs = Math.max(stepEnd - previousStepEnd, Number.EPSILON);
      previousStepEnd = stepEnd;
      yield {
        type: 'metrics',
        group: 'step',
        epoch,
        step,
        values: {
          ...result.measurements,
          learningRate,
          imagesPerSecond: (plan.batchSize * 1000) / elapsedMs,
          stepSeconds: elapsedMs / 1000,
          waitSeconds: batch.waitedMs / 1000,
          waitShare: Math.min(1, batch.waitedMs / elapsedMs),
          ...(step % footprintEvery === 0 ? ports.footprint() : {}),
        },
      };
      position = { ...position, stepInEpoch: stepInEpoch + 1, sums: added(position.sums, result.measurements) };
      if (ports.wish()) break;
    }

    if (position.stepInEpoch < plan.stepsPerEpoch) {
      const wish = ports.wish();
      if (!wish)
        throw new Error(`epoch ${position.epoch} ended after ${position.stepInEpoch} of ${plan.stepsPerEpoch} steps`);
      yield* ports.save(state, position, stepsDone());
      return wish;
    }

    const step = stepsDone();
    const epoch = position.epoch + 1;
    yield { type: 'metrics', group: 'epoch', epoch, step, values: means(position.sums, plan.stepsPerEpoch) };
    const probeDue = epoch === plan.epochs || (plan.probeEvery > 0 && epoch % plan.probeEvery === 0);
    position = { epoch, stepInEpoch: 0, sums: {}, probePending: probeDue };
    // Saved before it is probed: a probe may take minutes, and an epoch hours.
    yield* ports.save(state, position, step);
    const wish = ports.wish();
    if (wish) return wish;
  }
}

/** A step that was skipped has measured nothing but that. */
function added(sums: Record<string, number>, measurements: Record<string, number>): Record<string, number> {
  const result = { ...sums };
  if (measurements.skipped) return { ...result, skipped: (result.skipped ?? 0) + 1 };
  for (const [name, value] of Object.entries(measurements)) result[name] = (result[name] ?? 0) + value;
  return result;
}

function means(sums: Record<string, number>, count: number): Record<string, number> {
  const { skipped, ...others } = sums;
  const measured = count - (skipped ?? 0);
  const result = Object.fromEntries(Object.entries(others).map(([name, sum]) => [name, sum / measured]));
  return skipped === undefined ? result : { ...result, skipped };
}
