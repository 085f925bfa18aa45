import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { createTRPCClient, httpBatchLink, httpSubscriptionLink, splitLink, TRPCClientError } from '@trpc/client';
import superjson from 'superjson';
import { expect, onTestFinished, test } from 'vitest';
import type { RunRecord } from '../../../common/records.ts';
import type { AppRouter } from '../../../main/api/router.ts';
import { type Host, type HostOptions, startHost } from '../../../main/web/host.ts';
import { eventSourceWith } from '../../support/event-source.ts';
import { makeData, openStudio, temporaryFolder, trainConfigFor, until, untilState } from '../../support/studio.ts';

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  bytes: Buffer;
  text: string;
}

/** As a browser would not let us ask: any path, any header. */
function ask(
  host: Host,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
  body = '',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: host.port, path, method, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part) => parts.push(part));
      response.on('end', () => {
        const bytes = Buffer.concat(parts);
        resolve({ status: response.statusCode!, headers: response.headers, bytes, text: bytes.toString() });
      });
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

const tokenOf = (host: Host) => new URL(host.url).searchParams.get('token')!;
const bearer = (host: Host) => ({ authorization: `Bearer ${tokenOf(host)}` });

async function openHost(options: Partial<HostOptions> = {}) {
  const workspace = temporaryFolder();
  const studio = await openStudio(workspace);
  const pagesFolder = join(workspace, 'pages');
  mkdirSync(join(pagesFolder, 'assets'), { recursive: true });
  writeFileSync(join(pagesFolder, 'index.html'), `<!doctype html><title>the pages</title>${'<hr>'.repeat(300)}`);
  writeFileSync(join(pagesFolder, 'assets', 'index-abc.js'), 'export const a = 1;\n'.repeat(200));
  const host = await startHost({ services: studio.services, pagesFolder, port: 0, ...options });
  let open = true;
  const close = async () => {
    if (open) await host.close();
    open = false;
  };
  onTestFinished(close);
  return { host: { ...host, close }, studio, workspace, pagesFolder };
}

function clientOf(host: Host) {
  const http = { url: `http://127.0.0.1:${host.port}/trpc`, transformer: superjson };
  return createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: ({ type }) => type === 'subscription',
        true: httpSubscriptionLink({ ...http, EventSource: eventSourceWith(bearer(host)) }),
        false: httpBatchLink({ ...http, headers: bearer(host) }),
      }),
    ],
  });
}

test('without the token nothing is served, and it is said how to get in', async () => {
  const { host } = await openHost();
  for (const path of ['/', '/assets/index-abc.js', '/trpc/runs.list', '/files/runs/x/log.txt', '/nothing']) {
    expect((await ask(host, path)).status).toBe(401);
  }
  expect((await ask(host, '/', { authorization: 'Bearer wrong' })).status).toBe(401);
  expect((await ask(host, '/?token=wrong')).status).toBe(401);
  const page = await ask(host, '/', { accept: 'text/html' });
  expect(page.status).toBe(401);
  expect(page.text).toContain('name="token"');
  expect(page.text).not.toContain(tokenOf(host));
});

test('the token in the address becomes a cookie that scripts and other sites cannot use', async () => {
  const { host } = await openHost();
  const answer = await ask(host, `/?token=${tokenOf(host)}`);
  expect(answer).toMatchObject({ status: 303, headers: { location: '/', 'cache-control': 'no-store' } });
  const [cookie] = answer.headers['set-cookie']!;
  expect(cookie).toMatch(/; Path=\/; HttpOnly; SameSite=Strict$/);
  const inside = await ask(host, '/', { cookie: cookie!.split(';')[0]! });
  expect(inside).toMatchObject({ status: 200, text: expect.stringContaining('the pages') });
  // Neither another host nor another site can be the place that the token leads to.
  for (const path of ['//evil.example/', '/\\evil.example/', '/%2f/evil.example']) {
    expect((await ask(host, `${path}?token=${tokenOf(host)}`)).headers.location).toMatch(/^\/(?![/\\])/);
  }
});

test('clicked on a page of another site, the token is taken by a page that goes on by itself', async () => {
  const { host } = await openHost();
  const clicked = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
  const answer = await ask(host, `/?token=${tokenOf(host)}`, clicked);
  expect(answer.status).toBe(200);
  expect(answer.headers['set-cookie']).toHaveLength(1);
  expect(answer.text).toContain('http-equiv="refresh"');
  expect(answer.text).not.toContain(tokenOf(host));
});

