/**
 * The store at size: events taken in, lists of runs, curves read thinned, and a start on an existing workspace.
 *
 *   store [--runs 1000] [--points 100000] [--rounds 9]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { RecordedEvent } from '../../common/events.ts';
import { trainConfig } from '../../common/jobs/train.ts';
import { openStore, type Store } from '../../main/store/index.ts';

run(process.argv.slice(2));

function run(args: string[]) {
  const { values } = parseArgs({
    args,
    options: {
      runs: { type: 'string', default: '1000' },
      points: { type: 'string', default: '100000' },
      rounds: { type: 'string', default: '9' },
    },
  });
  const [runs, points, rounds] = [Number(values.runs), Number(values.points), Number(values.rounds)];
  const folder = mkdtempSync(join(tmpdir(), 'contrast-bench-'));
  try {
    measure(join(folder, 'studio.db'), runs, points, rounds);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function measure(file: string, runs: number, steps: number, rounds: number) {
  let store = openStore(file);
  const few = Array.from({ length: 100 }, (_, i) => step(i));
  store.transaction(() => {
    for (let i = 0; i < runs; i++) {
      addRun(store, `run${i}`, i);
      store.ingest(`run${i}`, few, 1);
    }
  });
  addRun(store, 'long', runs);
  // Batches as they come while a run is followed: some hundred events at most.
  const events = Array.from({ length: steps / 10 }, (_, i) => step(i));
  const startedMs = performance.now();
  for (let i = 0; i < events.length; i += 250) store.ingest('long', events.slice(i, i + 250), i);
  const seconds = (performance.now() - startedMs) / 1000;
  console.log(`take in events: ${Math.round(events.length / seconds)} a second, of 10 points each`);

  report('one event as it comes', rounds * 10, (i) => store.ingest('long', [step(events.length + i)], 1));
  report(`list 200 of ${runs} runs`, rounds, () => store.runs.list({ limit: 200, offset: 0 }));
  report(`list all ${runs} runs`, rounds, () => store.runs.list({ limit: runs, offset: 0 }));
  report('list 200, by best loss', rounds, () => store.runs.list({ limit: 200, offset: 0, sort: 'best:epoch/loss' }));
  report('search in names and configs', rounds, () => store.runs.list({ limit: 200, offset: 0, search: 'run 77' }));
  const name = `curve of ${steps / 10} points as 2000`;
  report(name, rounds, () => store.points.read('long', ['step/m0'], { maxPoints: 2000 }));
  report(`all 10 curves as 2000`, rounds, () => store.points.read('long', undefined, { maxPoints: 2000 }));
  store.close();
  report('open', rounds, () => {
    store = openStore(file);
    store.close();
  });
}

function report(what: string, rounds: number, work: (round: number) => void) {
  const times = Array.from({ length: rounds }, (_, round) => {
    const before = performance.now();
    work(round);
    return performance.now() - before;
  }).sort((a, b) => a - b);
  const [median, least] = [times[rounds >> 1]!, times[0]!];
  console.log(`${what}: median ${median.toFixed(2)} ms, least ${least.toFixed(2)} ms`);
}

function addRun(store: Store, id: string, age: number) {
  const config = trainConfig.parse({ data: `/data/set-${age % 7}`, seed: age });
  store.runs.insert({
    id,
    folder: id,
    kind: 'train',
    name: `run ${age}`,
    state: 'finished',
    recipe: null,
    parent: null,
    config: JSON.stringify(config),
    createdAt: new Date(age * 1000).toISOString(),
    best: JSON.stringify({ 'epoch/loss': { value: age % 100, epoch: 1, step: 1 } }),
  });
}

function step(index: number): RecordedEvent {
  const values = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`m${i}`, Math.sin(index / 50 + i)]));
  const time = new Date(index * 100).toISOString();
  return { seq: index, time, type: 'metrics', group: 'step', epoch: 0, step: index, values };
}
