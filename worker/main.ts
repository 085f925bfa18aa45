/** A worker: one process, one job, one run folder. `node worker/main.ts <run folder>`; contract: docs/run-folder.md. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, asAppError } from '../common/errors.ts';
import type { JobEvent } from '../common/events.ts';
import { jobs } from '../common/jobs/index.ts';
import { runConfigFile } from '../common/records.ts';
import type { Ending, JobContext } from './job.ts';
import { runners } from './jobs/index.ts';
import { createLogLines } from './log-lines.ts';
import { openRunLog } from './run-log.ts';
import { type EventFile, openEventFile } from './tensorboard/event-file.ts';
import { type Wish, watchWishes } from './wishes.ts';

const heartbeatMs = 2000;
const stateWhile = { stop: 'stopping', pause: 'pausing', interrupt: 'stopping' } as const;
const endingAfter = { stop: 'stopped', pause: 'paused', interrupt: 'interrupted' } as const;

process.exitCode = await work(process.argv[2]);

async function work(folder: string | undefined): Promise<number> {
  if (!folder) {
    console.error('usage: node worker/main.ts <run folder>');
    return 2;
  }
  const log = openRunLog(folder);
  const wishes = watchWishes(folder, (wish) => log.setState(stateWhile[wish]));
  const heartbeat = setInterval(() => log.note({}), heartbeatMs);

  let lines = createLogLines(log.line, 1);
  let eventFile: EventFile | null = null;
  function report(event: JobEvent) {
    log.record(event);
    lines.add(event);
    eventFile?.add(event);
    const wish = wishes.current();
    if (event.type === 'progress') log.note({ stage: event.stage });
    if (event.type === 'plan') log.note({ totalSteps: event.totalSteps });
    if (event.type === 'segment') {
      const { epoch, step, environment } = event;
      log.setState(wish ? stateWhile[wish] : 'running', { epoch, step, device: String(environment.device ?? '') });
    }
    if (event.type === 'metrics') log.note({ epoch: event.epoch, step: event.step, stage: 'training' });
  }

  try {
    const file = runConfigFile.parse(JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')));
    const kind = file.kind as keyof typeof jobs;
    if (!(kind in jobs)) throw new AppError('config-invalid', `There is no kind of job called "${file.kind}".`);
    lines = createLogLines(log.line, Number(file.config.printFrequency ?? 1));
    if (file.config.tensorboard === true) eventFile = openEventFile(folder, log.earlierSegments);
    log.setState('preparing');
    const context: JobContext = { folder, segment: log.earlierSegments, report, wishes };
    const ending = await endingOf(
      runners[kind](jobs[kind].config.parse(file.config) as never, context),
      wishes.current,
    );
    report({ type: 'ended', state: ending });
    log.setState(ending, { stage: ending });
    return exitCodeOf(ending, wishes.interruptedBy());
  } catch (thrown) {
    const error = asAppError(thrown);
    const { code, message, cure } = error;
    report({ type: 'failed', code, message, cure });
    report({ type: 'ended', state: 'failed' });
    log.setState('failed', { stage: 'failed', error: { code, message, cure } });
    if (code === 'internal') console.error(thrown); // a defect: its stack is wanted
    return error.exitCode;
  } finally {
    clearInterval(heartbeat);
    wishes.close();
    eventFile?.close();
    log.close();
  }
}

/** Long stages throw when a wish aborts them; that is an ending like any other. */
async function endingOf(job: Promise<Ending>, wish: () => Wish | null): Promise<Ending> {
  try {
    return await job;
  } catch (thrown) {
    const asked = wish();
    if (asked && thrown instanceof Error && thrown.name === 'AbortError') return endingAfter[asked];
    throw thrown;
  }
}

function exitCodeOf(ending: Ending, signal: NodeJS.Signals | null): number {
  if (ending !== 'interrupted') return ending === 'failed' ? 1 : 0;
  return signal === 'SIGINT' ? 130 : 143;
}
