/** The probe of a training run, and the levels that its curves are read against. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringifyNumbers } from '../common/numbers.ts';
import { type Baselines, baselinesFile } from '../common/records.ts';
import { writeAtomically } from '../system/write-atomically.ts';
import { loaderThreads } from './features.ts';
import type { JobContext } from './job.ts';
import { createKnnProbe, type KnnProbe } from './knn-probe.ts';
import { openProbeSet } from './probe-set.ts';
import type { TrainingConfig, TrainingMethod } from './training-job.ts';

const probeBatchSize = 128;

/** Null where no probe set was named and the training folder has no `train` and `val`. */
export async function openTrainingProbe(config: TrainingConfig, context: JobContext): Promise<KnnProbe | null> {
  const root = config.probe || (hasValidation(config.data) ? config.data : null);
  if (root === null) {
    const message =
      'There is no probe set: kNN accuracy is not measured. Name a folder with train/ and val/ to have it.';
    context.report({ type: 'log', level: 'info', message });
    return null;
  }
  const { report, wishes } = context;
  const set = await openProbeSet(root, {
    limit: config.probeLimit,
    signal: wishes.signal,
    onFolders: (done) => report({ type: 'progress', stage: 'scanning the probe set', done, total: null }),
  });
  return createKnnProbe(set, {
    transform: { imageSize: config.imageSize, fit: config.probeFit },
    maxNeighbours: Math.min(config.probeNeighbours, set.bank.files.length),
    decode: config.decode,
    batchSize: probeBatchSize,
    threads: loaderThreads(config.workers),
    signal: wishes.signal,
    onProgress: (stage, done, total) => report({ type: 'progress', stage, done, total }),
    onBroken: ({ reason }) => report({ type: 'log', level: 'warning', message: `not in the probe set: ${reason}` }),
  });
}

function hasValidation(root: string): boolean {
  const has = (split: string) => existsSync(join(root, split));
  return has('train') && ['val', 'valid', 'validation', 'test'].some(has);
}

/**
 * Reports what the curves are read against: chance, raw pixels and the untrained net, whose accuracy is also the first
 * point of a run that starts fresh. Measured once in a run; a run that goes on finds them in `results/baselines.json`.
 */
export async function measureBaselines<State>(
  method: TrainingMethod<State>,
  config: TrainingConfig,
  start: { state: State; from: string | null },
  probe: KnnProbe | null,
  { folder, report }: JobContext,
): Promise<Baselines | null> {
  const path = join(folder, 'results', 'baselines.json');
  if (existsSync(path)) return baselinesFile.parse(JSON.parse(readFileSync(path, 'utf8')));

  const reference = (series: string, name: string, value: number) => report({ type: 'reference', series, name, value });
  for (const [series, value] of Object.entries(method.chance)) reference(series, 'chance', value);
  if (!probe) return null;

  const pixels = await probe.measurePixels();
  const fresh = start.from === null ? start.state : method.initialState(config.seed);
  const { parameters, buffers } = method.trained(fresh);
  const untrained = await probe.measure(method.model, parameters, buffers);
  if (fresh !== start.state) method.disposeState(fresh);
  else report({ type: 'metrics', group: 'probe', epoch: 0, step: 0, values: untrained });
  for (const name of Object.keys(untrained).filter((name) => name.startsWith('bestAccuracy'))) {
    reference(`probe/${name}`, 'chance', probe.chance);
    reference(`probe/${name}`, 'raw pixels', pixels[name]!);
    reference(`probe/${name}`, 'untrained net', untrained[name]!);
  }
  mkdirSync(join(folder, 'results'), { recursive: true });
  writeAtomically(path, `${stringifyNumbers({ pixels, untrained, protocol: probe.protocol }, 2)}\n`);
  return { pixels, untrained };
}
