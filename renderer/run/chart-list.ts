/** Which charts a run shows, in their order, and what each is for. Series that no chart names get one of their own. */
import type { ChartDefinition } from '../charts/chart-definition.ts';
import { formatCount, formatPercent, formatSignificant } from '../ui/format.ts';

const percentTick = (value: number) => formatPercent(value);
const shareTick = (value: number) => `${formatSignificant(value * 100)} %`;

export const knownCharts: ChartDefinition[] = [
  {
    id: 'loss',
    title: 'Loss',
    help: 'InfoNCE of the query against its key and the queue. At the dashed line, ln(1 + K), the net tells nothing apart.',
    series: [{ name: 'step/loss', label: 'Loss' }],
    format: (value) => formatSignificant(value),
    positive: true,
  },
  {
    id: 'knn',
    title: 'kNN accuracy',
    help: 'Nearest neighbours in the probe set, best over k. The lines are what chance, raw pixels and the untrained net reach by the same measure.',
    series: [{ name: 'probe/bestAccuracy', label: 'kNN' }],
    format: percentTick,
    markers: true,
  },
  {
    id: 'accuracy',
    title: 'Contrastive accuracy',
    help: 'How often the right key is the most similar one, or among the five most similar, of 1 + K.',
    series: [
      { name: 'step/acc1', label: 'Top 1' },
      { name: 'step/acc5', label: 'Top 5' },
    ],
    format: percentTick,
  },
  {
    id: 'learning-rate',
    title: 'Learning rate',
    help: 'Of SGD, at each step.',
    series: [{ name: 'step/learningRate', label: 'Learning rate' }],
    format: (value) => formatSignificant(value),
    positive: true,
  },
  {
    id: 'speed',
    title: 'Images per second',
    help: 'Training images through the step, each giving two views.',
    series: [{ name: 'step/imagesPerSecond', label: 'Images/s' }],
    format: (value) => formatSignificant(value),
    positive: true,
  },
  {
    id: 'waiting',
    title: 'Waiting for images',
    help: 'Share of a step spent waiting for decoded images. Above a third, more loader threads or a faster disk help more than a faster device.',
    series: [{ name: 'step/waitShare', label: 'Waiting' }],
    format: shareTick,
  },
];

/** Kept by a run but not worth a chart of their own beside the known ones. */
const unshown = new Set(['step/stepSeconds', 'step/waitSeconds', 'epoch/loss', 'epoch/acc1', 'epoch/acc5']);

/** The known charts, then one for each further series. */
export function chartsFor(seriesNames: Iterable<string>): { main: ChartDefinition[]; more: ChartDefinition[] } {
  const known = new Set(knownCharts.flatMap(({ series }) => series.map(({ name }) => name)));
  const more = [...seriesNames]
    .filter((name) => !known.has(name) && !unshown.has(name))
    .sort()
    .map((name): ChartDefinition => {
      const label = wordsOf(name);
      return {
        id: name,
        title: label,
        help: `The series ${name}.`,
        series: [{ name, label }],
        format: formatterOf(name),
        markers: !name.startsWith('step/'),
      };
    });
  return { main: knownCharts, more };
}

/** step/peakMemoryMiB -> Peak memory MiB */
function wordsOf(series: string): string {
  const name = series.slice(series.indexOf('/') + 1);
  const words = name.replace(/([a-z])([A-Z])/g, (_all, end: string, start: string) => `${end} ${start}`);
  return (
    words.charAt(0).toUpperCase() + words.slice(1).replace(/ ([A-Z])(?=[a-z]+( |$))/g, (word) => word.toLowerCase())
  );
}

function formatterOf(series: string): (value: number) => string {
  if (/bytes$/i.test(series)) return (value) => `${formatCount(Math.round(value / 2 ** 20))} MiB`;
  if (/accuracy$|acc\d$/i.test(series)) return percentTick;
  if (/tensors|count/i.test(series)) return (value) => formatCount(Math.round(value));
  return (value) => formatSignificant(value, 4);
}
