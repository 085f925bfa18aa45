/** The table of checkpoints with the real worker: import, lineage, damage, trash, uploads. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { CheckpointImport, CheckpointPreview } from '../../../common/checkpoints.ts';
import type { LaunchedTask } from '../../../common/records.ts';
import { type Application, openApplication } from '../../../main/application.ts';
import { startHost } from '../../../main/web/host.ts';
import { temporaryFolder } from '../../support/studio.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const fixtures = join(process.env.CONTRAST_FIXTURES ?? join(root, 'test', 'fixtures'), 'checkpoints');

async function open(workspace: string): Promise<Application> {
  const studio = await openApplication({ workspace, workerEntry: join(root, 'worker', 'main.ts'), runQueue: false });
  let isOpen = true;
  const { close } = studio;
  studio.close = async () => {
    if (isOpen) await close();
    isOpen = false;
  };
  onTestFinished(() => studio.close());
  return studio;
}

/** The result of a task, once it is over. */
async function resultOf<Result>(studio: Application, starting: Promise<LaunchedTask>): Promise<Result> {
  const { id } = await starting;
  let result: unknown;
  for await (const [, update] of studio.services.tasks.watch(id, {})) {
    if (update.type === 'result') result = update.values;
    if (update.type === 'failed') throw new Error(update.message);
  }
  return result as Result;
}

/** A run that used a checkpoint and measured something with it, as its worker would have left it. */
function writeRun(workspace: string, sha256: string): void {
  const folder = join(workspace, 'runs', '20260101-000000-knn-usedabcd');
  mkdirSync(folder, { recursive: true });
  const time = '2026-01-01T00:00:00.000Z';
  const config = { pretrained: '/file', data: '/data' };
  const file = { id: 'usedabcd', kind: 'knn', name: 'kNN', createdAt: time, recipe: null, parent: null, config };
  writeFileSync(join(folder, 'config.json'), JSON.stringify(file));
  const result = {
    type: 'result',
    name: 'knn',
    values: { bestAccuracy: 61.5, bestK: 3 },
    protocol: { measure: 'best-NN' },
  };
  const events = [
    { type: 'used', role: 'pretrained', path: '/file', sha256 },
    result,
    { type: 'ended', state: 'finished' },
  ];
  const lines = events.map((event, seq) => JSON.stringify({ seq, time, ...event }));
  writeFileSync(join(folder, 'events.jsonl'), `${lines.join('\n')}\n`);
}

test('preview, import, uses and results, damage, trash and back, a database made anew', async () => {
  const workspace = temporaryFolder();
  const file = join(fixtures, 'moco-tiny.pth.tar');
  let studio = await open(workspace);
  const { checkpoints } = studio.services;
  const preview = await resultOf<CheckpointPreview>(studio, checkpoints.preview({ file }));
  expect(preview).toMatchObject({ layout: 'moco', encoder: 'encoder_q', arch: null, ambiguous: false, tensors: 22 });
  expect(preview.encoders.map(({ name }) => name)).toEqual(['encoder_q', 'encoder_k']);
  expect(preview.candidates[0]!.arch).toBe('resnet18');
  expect(preview.leftOut).toContain('module.queue');
  expect(checkpoints.list({})).toEqual([]);

  const { id, sha256, folder } = await resultOf<CheckpointImport>(studio, checkpoints.import({ file }));
  expect(checkpoints.list({})).toMatchObject([{ id, source: 'imported', layout: 'moco', state: 'ok', epoch: 200 }]);
  writeRun(workspace, sha256);
  await studio.close();

  rmSync(join(workspace, 'studio.db')); // the folders are the truth
  studio = await open(workspace);
  const again = studio.services.checkpoints;
  expect(again.get(id.slice(0, 5))).toMatchObject({
    results: { knn: { value: 61.5, measure: 'bestAccuracy', run: 'usedabcd', protocol: { measure: 'best-NN' } } },
    lineage: { parent: null, usedBy: [{ run: { id: 'usedabcd', kind: 'knn' }, role: 'pretrained' }] },
  });

  again.trash([id]);
  expect(again.list({})).toEqual([]);
  expect(again.list({ trashed: true })).toHaveLength(1);
  again.restore([id]);
  expect(again.rename(id, 'Tiny')).toMatchObject({ name: 'Tiny', trashedAt: null });
  expect(() => again.deleteForever([id])).toThrow('not in the trash');

  truncateSync(join(folder, 'moco-tiny.pth.tar'), 100);
  expect(again.get(id)).toMatchObject({ state: 'damaged', problem: 'It has 100 bytes instead of 13214.' });
  rmSync(join(folder, 'moco-tiny.pth.tar'));
  expect(again.get(id)).toMatchObject({ state: 'missing' });
  again.trash([id]);
  again.deleteForever([id]);
  expect(existsSync(folder)).toBe(false);
  expect(() => again.get(id)).toThrow(`There is no checkpoint ${id}.`);
});

