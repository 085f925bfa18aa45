/** A run and its repetition as their folders tell; the images are looked through by the real task. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { JobEvent } from '../../../common/events.ts';
import { trainConfig } from '../../../common/jobs/train.ts';
import { reproductionWords } from '../../../common/reproduction.ts';
import { type Application, openApplication } from '../../../main/application.ts';
import { readConfig } from '../../../main/jobs/run-folder.ts';
import { everyFingerprint } from '../../../worker/datasets/fingerprint-all.ts';
import { openRunLog } from '../../../worker/run-log.ts';
import { makePictures } from '../../support/pictures.ts';
import { trainingEvents } from '../../support/run-folders.ts';
import { temporaryFolder, untilState } from '../../support/studio.ts';
import { writeRun } from '../../support/written-run.ts';

const patience = { timeout: 300_000 };

async function openWorkspace(workspace: string): Promise<Application> {
  const workerEntry = join(import.meta.dirname, '..', '..', '..', 'worker', 'main.ts');
  const application = await openApplication({ workspace, workerEntry, runQueue: false });
  onTestFinished(() => application.close({ stopWorkers: true }));
  return application;
}

/** Losses 1, 1/2, ..., 1/6, but of step 4 (1/5) that much of it more; a NaN as a file has it; another rate each time. */
function recorded(more: number): JobEvent[] {
  const loss = (step: number) => (step === 4 ? (1 + more) / 5 : 1 / (step + 1));
  const values = { loss: loss(4), knn: { bestAccuracy: 42, top: [1, 'NaN'] }, imagesPerSecond: performance.now() };
  return [
    ...trainingEvents({ epochs: 2, stepsPerEpoch: 3, knn: (epoch) => 40 + epoch, loss }).slice(1),
    { type: 'metrics', group: 'step', epoch: 1, step: 5, values: { imagesPerSecond: performance.now() } },
    { type: 'result', name: 'train', values, protocol: {} },
  ];
}

/** A training of images that has finished, in a workspace of its own. */
async function finishedTraining() {
  const workspace = temporaryFolder();
  const data = join(workspace, 'data');
  await makePictures(data, { splits: { train: 2 }, side: 8 });
  const [dataSha256] = (await everyFingerprint(data)).sha256;
  const config = trainConfig.parse({
    data,
    seed: 7,
    batchSize: 2,
    bnSplits: 1,
    queueLength: 4,
    checkpointFolder: join(workspace, 'elsewhere'),
  });
  await writeRun(workspace, {
    ...{ id: 'first', kind: 'train', name: 'Small', config, state: 'finished' },
    events(folder) {
      writeFileSync(join(folder, 'environment.json'), JSON.stringify({ dataSha256 }));
      return recorded(0);
    },
  });
  return { studio: await openWorkspace(workspace), data, dataSha256, config };
}

async function repeat(studio: Application, options: { anyway: boolean }) {
  const started = await studio.services.reproductions.start('first', options);
  if (started.state !== 'launched') throw new Error(started.message);
  return started.run;
}

/** What its worker would have written. */
async function finish(studio: Application, { id, folder }: { id: string; folder: string }, more: number, sha256 = '') {
  writeFileSync(join(folder, 'environment.json'), JSON.stringify({ dataSha256: sha256 }));
  const log = openRunLog(folder);
  log.record({ type: 'segment', segment: 0, epoch: 0, step: 0, resumedFrom: null, environment: {} });
  for (const event of recorded(more)) log.record(event);
  log.record({ type: 'ended', state: 'finished' });
  log.setState('finished', { stage: 'finished', pid: null, processStart: null });
  log.close();
  await untilState(studio, id, 'finished');
}

test(
  'the same settings in a folder of its own, linked; how far apart they are once it has ended',
  patience,
  async () => {
    const { studio, dataSha256, config } = await finishedTraining();
    const { reproductions } = studio.services;
    expect(reproductions.get('first')).toBeNull();

    const same = await repeat(studio, { anyway: false });
    expect(same).toMatchObject({ state: 'queued', parent: 'first', kind: 'train', name: 'Small · reproduced' });
    expect(same.config).toEqual({ ...config, checkpointFolder: '' });
    expect(readConfig(same.folder).reproduces).toBe('first');
    expect(reproductions.get(same.id)).toMatchObject({ first: 'first', state: 'waiting' });
    await expect(reproductions.start(same.id, { anyway: false })).rejects.toMatchObject({ code: 'conflict' });

    await finish(studio, same, 0, dataSha256);
    const identical = reproductions.get(same.id)!;
    expect(identical).toMatchObject({ state: 'identical', sameData: true });
    // 6 steps, 2 epochs, 2 probes of 2 values; of the result loss, bestAccuracy and two of top.
    expect(reproductionWords(identical)).toBe('Identical bit for bit: 12 points and 4 result values.');

    const near = await repeat(studio, { anyway: false });
    await finish(studio, near, 0.25);
    const differs = reproductions.get(near.id)!;
    expect(differs).toMatchObject({ state: 'differs', sameData: false });
    // |1.25 / 5 - 1 / 5| / (1.25 / 5) = 0.2, up to the rounding of a division.
    const curve = differs.curves.find(({ series }) => series === 'step/loss');
    expect(curve).toMatchObject({ points: 6, unmatched: 0, atStep: 4 });
    expect(curve?.largestRelative).toBeCloseTo(0.2, 12);
    const loss = differs.results.find(({ name }) => name === 'train/loss');
    expect(loss?.difference).toBeCloseTo(0.05, 12);
    expect(reproductionWords(differs)).toBe(
      'The same within 2.0e-1 (step/loss, step 4). Result values that differ: train/loss +0.05. The images were not the same.',
    );

    studio.services.runs.trash(['first']);
    await studio.services.runs.deleteForever(['first']);
    expect(reproductions.get(near.id)).toMatchObject({ state: 'gone' });
  },
);

test('images that have changed are told of, and nothing is started; anyway it is', patience, async () => {
  const { studio, data } = await finishedTraining();
  writeFileSync(join(data, 'train', 'red', '0.png'), 'another length');
  const refused = await studio.services.reproductions.start('first', { anyway: false });
  expect(refused).toMatchObject({ state: 'data-changed', message: expect.stringContaining(data) });
  expect(studio.services.runs.list({ limit: 9, offset: 0 }).total).toBe(1);
  expect((await repeat(studio, { anyway: true })).state).toBe('queued');
});