test('a foreign host name or origin is refused with the reason, whatever else is right', async () => {
  const { host } = await openHost();
  const rebound = await ask(host, '/trpc/runs.list', { ...bearer(host), host: 'rebound.example:4123' });
  expect(rebound.status).toBe(403);
  expect(rebound.text).toContain('rebound.example');
  expect(rebound.text).toContain('--allow-host');
  const foreign = await ask(host, '/trpc/queue.hold', { ...bearer(host), origin: 'http://evil.example' }, 'POST');
  expect(foreign.status).toBe(403);
  const own = await ask(host, '/', {
    ...bearer(host),
    origin: `http://localhost:${host.port}`,
    host: `localhost:${host.port}`,
  });
  expect(own.status).toBe(200);
});

test('a name that was allowed is served', async () => {
  const { host } = await openHost({ allowedHosts: ['gpu-box.example'] });
  expect((await ask(host, '/', { ...bearer(host), host: 'gpu-box.example' })).status).toBe(200);
});

test('every answer forbids scripts of others, frames and sniffing', async () => {
  const { host } = await openHost();
  for (const path of ['/', '/assets/none.js', '/trpc/none', '/files/none']) {
    const { headers } = await ask(host, path, bearer(host));
    expect(headers['content-security-policy']).toMatch(/script-src 'self';.*frame-ancestors 'none'/);
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
    expect(headers['access-control-allow-origin']).toBeUndefined();
  }
});

test('pages: built files for long and compressed, the page itself always anew, its routes lead to it', async () => {
  const { host } = await openHost();
  const asset = await ask(host, '/assets/index-abc.js', { ...bearer(host), 'accept-encoding': 'gzip' });
  expect(asset.headers['cache-control']).toContain('immutable');
  expect(asset.headers['content-type']).toBe('text/javascript; charset=utf-8');
  expect(gunzipSync(asset.bytes).toString()).toBe('export const a = 1;\n'.repeat(200));
  const page = await ask(host, '/', bearer(host));
  expect(page.headers).toMatchObject({
    'cache-control': 'private, no-store',
    'content-type': 'text/html; charset=utf-8',
  });
  const compressed = await ask(host, '/', { ...bearer(host), 'accept-encoding': 'gzip' });
  expect(gunzipSync(compressed.bytes).toString()).toContain('<title>the pages');
  expect((await ask(host, '/runs/abc', bearer(host))).text).toContain('the pages');
  expect((await ask(host, '/assets/gone.js', bearer(host))).status).toBe(404);
  expect((await ask(host, '/', bearer(host), 'HEAD')).bytes).toHaveLength(0);
  expect((await ask(host, '/', bearer(host), 'POST')).status).toBe(405);
});

test('pages that are not built are explained', async () => {
  const { host } = await openHost({ pagesFolder: join(temporaryFolder(), 'none') });
  const answer = await ask(host, '/', bearer(host));
  expect(answer.status).toBe(503);
  expect(answer.text).toContain('npm run build:pages');
});

async function finishedRun() {
  const opened = await openHost();
  const data = makeData(opened.workspace, { epochs: 1, stepsPerEpoch: 3, stepMs: 0 });
  const run = await opened.studio.services.runs.launch({ kind: 'train', config: trainConfigFor(data) });
  return { ...opened, run: await untilState(opened.studio, run.id, 'finished') };
}

test('files of a run: whole, in part, to save, and nothing outside of its folder', async () => {
  const { host, run, workspace } = await finishedRun();
  const file = `/files/runs/${run.id}/checkpoints/a%20b.safetensors`;
  writeFileSync(join(run.folder, 'checkpoints', 'a b.safetensors'), '0123456789');
  const whole = await ask(host, file, bearer(host));
  expect(whole).toMatchObject({ status: 200, text: '0123456789' });
  expect(whole.headers).toMatchObject({ 'content-length': '10', 'content-type': 'application/octet-stream' });
  const saved = await ask(host, `${file}?download`, bearer(host));
  expect(saved.headers['content-disposition']).toBe("attachment; filename*=UTF-8''a%20b.safetensors");

  const part = (range: string, more = {}) => ask(host, file, { ...bearer(host), range, ...more });
  expect(await part('bytes=4-')).toMatchObject({ status: 206, text: '456789' });
  expect((await part('bytes=4-')).headers['content-range']).toBe('bytes 4-9/10');
  expect(await part('bytes=2-3')).toMatchObject({ status: 206, text: '23' });
  expect(await part('bytes=-3')).toMatchObject({ status: 206, text: '789' });
  expect(await part('bytes=8-99')).toMatchObject({ status: 206, text: '89' });
  expect((await part('bytes=10-')).status).toBe(416);
  expect(await part('bytes=4-', { 'if-range': whole.headers.etag! })).toMatchObject({ status: 206 });
  expect(await part('bytes=4-', { 'if-range': '"another"' })).toMatchObject({ status: 200, text: '0123456789' });

  symlinkSync(join(workspace, 'studio.db'), join(run.folder, 'escape'));
  const outside = [
    'escape',
    '../../studio.db',
    '..%2f..%2fstudio.db',
    '%2e%2e/%2e%2e/studio.db',
    '..\\..\\studio.db',
    '',
  ];
  for (const path of outside) {
    const answer = await ask(host, `/files/runs/${run.id}/${path}`, bearer(host));
    expect([path, answer.status]).toEqual([path, 404]);
  }
  for (const path of [
    '/files/runs/none/log.txt',
    '/files/runs/..',
    '/files/studio.db',
    '/files',
    '/files/runs/%2e%2e/studio.db',
  ]) {
    expect((await ask(host, path, bearer(host))).status).toBe(404);
  }
});

