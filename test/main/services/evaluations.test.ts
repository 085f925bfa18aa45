/** What is known of a cell: by the checkpoint's hash, the protocol and the images, with the real task that looks at these. */
import { copyFileSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { knnConfig } from '../../../common/jobs/knn.ts';
import { trainConfig } from '../../../common/jobs/train.ts';
import { type Application, openApplication } from '../../../main/application.ts';
import { everyFingerprint } from '../../../worker/datasets/fingerprint-all.ts';
import { makePictures } from '../../support/pictures.ts';
import { temporaryFolder } from '../../support/studio.ts';
import { writeRun } from '../../support/written-run.ts';

const patience = { timeout: 300_000 };
const [first, second] = ['1'.repeat(64), '2'.repeat(64)];

async function openWorkspace(workspace: string): Promise<Application> {
  const workerEntry = join(import.meta.dirname, '..', '..', '..', 'worker', 'main.ts');
  const application = await openApplication({ workspace, workerEntry, runQueue: false });
  onTestFinished(() => application.close({ stopWorkers: true }));
  return application;
}

/** A training whose two epochs' checkpoints are there. */
async function writeTraining(workspace: string, data: string): Promise<string[]> {
  const files: string[] = [];
  await writeRun(workspace, {
    ...{ id: 'training', kind: 'train', name: 'Training', config: trainConfig.parse({ data }), state: 'finished' },
    events: (folder) =>
      [first, second].map((sha256, index) => {
        const path = `checkpoints/${index + 1}.safetensors`;
        writeFileSync(join(folder, path), 'weights');
        files.push(join(folder, path));
        return { type: 'checkpoint', epoch: index + 1, step: index + 1, path, sizeBytes: 7, sha256 };
      }),
  });
  return files;
}

interface KnnRun {
  id: string;
  data: string;
  pretrained: string;
  sha256: string;
  /** Of the images; none: it failed. */
  fingerprints?: string[];
  maxNeighbours?: number;
}

async function writeKnn(workspace: string, { id, sha256, fingerprints, ...config }: KnnRun) {
  const images = fingerprints?.map((one, index) => {
    return { split: index === 0 ? 'train' : 'val', images: 6, sha256: one, imagesPerSecond: 10 };
  });
  const provenance = {
    checkpointSha256: sha256,
    data: images,
    elapsedSeconds: 6,
    measuredAt: new Date().toISOString(),
  };
  await writeRun(workspace, {
    ...{ id, kind: 'knn', name: id, config: knnConfig.parse(config), state: images ? 'finished' : 'failed' },
    events: () => [
      { type: 'used', role: 'pretrained', path: config.pretrained, sha256 },
      images
        ? { type: 'result', name: 'knn', values: { bestAccuracy: 50, bestK: 3, provenance }, protocol: {} }
        : { type: 'failed', code: 'data-invalid', message: 'An image is broken.', cure: 'Take it out.' },
    ],
  });
}

/** The grid once the images have been looked at. */
async function gridOf({ services }: Application, data: string, maxNeighbours?: number) {
  const config = { data, ...(maxNeighbours && { maxNeighbours }) };
  const request = { checkpoints: [first, second], measures: [{ kind: 'knn' as const, config }] };
  await expect
    .poll(async () => (await services.evaluations.grid(request)).columns[0]?.data?.state, patience)
    .not.toBe('checking');
  return services.evaluations.grid(request);
}

test(
  'known by checkpoint, protocol and images; the rest is to run, with the time that it took before',
  patience,
  async () => {
    const workspace = temporaryFolder();
    const data = join(workspace, 'data');
    await makePictures(data, { splits: { train: 2, val: 2 }, side: 8 });
    const { sha256: fingerprints } = await everyFingerprint(data);
    const [one, two] = await writeTraining(workspace, data);
    await writeKnn(workspace, { id: 'known', data, pretrained: one!, sha256: first, fingerprints });
    await writeKnn(workspace, { id: 'failed', data, pretrained: two!, sha256: second });
    const studio = await openWorkspace(workspace);

    const { cells, columns } = await gridOf(studio, data);
    expect(columns[0]).toMatchObject({ problem: null, data: { state: 'known' } });
    expect(cells[0]?.[0]).toMatchObject({ state: 'known', runId: 'known', headlines: [{ value: 50, unit: '%' }] });
    expect(cells[1]?.[0]).toMatchObject({
      state: 'failed',
      runId: 'failed',
      message: 'An image is broken. Take it out.',
    });

    // Another protocol is another column; its time is that of the other one for as many images: 12 in 6 s.
    const other = await gridOf(studio, data, 1);
    expect(other.cells.map(([cell]) => cell)).toEqual([
      { state: 'open', estimateMs: 6000, changed: null },
      { state: 'open', estimateMs: 6000, changed: null },
    ]);

    // The same images elsewhere are the same images.
    const moved = join(workspace, 'moved');
    cpSync(data, moved, { recursive: true });
    expect((await gridOf(studio, moved)).cells[0]?.[0]).toMatchObject({ state: 'known', runId: 'known' });

    // Some of the images, of a folder in which nothing has changed since.
    await writeKnn(workspace, {
      id: 'part',
      data,
      pretrained: one!,
      sha256: first,
      fingerprints: ['0'],
      maxNeighbours: 3,
    });
    await expect.poll(() => studio.services.runs.list({ limit: 9, offset: 0 }).total, patience).toBe(4);
    expect((await gridOf(studio, data, 3)).cells[0]?.[0]).toMatchObject({ state: 'known', runId: 'part' });

    // Queued at once, each with its own ending: one of them names no checkpoint.
    const measure = { kind: 'knn' as const, config: { data, maxNeighbours: 1 } };
    const launched = await studio.services.evaluations.launch([
      { checkpoint: 'f'.repeat(64), measure },
      { checkpoint: second, measure },
    ]);
    expect(launched[0]).toMatchObject({ refused: { message: expect.stringContaining('There is no checkpoint') } });
    expect(launched[1]).toHaveProperty('runId');
    expect((await gridOf(studio, data, 1)).cells[1]?.[0]).toMatchObject({ state: 'active', run: 'queued' });
  },
);

test('a result of images that have changed since is not known any more', patience, async () => {
  const workspace = temporaryFolder();
  const data = join(workspace, 'data');
  await makePictures(data, { splits: { train: 2, val: 2 }, side: 8 });
  const [one] = await writeTraining(workspace, data);
  await writeKnn(workspace, {
    ...{ id: 'old', data, pretrained: one!, sha256: first, fingerprints: (await everyFingerprint(data)).sha256 },
  });
  mkdirSync(join(data, 'train', 'new'));
  copyFileSync(join(data, 'train', 'red', '0.png'), join(data, 'train', 'new', '0.png'));
  const { cells } = await gridOf(await openWorkspace(workspace), data);
  expect(cells[0]?.[0]).toMatchObject({ state: 'open', changed: 'old' });
});
