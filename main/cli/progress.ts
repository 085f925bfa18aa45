/** What happens, on stderr: at a terminal one line that is kept up to date, elsewhere a line now and then. */
import { SingleBar } from 'cli-progress';
import type { EventOf, RecordedEvent } from '../../common/events.ts';
import { type Moment, remainingTime } from '../../common/pace.ts';
import { duration, loss, percent } from './words.ts';

export interface Progress {
  add(event: RecordedEvent): void;
  /** A line that stays. */
  say(text: string): void;
  end(): void;
}

interface Status {
  stage: string;
  done: number;
  total: number | null;
  /** Figures behind the bar. */
  figures: string;
}

const plainIntervalMs = 10_000;
const momentsKept = 200;

export function createProgress(
  stream: NodeJS.WriteStream,
  { quiet = false, now = Date.now }: { quiet?: boolean; now?: () => number } = {},
): Progress {
  if (quiet) return { add() {}, say() {}, end() {} };
  const shown = stream.isTTY ? barOn(stream) : linesOn(stream, now);
  const reckon = createReckoning(now);
  return {
    add(event) {
      const line = lineOf(event);
      if (line) shown.say(line);
      const status = reckon(event);
      if (status) shown.show(status);
    },
    say: shown.say,
    end: shown.end,
  };
}

/** What is worth a line of its own. */
function lineOf(event: RecordedEvent): string | null {
  switch (event.type) {
    case 'segment':
      return event.resumedFrom
        ? `Going on at epoch ${event.epoch}, step ${event.step}, from ${event.resumedFrom}`
        : `Computing on ${event.environment.backend ?? 'an unknown backend'} (${event.environment.device ?? 'cpu'})`;
    case 'plan':
      return `${event.images} images, ${event.stepsPerEpoch} steps an epoch, ${event.epochs} epochs`;
    case 'metrics':
      if (event.group === 'epoch') return `Epoch ${event.epoch}: ${figuresOf(event.values)}`;
      if (event.values.top1 !== undefined)
        return `  validation: top-1 ${percent(event.values.top1)}, top-5 ${percent(event.values.top5 ?? Number.NaN)}`;
      if (event.values.bestAccuracy !== undefined)
        return `  kNN ${percent(event.values.bestAccuracy)} at k = ${event.values.bestK}`;
      if (event.values.alignment !== undefined && event.values.uniformity !== undefined)
        return `  alignment ${event.values.alignment.toFixed(3)}, uniformity ${event.values.uniformity.toFixed(3)}`;
      return null;
    case 'alarm':
      return `alarm (${event.rule}): ${event.message} ${event.cure}`;
    case 'reference':
      return event.series.startsWith('probe/') ? `  ${event.name}: ${percent(event.value)}` : null;
    case 'checkpoint':
      return `  saved ${event.path}`;
    case 'log':
      return event.level === 'info' ? event.message : `${event.level}: ${event.message}`;
    default:
      return null;
  }
}

/** Turns events into how far the job is and how long it will take. */
function createReckoning(now: () => number): (event: RecordedEvent) => Status | null {
  let plan: EventOf<'plan'> | null = null;
  let steps: Moment[] = [];
  let epochs: Moment[] = [];
  let stage = { name: '', done: 0, time: 0 };
  /** Of a stage without steps: at the rate since it began. */
  function timeLeft({ stage: name, done, total }: EventOf<'progress'>): string {
    if (stage.name !== name || done < stage.done) stage = { name, done, time: now() };
    const elapsedMs = now() - stage.time;
    if (total === null || done <= stage.done || done >= total || elapsedMs < 1000) return '';
    return `${duration((elapsedMs * (total - done)) / (done - stage.done))} left`;
  }
  return (event) => {
    if (event.type === 'segment') {
      steps = [];
      epochs = [];
    }
    if (event.type === 'plan') plan = event;
    if (event.type === 'progress') {
      return { stage: event.stage, done: event.done, total: event.total, figures: timeLeft(event) };
    }
    if (event.type !== 'metrics' || event.group === 'probe' || !plan) return null;
    const moment = { steps: event.group === 'step' ? event.step + 1 : event.step, time: Date.parse(event.time) };
    if (event.group === 'epoch') {
      epochs = [...epochs.slice(-momentsKept), moment];
      return null;
    }
    steps = steps.length >= 2 * momentsKept ? [...steps.slice(-momentsKept), moment] : steps;
    if (steps.at(-1) !== moment) steps.push(moment);
    const left = remainingTime(steps, epochs, plan.totalSteps, now());
    const figures = [
      figuresOf(event.values),
      `${Math.round(event.values.imagesPerSecond ?? 0)} img/s`,
      left ? `${duration(left.lowMs)} to ${duration(left.highMs)} left` : '',
    ];
    return {
      stage: `Epoch ${event.epoch + 1}/${plan.epochs}`,
      done: moment.steps,
      total: plan.totalSteps,
      figures: figures.filter(Boolean).join('  '),
    };
  };
}

function figuresOf(values: Record<string, number>): string {
  const parts = [
    values.loss === undefined ? '' : `loss ${loss(values.loss)}`,
    values.acc1 === undefined ? '' : `acc1 ${percent(values.acc1)}`,
    values.acc5 === undefined ? '' : `acc5 ${percent(values.acc5)}`,
  ];
  return parts.filter(Boolean).join('  ');
}

interface Shown {
  show(status: Status): void;
  say(text: string): void;
  end(): void;
}

function barOn(stream: NodeJS.WriteStream): Shown {
  const format = '{stage} {bar} {done}  {figures}';
  let bar: SingleBar | null = null;
  let latest: Status | null = null;

  function clear() {
    bar?.stop();
    bar = null;
  }
  function show(status: Status) {
    latest = status;
    const total = status.total ?? Number.POSITIVE_INFINITY; // the bar stays empty
    const done = status.total === null ? String(status.done) : `${status.done}/${status.total}`;
    const payload = { stage: status.stage, figures: status.figures, done };
    if (bar) {
      bar.setTotal(total);
      bar.update(status.done, payload);
      return;
    }
    bar = new SingleBar({
      format,
      stream,
      clearOnComplete: true,
      hideCursor: null,
      gracefulExit: false,
      linewrap: false,
      barsize: 20,
      barCompleteChar: '#',
      barIncompleteChar: '-',
    });
    bar.start(total, status.done, payload);
  }
  return {
    show,
    say(text) {
      clear();
      stream.write(`${text}\n`);
      if (latest) show(latest);
    },
    end() {
      latest = null;
      clear();
    },
  };
}

function linesOn(stream: NodeJS.WriteStream, now: () => number): Shown {
  let writtenAt = Number.NEGATIVE_INFINITY;
  let stage = '';
  const say = (text: string) => void stream.write(`${text}\n`);
  return {
    show(status) {
      // A new stage is told at once, an epoch only when it is time for a line again.
      const isNew = status.stage !== stage && !status.stage.startsWith('Epoch');
      if (!isNew && now() - writtenAt < plainIntervalMs) return;
      writtenAt = now();
      stage = status.stage;
      say(
        [`${status.stage} ${status.done}${status.total === null ? '' : `/${status.total}`}`, status.figures]
          .filter(Boolean)
          .join('  '),
      );
    },
    say,
    end() {},
  };
}
