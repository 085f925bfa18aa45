/**
 * Memory of measures at ImageNet's size: features come from a generator instead of a disk, a block at a time.
 *
 *   features [--rows N] [--dimension N] [--queries N] [--budget MiB] [--backend native|wasm]
 */
import { parseArgs } from 'node:util';
import { alignment, alignmentWithin } from '../../engine/evaluations/alignment-uniformity.ts';
import { inSpace } from '../../engine/evaluations/feature-space.ts';
import { bestNeighbours } from '../../engine/evaluations/neighbours.ts';
import { defaultBlockBytes, type Rows } from '../../engine/evaluations/rows.ts';
import { type BackendName, useBackend } from '../support/backends.ts';

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      rows: { type: 'string', default: '1281167' },
      dimension: { type: 'string', default: '2048' },
      queries: { type: 'string', default: '256' },
      budget: { type: 'string', default: '2048' },
      backend: { type: 'string', default: 'native' },
    },
  });
  await useBackend(values.backend as BackendName);
  const [rows, dimension, queries] = [values.rows, values.dimension, values.queries].map(Number) as [
    number,
    number,
    number,
  ];
  const blockBytes = Math.min(defaultBlockBytes, (Number(values.budget) * 2 ** 20) / 16);
  const train = generatedRows(rows, dimension, 1);
  const probe = generatedRows(queries, dimension, 2);
  const labels = (count: number) => Int32Array.from({ length: count }, (_, row) => row % 1000);
  console.log(`${rows} x ${dimension} float32 are ${gib(rows * dimension * 4)}; budget ${values.budget} MiB`);

  const watch = watchMemory();
  await timed('best-NN, K 101, norm', watch, () =>
    bestNeighbours({
      train: { features: train, labels: labels(rows) },
      probe: { features: probe, labels: labels(queries) },
      ...{ dimension, space: 'norm', kMax: 101, blockBytes },
    }),
  );
  const unit = await inSpace(train, 'norm', { blockBytes });
  await timed('alignment', watch, () => alignment(unit, unit, blockBytes));
  const classes = Array.from(
    { length: 1000 },
    (_, place) => [Math.floor((place * rows) / 1000), Math.floor(((place + 1) * rows) / 1000)] as const,
  );
  await timed('class alignment', watch, () => alignmentWithin(unit, classes));
  watch.close();
}

/** Rows made where they are read, the same at every reading; quick rather than random. */
function generatedRows(count: number, dimension: number, seed: number): Rows {
  return {
    count,
    dimension,
    read(first, last) {
      const values = new Float32Array((last - first) * dimension);
      let state = Math.imul(first + 1, 0x9e3779b9) ^ Math.imul(seed, 0x85ebca6b);
      for (let row = first, at = 0; row < last; row++) {
        state = Math.imul(row + 1, 0x9e3779b9) ^ Math.imul(seed, 0x85ebca6b);
        for (let column = 0; column < dimension; column++, at++) {
          state ^= state << 13;
          state ^= state >>> 17;
          state ^= state << 5;
          values[at] = Math.max(0, state / 2 ** 31);
        }
      }
      return values;
    },
  };
}

function watchMemory() {
  const atStart = process.memoryUsage().rss;
  let peak = 0;
  const look = () => {
    peak = Math.max(peak, process.memoryUsage().rss - atStart);
  };
  const timer = setInterval(look, 100);
  return { peak: () => peak, look, close: () => clearInterval(timer) };
}

async function timed(name: string, watch: ReturnType<typeof watchMemory>, measure: () => Promise<unknown>) {
  const startedMs = performance.now();
  await measure();
  watch.look();
  const seconds = (performance.now() - startedMs) / 1000;
  console.log(`${name.padEnd(24)} ${seconds.toFixed(1)} s, ${gib(watch.peak())} above the start at most`);
}

const gib = (bytes: number) => `${(bytes / 2 ** 30).toFixed(2)} GiB`;

if (import.meta.main) await run(process.argv.slice(2));
