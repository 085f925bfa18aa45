import { join } from 'node:path';
import superjson from 'superjson';
import { expect, test } from 'vitest';
import { createCaller } from '../../../main/api/router.ts';
import { makeData, openStudio, temporaryFolder, trainConfigFor, untilState } from '../../support/studio.ts';

async function openCaller() {
  const workspace = temporaryFolder();
  const data = makeData(workspace, { epochs: 1, stepsPerEpoch: 4, stepMs: 0, nanAt: 1 });
  const studio = await openStudio(workspace);
  return { workspace, data, studio, api: createCaller({ services: studio.services }) };
}

test('errors for people keep their code, field and cure through the router', async () => {
  const { api, data } = await openCaller();
  await expect(api.runs.get({ id: 'nothing' })).rejects.toMatchObject({
    code: 'NOT_FOUND',
    cause: { code: 'not-found' },
  });
  const wrong = api.runs.launch({ kind: 'train', config: { ...trainConfigFor(data), batchSize: 7 } });
  await expect(wrong).rejects.toMatchObject({ code: 'BAD_REQUEST', cause: { field: 'batchSize' } });
  await expect(api.runs.list({ limit: -1 })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
});

test('a run from launch to its curve, as a page asks for it; NaN survives the wire', async () => {
  const { api, data, studio } = await openCaller();
  const { id } = await api.runs.launch({ kind: 'train', config: trainConfigFor(data) });
  await untilState(studio, id, 'finished');
  const wire = superjson.parse<Awaited<ReturnType<typeof api.runs.points>>>(
    superjson.stringify(await api.runs.points({ id, series: ['step/loss'] })),
  );
  expect(wire.series[0]!.values).toEqual([5, Number.NaN, 4.98, 4.97]);
  expect((await api.runs.list({})).rows.map((run) => run.id)).toEqual([id]);
});

test('the machine, its folders and the data sets that were used', async () => {
  const { api, data, workspace } = await openCaller();
  const info = await api.system.info();
  expect(info).toMatchObject({ workspace, versions: { node: process.versions.node } });
  expect((await api.system.doctor()).map((check) => check.name)).toContain('Disk');
  const listing = await api.system.browse({ path: join(data, 'train') });
  expect(listing).toMatchObject({ parent: data, images: 0, truncated: false });
  expect(listing.folders).toEqual([
    { name: 'a', path: join(data, 'train', 'a'), images: 32 },
    { name: 'b', path: join(data, 'train', 'b'), images: 32 },
  ]);
  expect(listing.checkpoints).toEqual([]);
  const fixtures = join(import.meta.dirname, '..', '..', 'fixtures', 'checkpoints');
  const { checkpoints } = await api.system.browse({ path: fixtures, checkpoints: true });
  expect(checkpoints).toContainEqual({
    name: 'moco-tiny.pth.tar',
    path: join(fixtures, 'moco-tiny.pth.tar'),
    sizeBytes: 13_214,
  });
  expect(checkpoints.map(({ name }) => name)).not.toContain('manifest.json');
  expect((await api.system.browse({ path: fixtures })).checkpoints).toEqual([]);
  await expect(api.system.browse({ path: join(data, 'none') })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await api.runs.launch({ kind: 'train', config: trainConfigFor(data) });
  expect(await api.datasets.list()).toMatchObject([{ path: data, images: 64, classes: 2, probe: true }]);
});
