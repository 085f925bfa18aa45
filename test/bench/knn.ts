/**
 * best-NN beside the published way in PyTorch and beside faiss, on the same features and cores. A Python that lacks
 * one of them is asked for the other alone.
 *
 *   knn [--full] [--repeats N] [--backend native|wasm] [--peer-python PATH]
 */
import { execFile } from 'node:child_process';
import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { type BestNeighbours, bestNeighbours } from '../../engine/evaluations/neighbours.ts';
import { randomAt } from '../../engine/random.ts';
import { type BackendName, useBackend } from '../support/backends.ts';

const sizes = {
  quick: { train: 20_000, probe: 2_000, dimension: 512, k: 101, classes: 100 },
  full: { train: 100_000, probe: 10_000, dimension: 512, k: 101, classes: 1000 },
};

const peers = ['torch', 'faiss'] as const;

interface LabelledFeatures {
  features: Float32Array;
  labels: Int32Array;
}

interface PeerTimes {
  searchSeconds: number;
  voteSeconds: number;
  /** Of all cores together: what a busy machine does not change much. */
  processorSeconds: number;
  bestAccuracy: number;
  bestK: number;
}

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      full: { type: 'boolean', default: false },
      repeats: { type: 'string', default: '3' },
      backend: { type: 'string', default: 'native' },
      'peer-python': { type: 'string' },
    },
  });
  await useBackend(values.backend as BackendName);
  const size = values.full ? sizes.full : sizes.quick;
  const sets = { train: draw('train', size.train, size), probe: draw('probe', size.probe, size) };
  console.log(`${size.probe} of ${size.train} x ${size.dimension}, k to ${size.k}, ${values.backend}`);

  await using folder = await mkdtempDisposable(join(tmpdir(), 'contrast-bench-'));
  if (values['peer-python']) await writeSets(folder.path, sets);
  const ratios: Record<(typeof peers)[number], number[]> = { torch: [], faiss: [] };
  const processorRatios: typeof ratios = { torch: [], faiss: [] };
  for (let repeat = 0; repeat < Number(values.repeats); repeat++) {
    const started = performance.now();
    const used = process.cpuUsage();
    const ours = await bestNeighbours({ ...sets, dimension: size.dimension, space: 'original', kMax: size.k });
    const seconds = (performance.now() - started) / 1000;
    const { user, system } = process.cpuUsage(used);
    const processorSeconds = (user + system) / 1e6;
    const memoryGiB = process.memoryUsage().rss / 2 ** 30;
    console.log(
      `ours   ${seconds.toFixed(2)} s, ${processorSeconds.toFixed(2)} s of processors  ${describe(ours)}  ${memoryGiB.toFixed(2)} GiB`,
    );
    if (!values['peer-python']) continue;
    for (const name of peers) {
      const peer = await runPeer(values['peer-python'], name, folder.path, size);
      if (!peer) continue;
      const peerSeconds = peer.searchSeconds + peer.voteSeconds;
      console.log(
        `${name}  ${peerSeconds.toFixed(2)} s, ${peer.processorSeconds.toFixed(2)} s of processors  ${describe(peer)}  (vote ${peer.voteSeconds.toFixed(2)} s)`,
      );
      ratios[name].push(peerSeconds / seconds);
      processorRatios[name].push(peer.processorSeconds / processorSeconds);
    }
  }
  for (const name of peers) {
    const count = ratios[name].length;
    if (count === 0) continue;
    const [clock, processor] = [median(ratios[name]), median(processorRatios[name])];
    console.log(
      `ratio  ${clock.toFixed(2)} times the speed of ${name}, ${processor.toFixed(2)} by processor time (medians of ${count})`,
    );
  }
}

function median(values: number[]): number {
  return [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)]!;
}

const describe = ({ bestAccuracy, bestK }: Pick<BestNeighbours, 'bestAccuracy' | 'bestK'>) =>
  `best-NN ${bestAccuracy.toFixed(2)} % at k = ${bestK}`;

/** Classes as clouds behind a ReLU, as a backbone's features are. */
function draw(purpose: string, images: number, { dimension, classes }: typeof sizes.quick): LabelledFeatures {
  const centre = randomAt(0, 'centres');
  const centres = Float32Array.from({ length: classes * dimension }, () => centre.normal());
  const random = randomAt(0, purpose);
  const labels = Int32Array.from({ length: images }, () => random.integer(classes));
  const features = new Float32Array(images * dimension);
  for (let image = 0; image < images; image++) {
    const from = labels[image]! * dimension;
    for (let column = 0; column < dimension; column++) {
      // A sum of uniform draws: near enough to normal, and quicker.
      const noise = random.next() + random.next() + random.next() - 1.5;
      features[image * dimension + column] = Math.max(0, 0.2 * centres[from + column]! + 2 * noise);
    }
  }
  return { features, labels };
}

async function writeSets(folder: string, sets: Record<string, LabelledFeatures>) {
  for (const [name, { features, labels }] of Object.entries(sets)) {
    await writeFile(join(folder, `${name}-features.f32`), new Uint8Array(features.buffer));
    await writeFile(join(folder, `${name}-labels.i32`), new Uint8Array(labels.buffer));
  }
}

/** Null where this Python has no such package. */
async function runPeer(
  python: string,
  name: (typeof peers)[number],
  folder: string,
  { dimension, k }: typeof sizes.quick,
): Promise<PeerTimes | null> {
  const script = join(import.meta.dirname, `peers/${name}-knn.py`);
  const options = ['--dimension', dimension, '--k', k, '--threads', availableParallelism()].map(String);
  try {
    const { stdout } = await promisify(execFile)(python, [script, folder, ...options]);
    return JSON.parse(stdout);
  } catch (thrown) {
    if (!String(thrown).includes('ModuleNotFoundError')) throw thrown;
    console.log(`${name}  is not there`);
    return null;
  }
}

if (import.meta.main) await run(process.argv.slice(2));
