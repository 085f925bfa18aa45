import { Text } from '@mantine/core';
import { isTraining } from '../../common/jobs/index.ts';
import { durationOf, isActive, type Reference, type RunRecord } from '../../common/records.ts';
import { resultsColumn } from '../../common/results/columns.ts';
import { epochWords } from '../runs/RunParts.tsx';
import {
  formatCount,
  formatDuration,
  formatMoment,
  formatPercent,
  formatSignificant,
  formatUtc,
} from '../ui/format.ts';
import { useNow } from '../ui/use-now.ts';
import styles from './RunFigures.module.css';

interface Figure {
  label: string;
  value: string;
  note?: string;
  title?: string;
}

/** The numbers that a run is judged by, in one row. */
export function RunFigures({ run }: { run: RunRecord }) {
  useNow(isActive(run.state) ? 1000 : null);
  return (
    <dl className={`surface ${styles.row}`}>
      {figuresOf(run).map(({ label, value, note, title }) => (
        <div key={label} className={styles.figure} title={title}>
          <dt>{label}</dt>
          <dd className="numbers">{value}</dd>
          <Text component="dd" fz={12} className="quiet numbers" truncate m={0}>
            {note ?? ' '}
          </Text>
        </div>
      ))}
    </dl>
  );
}

function figuresOf(run: RunRecord): Figure[] {
  const { last, best, references } = run;
  const knn = best['probe/bestAccuracy'];
  const chance = levelOf(references, 'step/loss', 'chance');
  const figures: Figure[] = [];
  if (isTraining(run.kind) || last['step/loss'] !== undefined) {
    figures.push({
      label: 'Best kNN',
      value: formatPercent(knn?.value),
      note: knn ? (gainWords(knn.value, references) ?? `at epoch ${knn.epoch}`) : 'measured after epochs',
      title: knn ? `Reached at epoch ${knn.epoch}` : undefined,
    });
    figures.push({
      label: 'Loss',
      value: formatSignificant(last['epoch/loss'] ?? last['step/loss']),
      note: chance === undefined ? undefined : `chance ${formatSignificant(chance)}`,
    });
    figures.push(hitsOf(run));
    figures.push({
      label: 'Images per second',
      value: formatSignificant(last['step/imagesPerSecond']),
      note: waitWords(last['step/waitShare']),
    });
    figures.push({ label: 'Epoch', value: epochWords(run, ' of ') });
  } else {
    for (const [name, { values }] of Object.entries(run.results)) {
      for (const [key, value] of Object.entries(values)) {
        if (typeof value !== 'number') continue;
        const words = Number.isInteger(value) ? formatCount(value) : formatSignificant(value, 4);
        figures.push({ label: resultsColumn({ field: `result:${name}/${key}` }).label, value: words });
      }
    }
  }
  figures.push({
    label: 'Duration',
    value: formatDuration(durationOf(run)),
    note: run.startedAt ? `since ${formatMoment(run.startedAt)}` : undefined,
    title: run.startedAt ? formatUtc(run.startedAt) : undefined,
  });
  figures.push({ label: 'Device', value: run.device ?? '–' });
  return figures;
}

/** How often the nearest of 1 + K is the right one: the own key, or what is nearest to the teacher. */
function hitsOf({ kind, last }: RunRecord): Figure {
  if (kind !== 'distill')
    return { label: 'Top 1 of 1 + K', value: formatPercent(last['epoch/acc1'] ?? last['step/acc1']) };
  const value = formatPercent(last['epoch/agreement'] ?? last['step/agreement']);
  return { label: 'Agrees with teacher', value, note: 'on the nearest of 1 + K' };
}

function levelOf(references: Reference[], series: string, name: string): number | undefined {
  return references.find((reference) => reference.series === series && reference.name === name)?.value;
}

/** What training has added to the net's accuracy, in percentage points. */
function gainWords(accuracy: number, references: Reference[]): string | undefined {
  const untrained = levelOf(references, 'probe/bestAccuracy', 'untrained net');
  if (untrained === undefined) return undefined;
  const gain = accuracy - untrained;
  return `${gain < 0 ? '−' : '+'}${Math.abs(gain).toFixed(1)} on untrained`;
}

/** Above this the device idles for want of images. */
const dataBound = 0.3;

function waitWords(share: number | undefined): string | undefined {
  if (share === undefined) return undefined;
  return `${share > dataBound ? 'data-bound: ' : ''}waits ${(share * 100).toFixed(1)} %`;
}
