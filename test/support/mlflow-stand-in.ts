/**
 * What the pages need of MLflow where there is none: the answers of an empty server that asks for a user, as MLflow 3
 * gives them. What is sent is held against a real one in test/worker/mlflow/real-server.test.ts.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

interface Stored {
  info: { run_id: string };
  data: { params: object[]; tags: { key: string; value: string }[] };
}

export async function standInForMlflow(user: string, password: string) {
  const runs: Stored[] = [];
  const experiments: { experiment_id: string }[] = [];
  let points = 0;
  const answers: Record<string, (body: Record<string, unknown>) => object | null> = {
    'experiments/get-by-name': () => (experiments[0] ? { experiment: experiments[0] } : null),
    'experiments/create'() {
      experiments.push({ experiment_id: '1' });
      return { experiment_id: '1' };
    },
    'runs/search': () => ({ runs }),
    'runs/create'({ tags }) {
      const run = { info: { run_id: `run-${runs.length + 1}` }, data: { params: [], tags: tags as [] } };
      runs.push(run);
      return { run };
    },
    'runs/update': () => ({}),
    'runs/log-batch'({ run_id, metrics = [], params = [], tags = [] }) {
      const data = runs.find(({ info }) => info.run_id === run_id)!.data;
      points += (metrics as []).length;
      data.params.push(...(params as []));
      data.tags.push(...(tags as []));
      return {};
    },
  };
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url!, 'http://mlflow');
    if (pathname === '/version') return void response.end('3.0.0');
    const expected = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
    if (request.headers.authorization !== expected) return void response.writeHead(401).end('Who are you?');
    const body = request.method === 'POST' ? ((await json(request)) as Record<string, unknown>) : {};
    const answer = answers[pathname.replace('/api/2.0/mlflow/', '')]!(body);
    const missing = { error_code: 'RESOURCE_DOES_NOT_EXIST', message: 'There is none.' };
    response.writeHead(answer ? 200 : 404).end(JSON.stringify(answer ?? missing));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { server: `http://127.0.0.1:${port}`, points: () => points };
}
