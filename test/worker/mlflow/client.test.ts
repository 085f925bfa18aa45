/** What servers say that do not do what they should, and what becomes of it. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { AppError } from '../../../common/errors.ts';
import { mlflowName, shortened } from '../../../worker/mlflow/names.ts';
import { runJob } from '../../support/job-run.ts';
import { trainingEvents, writeFinishedRun } from '../../support/run-folders.ts';

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'contrast-mlflow-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const demo = trainingEvents({ epochs: 1, stepsPerEpoch: 2, knn: () => 50, loss: (step) => 4 - step });

function push(server: string, stopAt?: Parameters<typeof runJob>[3]) {
  const root = temporaryFolder();
  const run = writeFinishedRun(root, { id: 'abcdefgh', name: 'Demo', config: {}, events: demo });
  return runJob('mlflow-push', join(root, 'task'), { server, runs: [run] }, stopAt);
}

async function refusal(server: string): Promise<AppError> {
  const thrown = await push(server).catch((error: unknown) => error);
  if (!(thrown instanceof AppError)) throw thrown;
  return thrown;
}

test('who is not let in reads how to say who it is, and the password is in no message', async () => {
  const heard: (string | undefined)[] = [];
  const address = await serve(({ headers }, response) => {
    heard.push(headers.authorization);
    response.writeHead(401).end('You are not authenticated.');
  });
  const named = await refusal(`http://ada:lace%20y@${address}`);
  expect(named.message).toContain(`http://${address}`);
  expect(named.message).not.toContain('lace');
  expect(named.cure).toContain('MLFLOW_TRACKING_TOKEN');
  vi.stubEnv('MLFLOW_TRACKING_TOKEN', 't0ken');
  onTestFinished(() => void vi.unstubAllEnvs());
  await refusal(`http://${address}`);
  expect(heard).toEqual([`Basic ${Buffer.from('ada:lace y').toString('base64')}`, 'Bearer t0ken']);
});

test('a server that is another, sends elsewhere, refuses, or is not there is named', async () => {
  const other = await serve((_request, response) => response.end('<!doctype html><title>Welcome</title>'));
  expect(await refusal(`http://${other}`)).toMatchObject({
    code: 'environment',
    message: `What http://${other} answers is not MLflow's: status 200, "<!doctype html><title>Welcome</title>".`,
  });
  const login = await serve((_request, response) => response.writeHead(302, { location: '/login' }).end());
  expect((await refusal(`http://${login}`)).message).toBe(`http://${login} sends elsewhere, to /login.`);
  const said = JSON.stringify({ error_code: 'INVALID_PARAMETER_VALUE', message: 'No.' });
  const strict = await serve((_request, response) => response.writeHead(400).end(said));
  expect((await refusal(`http://${strict}/`)).message).toContain('No. (INVALID_PARAMETER_VALUE)');
  const host = await serve((_request, response) => response.writeHead(403).end('Invalid Host header'));
  expect((await refusal(`http://${host}`)).cure).toContain('--allowed-hosts');
  const closed = createServer().listen(0, '127.0.0.1');
  await once(closed, 'listening');
  const { port } = closed.address() as AddressInfo;
  closed.close();
  await once(closed, 'close');
  const gone = await refusal(`http://127.0.0.1:${port}`);
  expect(gone.message).toContain(`http://127.0.0.1:${port} cannot be reached: connect ECONNREFUSED`);
  expect(gone.cure).toContain('mlflow server');
  expect(await refusal('localhost:5000')).toMatchObject({ code: 'usage', field: 'server' });
  // What may be a password is in no message, and a bare "%" in one is told how it is written.
  expect((await refusal('ada:lace@localhost:5000')).message).toBe(
    '"…@localhost:5000" is no address of an MLflow server.',
  );
  const bare = await refusal('http://ada:50%lace@localhost:5000');
  expect(bare).toMatchObject({ code: 'usage', cure: expect.stringContaining('%25') });
  expect(bare.message).not.toContain('lace');
});

test('a wish to stop ends a push that waits for an answer', async () => {
  const address = await serve(({ url }, response) => {
    if (url?.includes('get-by-name')) response.end('{"experiment":{"experiment_id":"1"}}');
  });
  const stopped = push(`http://${address}`, (event) => event.type === 'progress' && event.total !== null);
  await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
});

test('of several runs it is told how many were there before one was refused', async () => {
  const root = temporaryFolder();
  const runs = ['aaaaaaaa', 'bbbbbbbb'].map((id) => writeFinishedRun(root, { id, name: id, config: {}, events: demo }));
  let made = 0;
  const address = await serve(({ url }, response) => {
    if (url?.includes('get-by-name')) return void response.end('{"experiment":{"experiment_id":"1"}}');
    if (url?.includes('runs/create') && ++made === 2)
      return void response.writeHead(403).end('{"error_code":"DENIED"}');
    response.end(url?.includes('runs/create') ? '{"run":{"info":{"run_id":"x"}}}' : '{}');
  });
  const pushed = runJob('mlflow-push', join(root, 'task'), { server: `http://${address}`, runs });
  await expect(pushed).rejects.toMatchObject({ cure: expect.stringContaining('1 of 2 runs are there') });
});

test('what has too much to do is asked again', { timeout: 300_000 }, async () => {
  let asked = 0;
  const address = await serve(({ url }, response) => {
    if (url?.includes('get-by-name')) return void response.end('{"experiment":{"experiment_id":"1"}}');
    if (++asked === 1) return void response.writeHead(503).end();
    response.writeHead(400).end('{"error_code":"BAD_REQUEST","message":"second"}');
  });
  expect((await refusal(`http://${address}`)).message).toContain('second');
  expect(asked).toBe(2);
});

test('names are those that MLflow takes, and two stay two', () => {
  expect(mlflowName('/a//../b: c=1/')).toBe('a/b c 1');
  expect(mlflowName('größe/α')).toBe('größe/α');
  expect(mlflowName('..')).toBe('_');
  const long = ['x', 'y'].map((end) => mlflowName(`${'a'.repeat(300)}${end}`));
  expect(long.map(({ length }) => length)).toEqual([250, 250]);
  expect(long[0]).not.toBe(long[1]);
  expect(shortened('abcdef', 4)).toBe('abc…');
});
