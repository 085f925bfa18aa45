/**
 * A workspace of many runs, for benchmarks and for pages at size: trainings in groups of five seeds and evaluations of
 * them, with configs that differ, series, results, tags, stars, notes, an archive, and losses that are NaN or infinite.
 * Each run has its folder as a worker leaves it, and is in the store already, so that a studio opens it at once.
 *
 *     generateStore(workspace, { runs: 10_000 })
 *     generateStore(workspace, { runs: 200, epochs: 50, seed: 3 })
 *
 * The same options give the same runs, all by the store's own code in one transaction.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JobEvent, RecordedEvent } from '../../common/events.ts';
import { type JobKind, jobs } from '../../common/jobs/index.ts';
import { stringifyNumbers } from '../../common/numbers.ts';
import type { LabelFile, RunStateFile } from '../../common/records.ts';
import { type Random, randomAt } from '../../engine/random.ts';
import { openStore } from '../../main/store/index.ts';
import { labelColumns } from '../../main/store/rows.ts';

interface GeneratedStore {
  runs: number;
  /** Of a training; each gives a point to some thirty series. */
  epochs?: number;
  seed?: number;
}

/** @returns the ids, the oldest run first: `run00000`, `run00001`, ... */
export function generateStore(workspace: string, { runs, epochs = 4, seed = 1 }: GeneratedStore): string[] {
  const folder = join(workspace, 'runs');
  mkdirSync(folder, { recursive: true });
  const store = openStore(join(workspace, 'studio.db'));
  try {
    return store.transaction(() =>
      Array.from({ length: runs }, (_, index) => {
        const plan = planOf(index, { folder, epochs, seed });
        const { file, label, events, state } = plan;
        const { id, kind, name, config, createdAt, recipe, parent } = file;
        const lines = events.map((event) => `${stringifyNumbers(event)}\n`).join('');
        writeFolder(join(folder, id), plan, lines);
        const row = { id, folder: id, kind, name, state: state.state, recipe, parent, createdAt };
        store.runs.insert({ ...row, config: JSON.stringify(config), ...labelColumns(label) });
        store.ingest(id, events, Buffer.byteLength(lines));
        store.runs.update(id, { device: state.device });
        return id;
      }),
    );
  } finally {
    store.close();
  }
}

interface Plan {
  file: {
    id: string;
    kind: JobKind;
    name: string;
    createdAt: string;
    recipe: string | null;
    parent: string | null;
    config: Record<string, unknown>;
  };
  label: LabelFile;
  state: RunStateFile;
  events: RecordedEvent[];
}

function writeFolder(folder: string, { file, label, state }: Plan, lines: string) {
  mkdirSync(folder);
  writeFileSync(join(folder, 'config.json'), JSON.stringify(file));
  writeFileSync(join(folder, 'label.json'), JSON.stringify(label));
  writeFileSync(join(folder, 'state.json'), JSON.stringify(state));
  writeFileSync(join(folder, 'events.jsonl'), lines);
}

const firstMs = Date.parse('2026-01-01T00:00:00.000Z');
const betweenMs = 600_000;
const seedsEach = 5;
const stepsPerEpoch = 2;

/** Of ten settings seven train and three evaluate what one of those has trained. */
function planOf(index: number, { folder, epochs, seed }: { folder: string; epochs: number; seed: number }): Plan {
  const setting = Math.floor(index / seedsEach);
  const kind = kinds[setting % kinds.length]!;
  const id = idOf(index);
  const ofSetting = randomAt(seed, 'setting', setting);
  const random = randomAt(seed, 'run', index);
  const trains = kind === 'train' || kind === 'distill';
  const taught = idOf(index - (setting % kinds.length) * seedsEach);
  const config = configOf(kind, { setting, seed: index % seedsEach, epochs, random: ofSetting });
  if (!trains) config.pretrained = join(folder, taught, 'checkpoints', 'best.ckpt');
  const startMs = firstMs + index * betweenMs;
  const atMs = (share: number) => new Date(startMs + share * betweenMs).toISOString();
  const state = pick(random, [
    'finished',
    'finished',
    'finished',
    'finished',
    'finished',
    'stopped',
    'failed',
  ] as const);
  const device = pick(random, ['cpu', 'cuda', 'wasm'] as const);
  const name = `${config.arch ?? kind} ${pick(ofSetting, words)} ${setting} seed ${index % seedsEach}`;
  const done: JobEvent[] = [
    { type: 'segment', segment: 0, epoch: 0, step: 0, resumedFrom: null, environment: { device } },
    ...(trains ? trainingOf(epochs, random) : []),
    ...(state === 'finished' ? resultsOf(kind, random) : []),
    ...(state === 'failed'
      ? [{ type: 'failed', code: 'job-failed', message: 'The loss is not finite.' } as const]
      : []),
    { type: 'ended', state },
  ];
  const events = done.map((event, seq) => ({ seq, time: atMs(seq / done.length), ...event }));
  const steps = trains ? epochs * stepsPerEpoch : 0;
  return {
    file: { id, kind, name, createdAt: atMs(0), recipe: pick(ofSetting, recipes), parent: null, config },
    label: {
      name,
      trashedAt: null,
      star: random.chance(0.05),
      tags: words.filter(() => random.chance(0.1)),
      note: random.chance(0.02) ? `Looked at again: ${pick(random, words)}.` : '',
      archived: random.chance(0.01),
    },
    state: {
      ...{ state, pid: null, processStart: null, updatedAt: atMs(1), epoch: trains ? epochs : 0, step: steps },
      ...{ totalSteps: trains ? steps : null, stage: state, device, error: null },
    },
    events,
  };
}

