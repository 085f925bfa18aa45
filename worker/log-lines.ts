/** `log.txt`: what happened, for people. Step lines have the reference's form, which people search for. */
import type { EventOf, JobEvent } from '../common/events.ts';

export interface LogLines {
  add(event: JobEvent): void;
}

/** A line every `printFrequency` steps, and for whatever else happens. */
export function createLogLines(line: (text: string) => void, printFrequency: number): LogLines {
  let stepsPerEpoch = 0;
  let means = runningMeans(-1);
  let stage = '';
  return {
    add(event) {
      switch (event.type) {
        case 'segment':
          line(
            event.resumedFrom
              ? `Going on at epoch ${event.epoch}, step ${event.step}, from ${event.resumedFrom}`
              : `Starting on ${event.environment.backend}, ${event.environment.device}`,
          );
          break;
        case 'plan':
          stepsPerEpoch = event.stepsPerEpoch;
          line(`${event.images} images, ${event.stepsPerEpoch} steps an epoch, ${event.epochs} epochs`);
          break;
        case 'progress':
          if (event.stage !== stage) line(event.stage);
          stage = event.stage;
          break;
        case 'metrics':
          if (event.group === 'step') addStep(event);
          if (event.group === 'epoch') line(epochLine(event));
          if (event.group === 'probe') line(probeLine(event));
          break;
        case 'reference':
          line(`${event.series}: ${event.name} is ${event.value.toFixed(4)}`);
          break;
        case 'checkpoint':
          line(`=> saved ${event.path} (${(event.sizeBytes / 1e6).toFixed(1)} MB)`);
          break;
        case 'log':
          line(event.level === 'info' ? event.message : `${event.level}: ${event.message}`);
          break;
        case 'alarm':
          line(`ALARM ${event.rule}: ${event.message} ${event.cure}`);
          break;
        case 'result':
          line(`${event.name}: ${JSON.stringify(event.values)}`);
          break;
        case 'failed':
          line(`failed: ${event.message}${event.cure ? ` ${event.cure}` : ''}`);
          break;
        case 'ended':
          line(event.state);
      }
    },
  };

  function addStep({ epoch, step, values }: EventOf<'metrics'>) {
    if (means.epoch !== epoch) means = runningMeans(epoch);
    means.add(values);
    const stepInEpoch = step - epoch * stepsPerEpoch;
    if (stepInEpoch % printFrequency === 0) line(stepLine(epoch, stepInEpoch, values, means.of));
  }

  /** `Epoch: [34][3590/4999]  Time 0.250 (0.248)  Data 0.000 (0.001)  Loss ...`, running means in brackets. */
  function stepLine(epoch: number, stepInEpoch: number, values: Values, mean: (name: string) => number): string {
    const both = (name: string, label: string, digits: number) =>
      `${label} ${fixed(values[name], digits)} (${fixed(mean(name), digits)})`;
    const count = String(stepInEpoch).padStart(String(stepsPerEpoch).length);
    const measured = stepLabels.filter(([name]) => values[name] !== undefined);
    return [
      `Epoch: [${epoch}][${count}/${stepsPerEpoch}]`,
      ...measured.map(([name, label, digits]) => both(name, label, digits)),
    ].join('\t');
  }

  function epochLine({ epoch, values }: EventOf<'metrics'>): string {
    const measured = epochLabels.filter(([name]) => values[name] !== undefined);
    return ` * Epoch ${epoch} ${measured.map(([name, label, digits]) => `${label} ${fixed(values[name], digits)}`).join(' ')}`;
  }

  function probeLine({ epoch, values }: EventOf<'metrics'>): string {
    if (values.top1 !== undefined) {
      return ` * Epoch ${epoch} Acc@1 ${fixed(values.top1, 3)} Acc@5 ${fixed(values.top5, 3)}`;
    }
    if (values.bestAccuracy === undefined) {
      const measured = probeLabels.filter(([name]) => values[name] !== undefined);
      return ` * Epoch ${epoch} ${measured.map(([name, label]) => `${label} ${fixed(values[name], 4)}`).join(' ')}`;
    }
    return ` * Epoch ${epoch} kNN ${fixed(values.bestAccuracy, 2)} % at k = ${values.bestK}`;
  }
}

/** Name of the measurement, its label in a line, digits. A method prints those that it has. */
const stepLabels = [
  ['stepSeconds', 'Time', 3],
  ['waitSeconds', 'Data', 3],
  ['loss', 'Loss', 4],
  ['acc1', 'Acc@1', 2],
  ['acc5', 'Acc@5', 2],
  ['similarity', 'Cosine', 4],
  ['agreement', 'Agree', 2],
] as const;

const epochLabels = [
  ['loss', 'Loss', 4],
  ['acc1', 'Acc@1', 3],
  ['acc5', 'Acc@5', 3],
  ['divergence', 'Divergence', 4],
  ['similarity', 'Cosine', 4],
  ['agreement', 'Agree', 2],
] as const;

const probeLabels = [
  ['top1', 'Top-1'],
  ['top5', 'Top-5'],
  ['alignment', 'Alignment'],
  ['uniformity', 'Uniformity'],
  ['spread', 'Spread'],
  ['effectiveRank', 'Rank'],
  ['keyDrift', 'Drift'],
] as const;

type Values = Record<string, number>;

function runningMeans(epoch: number) {
  const sums: Values = {};
  let count = 0;
  return {
    epoch,
    add(values: Values) {
      count++;
      for (const [name, value] of Object.entries(values)) sums[name] = (sums[name] ?? 0) + value;
    },
    of: (name: string) => (sums[name] ?? Number.NaN) / count,
  };
}

function fixed(value: number | undefined, digits: number): string {
  return value === undefined ? '-' : value.toFixed(digits);
}