test('verifying keeps what it found; a file put right is fine again', async () => {
  const workspace = temporaryFolder();
  const file = join(workspace, 'net.pth');
  copyFileSync(join(fixtures, 'plain-state-dict.pth'), file);
  const studio = await open(workspace);
  const { checkpoints } = studio.services;
  const { id } = await resultOf<CheckpointImport>(studio, checkpoints.import({ file, link: true }));
  const whole = readdirSync(workspace).length;
  writeFileSync(file, Buffer.alloc(4043, 7)); // as long as before
  await resultOf(studio, checkpoints.verify({}));
  await expect.poll(() => checkpoints.get(id).state).toBe('damaged');
  copyFileSync(join(fixtures, 'plain-state-dict.pth'), file);
  utimesSync(file, 1_700_000_000, 1_700_000_000); // as a copy put back keeps its time
  expect(checkpoints.get(id)).toMatchObject({ state: 'ok', verifiedAt: null, how: 'linked', file });
  expect(readdirSync(workspace)).toHaveLength(whole);
});

test('a file that a page sends waits to be imported, with the token and under a plain name only', async () => {
  const workspace = temporaryFolder();
  const studio = await open(workspace);
  const host = await startHost({ services: studio.services, pagesFolder: workspace, port: 0 });
  onTestFinished(() => host.close());
  const url = new URL(host.url);
  const headers = { authorization: `Bearer ${url.searchParams.get('token')}` };
  const send = (name: string, body: string | Uint8Array<ArrayBuffer>, more = headers) =>
    fetch(`${url.origin}/uploads?name=${encodeURIComponent(name)}`, { method: 'POST', body, headers: more });

  expect((await send('net.pth', 'x', { authorization: 'Bearer no' })).status).toBe(401);
  for (const name of ['../net.pth', '.net', 'a/b', '']) expect((await send(name, 'x')).status).toBe(400);
  const sent = new Uint8Array(2_000_000).fill(5);
  const { file, sizeBytes } = (await (await send('sent.bin', sent)).json()) as { file: string; sizeBytes: number };
  expect(sizeBytes).toBe(2_000_000);
  expect(file.startsWith(join(workspace, 'checkpoints', '.incoming'))).toBe(true);
  studio.services.checkpoints.discardUpload(file);
  expect(existsSync(file)).toBe(false);
  expect(() => studio.services.checkpoints.discardUpload(join(workspace, 'studio.db'))).toThrow(
    'no file that was sent',
  );

  const body = new Uint8Array(readFileSync(join(fixtures, 'plain-state-dict.pth')));
  const upload = (await (await send('plain.pth', body)).json()) as { file: string };
  const imported = await resultOf<CheckpointImport>(studio, studio.services.checkpoints.import({ file: upload.file }));
  expect(imported).toMatchObject({ name: 'plain', how: 'copied', layout: 'torchvision' });
  expect(readdirSync(join(workspace, 'checkpoints', '.incoming'))).toEqual([]);
  expect(readdirSync(imported.folder).sort()).toEqual(['import.json', 'plain.pth']);
});