test('the router: calls, errors with code and cure, a bound on what is sent', async () => {
  const { host, run } = await finishedRun();
  const api = clientOf(host);
  expect(await api.runs.get.query({ id: run.id })).toMatchObject({ id: run.id, state: 'finished' });
  const error = await api.runs.get.query({ id: 'none' }).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(TRPCClientError);
  expect(error.data).toMatchObject({ httpStatus: 404, app: { code: 'not-found' } });
  const large = JSON.stringify({ json: { id: 'x'.repeat(2 << 20) } });
  const json = { ...bearer(host), 'content-type': 'application/json' };
  expect((await ask(host, '/trpc/runs.stop', json, 'POST', large)).status).toBe(413);
  // What changes something is never done by an address alone.
  expect((await ask(host, '/trpc/queue.hold', bearer(host))).status).toBe(405);
});

test('a refusal reaches the client of the pages in the form of its errors', async () => {
  const { host } = await openHost();
  const link = httpBatchLink({ url: `http://127.0.0.1:${host.port}/trpc`, transformer: superjson });
  const error = await createTRPCClient<AppRouter>({ links: [link] })
    .queue.list.query()
    .catch((thrown) => thrown);
  expect(error.message).toBe('This studio wants its token.');
  expect(error.data.httpStatus).toBe(401);
});

test('points are pushed while a run goes on, each once, also over a restart of the host', async () => {
  const { host, studio, workspace, pagesFolder } = await openHost();
  const data = makeData(workspace, { epochs: 2, stepsPerEpoch: 40, stepMs: 25 });
  const { id } = await studio.services.runs.launch({ kind: 'train', config: trainConfigFor(data) });
  const steps: number[] = [];
  const states = new Set<RunRecord['state']>();
  let failure: unknown = null;
  const subscription = clientOf(host).runs.watch.subscribe(
    { id, afterSeq: -1 },
    {
      onData({ data }) {
        if (data.run) states.add(data.run.state);
        steps.push(...data.points.filter(({ series }) => series === 'step/loss').map(({ step }) => step));
      },
      onError: (error) => {
        failure = error;
      },
    },
  );
  onTestFinished(() => subscription.unsubscribe());
  await until(() => steps.length > 10, 'points to arrive');

  await host.close();
  const again = await startHost({ services: studio.services, pagesFolder, port: host.port, token: tokenOf(host) });
  onTestFinished(again.close);
  await until(() => states.has('finished'), 'the end of the run to arrive');
  expect(failure).toBeNull();
  expect(steps).toEqual(Array.from({ length: 80 }, (_, step) => step));
});

test('closing ends open event streams instead of waiting for them', async () => {
  const { host } = await openHost();
  let subscription = { unsubscribe() {} };
  const told = new Promise<unknown>((resolve) => {
    subscription = clientOf(host).runs.watchList.subscribe(undefined, { onData: resolve });
  });
  onTestFinished(() => subscription.unsubscribe());
  await told;
  await host.close();
});

test('a port that was asked for and is taken is an error with a cure; the usual one moves on', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void taken.close());
  await new Promise((resolve) => taken.once('listening', resolve));
  const { port } = taken.address() as AddressInfo;
  await expect(openHost({ port })).rejects.toMatchObject({ code: 'conflict', cure: expect.stringContaining('--port') });

  const [first, second] = [await openHost({ port: undefined }), await openHost({ port: undefined })];
  expect(second.host.port).toBeGreaterThan(first.host.port);
  expect(second.host.movedFrom).toBe(4123);
});