const idOf = (index: number) => `run${String(index).padStart(5, '0')}`;
const kinds: readonly JobKind[] = [
  'train',
  'train',
  'linear',
  'train',
  'distill',
  'stats',
  'train',
  'train',
  'knn',
  'train',
];
const recipes = ['demo', 'cifar10', 'imagenette', null] as const;
const words = ['baseline', 'long', 'wide', 'warm', 'ablation', 'paper', 'queue', 'crops'] as const;

interface Settings {
  setting: number;
  seed: number;
  epochs: number;
  random: Random;
}

/** The whole config of its kind, with what an ablation varies. */
function configOf(kind: JobKind, { setting, seed, epochs, random }: Settings): Record<string, unknown> {
  const shape: Record<string, unknown> = jobs[kind].config.shape;
  const varied: Record<string, unknown> = {
    data: `/data/${pick(random, ['cifar10', 'imagenette', 'stl10'] as const)}`,
    pretrained: '/weights/published.ckpt',
    teacher: '/weights/teacher.pth',
    against: '/weights/other.ckpt',
    arch: pick(random, ['resnet18', 'resnet50', 'mobilenetv3_small'] as const),
    learningRate: 0.001 * (1 + (setting % 97)),
    temperature: pick(random, [0.07, 0.1, 0.2] as const),
    batchSize: pick(random, [64, 128, 256] as const),
    epochs,
    seed,
  };
  return jobs[kind].config.parse(Object.fromEntries(Object.entries(varied).filter(([key]) => key in shape)));
}

const measuredNames = [
  'loss',
  'acc1',
  'acc5',
  'learningRate',
  'positive',
  'negative',
  'gradientNorm',
  'imagesPerSecond',
];
const probeNames = ['bestAccuracy', 'bestK', 'acc1', 'acc3', 'acc5', 'acc11', 'acc21', 'acc51', 'acc101'];

function trainingOf(epochs: number, random: Random): JobEvent[] {
  const totalSteps = epochs * stepsPerEpoch;
  const level = 30 + 50 * random.next();
  const broken = random.chance(0.02) ? Number.NaN : random.chance(0.02) ? Number.POSITIVE_INFINITY : undefined;
  const events: JobEvent[] = [{ type: 'plan', epochs, stepsPerEpoch, totalSteps, images: stepsPerEpoch * 64 }];
  const values = (names: readonly string[], part: number) =>
    Object.fromEntries(
      names.map((name, place) => [
        name,
        name === 'loss'
          ? part === 1 && broken !== undefined
            ? broken
            : 8 - 6 * part + random.next()
          : name === 'bestK'
            ? 1 + 2 * random.integer(20)
            : level * (0.4 + 0.6 * part) + random.next() - place / 4,
      ]),
    );
  for (let step = 1; step <= totalSteps; step++) {
    const [epoch, part] = [Math.floor((step - 1) / stepsPerEpoch), step / totalSteps];
    events.push({ type: 'metrics', group: 'step', epoch, step: step - 1, values: values(measuredNames, part) });
    if (step % stepsPerEpoch > 0) continue;
    for (const [group, names] of [
      ['epoch', measuredNames],
      ['probe', probeNames],
    ] as const) {
      events.push({ type: 'metrics', group, epoch: epoch + 1, step, values: values(names, part) });
    }
  }
  return events;
}

/** Of an evaluation its own, of a training those that are measured at its end. */
function resultsOf(kind: JobKind, random: Random): JobEvent[] {
  const names = kind === 'train' ? ['knn', 'stats'] : kind === 'distill' ? ['knn'] : [kind];
  return names.map((name) => ({
    type: 'result',
    name,
    values: Object.fromEntries((resultValues[name] ?? []).map((value) => [value, 100 * random.next()])),
    protocol: { measure: name, images: 5000, imageSize: pick(random, [32, 64] as const) },
  }));
}

const numbered = (name: string, count: number) => Array.from({ length: count }, (_, index) => `${name}${index + 1}`);
const resultValues: Record<string, readonly string[]> = {
  knn: ['bestAccuracy', 'bestK', ...numbered('acc', 20)],
  linear: ['top1', 'top5', ...numbered('class', 20)],
  stats: ['alignmentDSd', 'uniformityD', ...numbered('eigenvalue', 24)],
};

function pick<Item>(random: Random, items: readonly Item[]): Item {
  return items[random.integer(items.length)]!;
}
