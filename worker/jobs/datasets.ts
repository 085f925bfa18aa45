/** Making the demo data, looking through a folder of images, and telling whether it is still the same. */
import type { DatasetFingerprintConfig } from '../../common/jobs/datasets.ts';
import type { DatasetCheckConfig, DatasetDemoConfig } from '../../common/jobs/index.ts';
import { checkDataset } from '../datasets/check.ts';
import { makeDemoDataset } from '../datasets/demo.ts';
import { everyFingerprint } from '../datasets/fingerprint-all.ts';
import type { Job } from '../job.ts';

export const datasetDemoJob: Job<DatasetDemoConfig> = async ({ target, seed }, { report, wishes }) => {
  const { signal } = wishes;
  const onProgress = (done: number, total: number) =>
    report({ type: 'progress', stage: 'drawing images', done, total });
  const { plan: _plan, ...made } = await makeDemoDataset(target, { seed, onProgress, signal });
  report({ type: 'result', name: 'dataset', values: made, protocol: {} });
  return 'finished';
};

export const datasetCheckJob: Job<DatasetCheckConfig> = async ({ data, decode }, { report, wishes }) => {
  const check = await checkDataset(data, {
    decode,
    signal: wishes.signal,
    onProgress(progress) {
      if (progress.stage === 'listing') {
        report({ type: 'progress', stage: 'scanning images', done: progress.files, total: null });
      } else report({ type: 'progress', stage: 'decoding images', done: progress.done, total: progress.total });
    },
  });
  report({ type: 'result', name: 'dataset', values: { ...check }, protocol: { decode } });
  return 'finished';
};

export const datasetFingerprintJob: Job<DatasetFingerprintConfig> = async ({ data }, { report, wishes }) => {
  const found = await everyFingerprint(data, {
    signal: wishes.signal,
    onProgress: (stage, done, total) => report({ type: 'progress', stage, done, total }),
  });
  report({ type: 'result', name: 'dataset', values: { ...found }, protocol: {} });
  return 'finished';
};
