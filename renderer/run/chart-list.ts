/** Which charts a run shows, in their order, and what each is for. Series that no chart names get one of their own. */
import type { JobKind } from '../../common/jobs/index.ts';
import type { ChartDefinition } from '../charts/chart-definition.ts';
import { formatBytes, formatCount, formatPercent, formatSignificant } from '../ui/format.ts';

const percent = { format: (value: number) => formatPercent(value), formatTick: (value: number) => `${short(value)} %` };
const share = {
  format: (value: number) => `${(value * 100).toFixed(2)} %`,
  formatTick: (value: number) => `${short(value * 100)} %`,
};
const significant = { format: (value: number) => formatSignificant(value), formatTick: short };

/** 0.30000000000000004 -> 0.3: an axis has round numbers, without the rounding errors of its making. */
function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/** `kinds`: the only jobs that measure it; another's page would show it empty. */
type KnownChart = ChartDefinition & { kinds?: readonly JobKind[] };

const knownCharts: KnownChart[] = [
  {
    id: 'loss',
    title: 'Loss',
    help: 'InfoNCE of the query against its key and the queue, or, in a distillation, soft cross-entropy with the teacher. At the dashed line, ln(1 + K), the net tells nothing apart.',
    series: [{ name: 'step/loss', label: 'Loss' }],
    ...significant,
    positive: true,
  },
  {
    id: 'knn',
    kinds: ['train', 'distill'],
    title: 'kNN accuracy',
    help: 'Nearest neighbours in the probe set, best over k. The lines are what chance, raw pixels and the untrained net reach by the same measure.',
    series: [{ name: 'probe/bestAccuracy', label: 'kNN' }],
    ...percent,
    markers: true,
  },
  {
    id: 'accuracy',
    kinds: ['train'],
    title: 'Contrastive accuracy',
    help: 'How often the right key is the most similar one, or among the five most similar, of 1 + K.',
    series: [
      { name: 'step/acc1', label: 'Top 1' },
      { name: 'step/acc5', label: 'Top 5' },
    ],
    ...percent,
  },
  {
    id: 'agreement',
    kinds: ['distill'],
    title: 'Agreement with the teacher',
    help: 'How often student and teacher find the same embedding nearest, of 1 + K.',
    series: [{ name: 'step/agreement', label: 'Agreement' }],
    ...percent,
  },
  {
    id: 'divergence',
    kinds: ['distill'],
    title: 'Divergence from the teacher',
    help: "What of the loss the student can still lower: without the entropy of the teacher's own distribution.",
    series: [{ name: 'step/divergence', label: 'Divergence' }],
    ...significant,
    positive: true,
  },
  {
    id: 'similarity',
    kinds: ['distill'],
    title: 'Similarity to the teacher',
    help: "Mean cosine of the student's and the teacher's embedding of a view.",
    series: [{ name: 'step/similarity', label: 'Cosine' }],
    ...significant,
  },
  {
    id: 'learning-rate',
    title: 'Learning rate',
    help: 'Of SGD, at each step.',
    series: [{ name: 'step/learningRate', label: 'Learning rate' }],
    ...significant,
    positive: true,
  },
  {
    id: 'speed',
    title: 'Images per second',
    help: 'Training images through the step, each giving two views.',
    series: [{ name: 'step/imagesPerSecond', label: 'Images/s' }],
    ...significant,
    positive: true,
  },
  {
    id: 'waiting',
    title: 'Waiting for images',
    help: 'Share of a step spent waiting for decoded images. Above a third, more loader threads or a faster disk help more than a faster device.',
    series: [{ name: 'step/waitShare', label: 'Waiting' }],
    ...share,
  },
];

/** Kept by a run but not worth a chart of their own beside the known ones. */
const unshown = new Set([
  'step/stepSeconds',
  'step/waitSeconds',
  'epoch/loss',
  'epoch/acc1',
  'epoch/acc5',
  'epoch/agreement',
  'epoch/divergence',
  'epoch/similarity',
]);

/** The known charts of a kind of job, or of any, with those that it has series for; then one for each further series. */
export function chartsFor(
  seriesNames: Iterable<string>,
  kind?: JobKind,
): { main: ChartDefinition[]; more: ChartDefinition[] } {
  const names = new Set(seriesNames);
  const main = knownCharts.filter(
    ({ kinds, series }) => !kind || !kinds || kinds.includes(kind) || series.some(({ name }) => names.has(name)),
  );
  const known = new Set(knownCharts.flatMap(({ series }) => series.map(({ name }) => name)));
  const more = [...names]
    .filter((name) => !known.has(name) && !unshown.has(name))
    .sort()
    .map((name): ChartDefinition => {
      const label = wordsOf(name);
      return {
        id: name,
        title: label,
        help: `The series ${name}.`,
        series: [{ name, label }],
        ...formatsOf(name),
        markers: !name.startsWith('step/'),
      };
    });
  return { main, more };
}

/** One chart a series: curves of several runs and several series would not be told apart. */
export function overlaidCharts(names: readonly string[]): ChartDefinition[] {
  const { main, more } = chartsFor(new Set(names));
  return [...main, ...more].flatMap((chart) =>
    chart.series
      .filter(({ name }) => names.includes(name))
      .map((one) => ({
        ...chart,
        id: one.name,
        title: chart.series.length > 1 ? `${chart.title}, ${one.label.toLowerCase()}` : chart.title,
        series: [one],
      })),
  );
}

/** step/peakMemoryMiB -> Peak memory MiB */
function wordsOf(series: string): string {
  const name = series.slice(series.indexOf('/') + 1);
  const words = name.replace(/([a-z])([A-Z])/g, (_all, end: string, start: string) => `${end} ${start}`);
  return (
    words.charAt(0).toUpperCase() + words.slice(1).replace(/ ([A-Z])(?=[a-z]+( |$))/g, (word) => word.toLowerCase())
  );
}

function formatsOf(series: string): Pick<ChartDefinition, 'format' | 'formatTick'> {
  if (/accuracy$|acc\d$/i.test(series)) return percent;
  if (/bytes$/i.test(series)) return alike((value) => formatBytes(value));
  if (/tensors|count|K$/.test(series)) return alike((value) => formatCount(Math.round(value)));
  return { format: (value) => formatSignificant(value, 4), formatTick: short };
}

function alike(format: (value: number) => string) {
  return { format, formatTick: format };
}
