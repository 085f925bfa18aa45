/** A log folder that a browser sends, file by file: plain relative names of event files alone. */
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { receiveUpload } from '../../../main/web/uploads.ts';

async function open() {
  const checkpoints = mkdtempSync(join(tmpdir(), 'contrast-uploads-'));
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url!, 'http://studio');
    void receiveUpload(request, response, searchParams, checkpoints);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    rmSync(checkpoints, { recursive: true, force: true });
  });
  const { port } = server.address() as AddressInfo;
  const send = (query: Record<string, string>, body = 'x') =>
    fetch(`http://127.0.0.1:${port}/uploads?${new URLSearchParams(query)}`, { method: 'POST', body });
  const held = () => readdirSync(checkpoints, { recursive: true, encoding: 'utf8' }).sort();
  return { send, held };
}

const event = 'events.out.tfevents.1.host';

test('the files of a folder come to lie together, as they did where they came from', async () => {
  const { send, held } = await open();
  const first = (await (await send({ folder: 'logs', path: event }, 'one')).json()) as { file: string; upload: string };
  const { upload } = first;
  const second = await (await send({ folder: 'logs', path: `a/b/${event}`, upload }, 'two')).json();
  expect(second).toMatchObject({ file: first.file, upload, sizeBytes: 3 });
  expect(readdirSync(first.file).sort()).toEqual(['a', event]);
  expect(readFileSync(join(first.file, 'a', 'b', event), 'utf8')).toBe('two');
  expect(held().filter((path) => path.endsWith('.partial'))).toEqual([]);
});

test.each([
  ['logs', `../${event}`],
  ['logs', `/${event}`],
  ['logs', `a//${event}`],
  ['logs', `a\\${event}`],
  ['logs', `.hidden/${event}`],
  ['logs', `c:/${event}`],
  ['logs', `${'a/'.repeat(9)}${event}`],
  ['logs', 'secrets.txt'],
  ['logs', ''],
  ['..', event],
  ['a/b', event],
])('in the folder %s the path %s is refused', async (folder, path) => {
  const { send, held } = await open();
  expect((await send({ folder, path })).status).toBe(400);
  expect(held()).toEqual([]);
});

test.each([
  ['../..', 400],
  ['1-2-abc', 404],
])('of the upload %s there is nothing to go on with', async (upload, status) => {
  const { send, held } = await open();
  expect((await send({ folder: 'logs', path: event, upload })).status).toBe(status);
  expect(held()).toEqual([]);
});
