/** Runs from elsewhere and for elsewhere. */
import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { AppError } from '../../common/errors.ts';
import { type FoundRun, isEventFile, type RunExport, type RunImport } from '../../common/interop.ts';
import type { RunExportConfig, RunImportConfig } from '../../common/jobs/interop.ts';
import { exportBundle } from '../interop/bundle-export.ts';
import { readBundle } from '../interop/bundle-import.ts';
import { placeGrowth } from '../interop/log-run.ts';
import { exportEvents } from '../interop/tensorboard-export.ts';
import { eventFolders, type ReadFolder, readEventFolder } from '../interop/tensorboard-import.ts';
import type { Job, JobContext } from '../job.ts';

export const runImportJob: Job<RunImportConfig> = async (config, { report, wishes }) => {
  const source = resolve(config.source);
  const status = statSync(source, { throwIfNoEntry: false });
  if (!status) throw new AppError('not-found', `There is no ${source}.`, { cure: 'Check the path.' });
  mkdirSync(config.into, { recursive: true });
  const about = { source, imported: !config.preview };
  const options = { into: config.into, preview: config.preview, signal: wishes.signal };
  if (status.isDirectory()) {
    const read = await readLogs(source, { ...options, called: config.called, report });
    answer(report, { ...about, format: 'tensorboard', runs: place(read) } satisfies RunImport);
    return 'finished';
  }
  const onBytes = (done: number, total: number) =>
    report({ type: 'progress', stage: 'verifying the bundle', done, total });
  const { runs } = await readBundle(source, { ...options, onBytes });
  answer(report, { ...about, format: 'bundle', runs: place(runs) } satisfies RunImport);
  return 'finished';
};

type LogOptions = Pick<Parameters<typeof readEventFolder>[1], 'into' | 'preview' | 'signal' | 'called'> &
  Pick<JobContext, 'report'>;

async function readLogs(root: string, { report, ...options }: LogOptions): Promise<ReadFolder[]> {
  const folders = eventFolders(root);
  if (folders.length === 0) {
    throw new AppError('data-invalid', `${root} has no event files of TensorBoard (events.out.tfevents.*).`, {
      cure: 'Name a log folder of TensorBoard, or the zip file of a bundle.',
    });
  }
  const total = folders.reduce((sum, folder) => sum + eventBytes(folder), 0);
  const read: ReadFolder[] = [];
  let before = 0;
  try {
    for (const folder of folders) {
      const onBytes = (done: number) =>
        report({ type: 'progress', stage: 'reading event files', done: before + done, total });
      const one = await readEventFolder(folder, { ...options, root, onBytes });
      before += one.run.sizeBytes;
      read.push(one);
    }
    return read;
  } catch (thrown) {
    for (const { unfinished } of read) if (unfinished !== null) rmSync(unfinished, { recursive: true, force: true });
    throw thrown;
  }
}

function eventBytes(folder: string): number {
  const names = readdirSync(folder).filter(isEventFile);
  return names.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}

/** All were read: they get their names, by which the application finds them. */
function place(read: { run: FoundRun; unfinished: string | null }[]): FoundRun[] {
  for (const { run, unfinished } of read) {
    if (unfinished === null) continue;
    if (run.existing) placeGrowth(unfinished, run.folder);
    else renameSync(unfinished, run.folder);
  }
  return read.map(({ run }) => run);
}

export const runExportJob: Job<RunExportConfig> = async (config, { report, wishes }) => {
  const target = resolve(config.target);
  const { runs, format, overwrite, checkpoints } = config;
  const { signal } = wishes;
  const sizeBytes =
    format === 'bundle'
      ? await exportBundle(runs, target, {
          ...{ checkpoints, overwrite, signal },
          onBytes: (stage, done, total) => report({ type: 'progress', stage, done, total }),
        })
      : await exportEvents(runs, target, {
          ...{ overwrite, signal },
          onRun: (done) => report({ type: 'progress', stage: 'writing event files', done, total: runs.length }),
        });
  answer(report, { target, format, runs: runs.map((folder) => basename(folder)), sizeBytes } satisfies RunExport);
  return 'finished';
};

/** A record is shown, not run. */
export const tensorboardJob: Job<unknown> = async () => {
  throw new AppError('usage', 'A log of TensorBoard is a record: it cannot be run.');
};

function answer(report: JobContext['report'], values: object): void {
  report({ type: 'result', name: 'interop', values: { ...values }, protocol: {} });
}
