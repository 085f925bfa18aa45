/**
 * t-SNE of features as projections take it: PCA to 50, 1,000 iterations, beside openTSNE with its defaults.
 *
 *   tsne [--points N] [--iterations N] [--backend native|wasm] [--peer-python PATH]
 */
import { execFile } from 'node:child_process';
import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { principalComponents, projectOnto } from '../../engine/evaluations/projection/pca.ts';
import { tsne } from '../../engine/evaluations/projection/tsne.ts';
import { memoryRows } from '../../engine/evaluations/rows.ts';
import { randomAt } from '../../engine/random.ts';
import { type BackendName, useBackend } from '../support/backends.ts';

const { values } = parseArgs({
  options: {
    points: { type: 'string', default: '10000' },
    iterations: { type: 'string', default: '1000' },
    backend: { type: 'string', default: 'native' },
    'peer-python': { type: 'string' },
  },
});
const [points, iterations] = [Number(values.points), Number(values.iterations)];
const [dimension, classes, perplexity] = [512, 20, 30];
await useBackend(values.backend as BackendName);
const features = draw();
console.log(`${points} x ${dimension}, perplexity ${perplexity}, ${iterations} iterations, ${values.backend}`);

const started = performance.now();
const used = process.cpuUsage();
const rows = memoryRows(features, dimension);
const reduced = await projectOnto(rows, await principalComponents(rows, 50));
const reducedAt = performance.now();
const start = new Float32Array(2 * points);
for (let point = 0; point < points; point++) start.set(reduced.subarray(point * 50, point * 50 + 2), 2 * point);
const { divergence } = await tsne(memoryRows(reduced, 50), { perplexity, iterations, start });
const ended = performance.now();
const { user, system } = process.cpuUsage(used);
const seconds = (from: number, to: number) => ((to - from) / 1000).toFixed(1);
console.log(
  `ours      ${seconds(started, ended)} s (PCA ${seconds(started, reducedAt)} s), ${((user + system) / 1e6).toFixed(1)} s of processors, divergence ${divergence.toFixed(3)}`,
);
if (values['peer-python']) await runPeer(values['peer-python']);

/** Classes as clouds behind a ReLU, as a backbone's features are. */
function draw(): Float32Array {
  const centre = randomAt(0, 'centres');
  const centres = Float32Array.from({ length: classes * dimension }, () => centre.normal());
  const random = randomAt(0, 'points');
  return Float32Array.from({ length: points * dimension }, (_, at) => {
    const label = Math.floor(at / dimension) % classes;
    const noise = random.next() + random.next() + random.next() - 1.5;
    return Math.max(0, 0.3 * centres[label * dimension + (at % dimension)]! + 2 * noise);
  });
}

async function runPeer(python: string): Promise<void> {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'contrast-bench-'));
  await writeFile(join(folder.path, 'features.f32'), new Uint8Array(features.buffer));
  const script = join(import.meta.dirname, 'peers/open-tsne.py');
  const options = [folder.path, dimension, perplexity, iterations, availableParallelism()].map(String);
  const { stdout } = await promisify(execFile)(python, [script, ...options]);
  const peer = JSON.parse(stdout) as { seconds: number; processorSeconds: number; divergence: number };
  console.log(
    `openTSNE  ${peer.seconds.toFixed(1)} s, ${peer.processorSeconds.toFixed(1)} s of processors, divergence ${peer.divergence.toFixed(3)}`,
  );
}
