/**
 * A worker that trains nothing and keeps the contract of docs/run-folder.md with the real writer: what tests of the
 * application start. What it does is in `<data>/plan.json`.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { resumeFile } from '../../common/records.ts';
import { openRunLog } from '../../worker/run-log.ts';
import { watchWishes } from '../../worker/wishes.ts';

export interface TestPlan {
  epochs: number;
  stepsPerEpoch: number;
  stepMs: number;
  /** Step whose loss is not a number. */
  nanAt?: number;
  /** Step at which the process ends without a word. */
  crashAt?: number;
  /** Step at which the first segment waits for a wish or for `letGo`: no machine is too slow to find it running there. */
  holdAt?: number;
}

const folder = process.argv[2]!;
const { config, kind } = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8'));
const plan: TestPlan = JSON.parse(readFileSync(join(config.data, 'plan.json'), 'utf8'));
const log = openRunLog(folder);
const wishes = watchWishes(folder, (wish) => log.setState(wish === 'pause' ? 'pausing' : 'stopping'));
const start = startingStep();

log.setState('preparing');
const environment = { device: 'cpu' };
if (kind === 'dry-run') {
  log.record({ type: 'progress', stage: 'trying the first steps', done: 1, total: 1 });
  const values = { device: 'native cpu', secondsPerStep: 0.5, stepsPerEpoch: plan.stepsPerEpoch, imagesPerSecond: 4 };
  log.record({
    type: 'result',
    name: 'dry-run',
    values: { ...values, waitShare: 0.1, peakMemoryMiB: 100 },
    protocol: {},
  });
  end('finished');
} else {
  const epoch = Math.floor(start / plan.stepsPerEpoch);
  const resumedFrom = start > 0 ? `checkpoint at ${start}` : null;
  log.record({ type: 'segment', segment: log.earlierSegments, epoch, step: start, resumedFrom, environment });
  const totalSteps = plan.epochs * plan.stepsPerEpoch;
  log.record({ type: 'plan', epochs: plan.epochs, stepsPerEpoch: plan.stepsPerEpoch, totalSteps, images: 64 });
  log.record({ type: 'reference', series: 'step/loss', name: 'chance', value: 4.5 });
  log.setState('running', { totalSteps, device: 'cpu' });
  await train(totalSteps);
}

async function train(totalSteps: number) {
  for (let step = start; step < totalSteps; step++) {
    if (plan.stepMs > 0) await sleep(plan.stepMs);
    if (step === plan.crashAt && log.earlierSegments === 0) process.exit(7);
    while (step === plan.holdAt && isHeld()) await sleep(10);
    const epoch = Math.floor(step / plan.stepsPerEpoch);
    const loss = step === plan.nanAt ? Number.NaN : lossAt(step);
    log.record({ type: 'metrics', group: 'step', epoch, step, values: { loss, acc1: step } });
    log.note({ epoch, step, stage: 'training' });
    const done = step + 1;
    if (done % plan.stepsPerEpoch === 0) {
      log.record({ type: 'metrics', group: 'epoch', epoch: epoch + 1, step: done, values: { loss: lossAt(step) } });
      save(epoch + 1, done);
    }
    const wish = wishes.current();
    if (wish) {
      save(epoch, done);
      return end(wish === 'pause' ? 'paused' : wish === 'stop' ? 'stopped' : 'interrupted');
    }
  }
  log.record({
    type: 'result',
    name: 'train',
    values: { loss: Number.POSITIVE_INFINITY },
    protocol: { epochs: plan.epochs },
  });
  end('finished');
}

function isHeld(): boolean {
  if (!existsSync(folder)) process.exit(1); // the test is over: nobody will let it go
  return log.earlierSegments === 0 && !wishes.current() && !existsSync(join(config.data, 'go'));
}

function lossAt(step: number): number {
  return 5 - step / 100;
}

function save(epoch: number, step: number) {
  const path = `checkpoints/checkpoint_${String(step).padStart(4, '0')}.safetensors`;
  writeFileSync(join(folder, path), String(step));
  log.record({ type: 'checkpoint', epoch, step, path, sizeBytes: 100, sha256: 'none' });
  log.record({ type: 'checkpoint-best', path, by: 'epoch/loss' });
}

/** The step that the asked-for or else the newest checkpoint event names. */
function startingStep(): number {
  const events = readFileSync(join(folder, 'events.jsonl'), 'utf8').trim().split('\n').filter(Boolean);
  const checkpoints = events.map((line) => JSON.parse(line)).filter((event) => event.type === 'checkpoint');
  const asked = askedFor();
  const chosen = asked ? checkpoints.findLast((event) => asked.endsWith(event.path)) : checkpoints.at(-1);
  return chosen?.step ?? 0;
}

function askedFor(): string | undefined {
  try {
    const { checkpoint } = resumeFile.parse(JSON.parse(readFileSync(join(folder, 'resume.json'), 'utf8')));
    rmSync(join(folder, 'resume.json'));
    return checkpoint;
  } catch {
    return undefined;
  }
}

function end(state: 'finished' | 'stopped' | 'paused' | 'interrupted') {
  log.line(`ended as ${state}`);
  log.record({ type: 'ended', state });
  log.setState(state, { stage: state });
  wishes.close();
  log.close();
}
