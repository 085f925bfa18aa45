/** Both ends of the desktop's port, over a real channel, with a real studio behind it. */
import { join } from 'node:path';
import { createTRPCClient, TRPCClientError } from '@trpc/client';
import { expect, onTestFinished, test } from 'vitest';
import type { PortReply, PortRequest } from '../../../common/port.ts';
import type { Desktop } from '../../../main/api/procedure.ts';
import type { AppRouter } from '../../../main/api/router.ts';
import { servePort } from '../../../main/electron/port-router.ts';
import { type PagePort, portLink, requestPort } from '../../../renderer/api/port-link.ts';
import { makeData, openStudio, temporaryFolder, trainConfigFor, until } from '../../support/studio.ts';

async function openPort(desktop?: Desktop) {
  const workspace = temporaryFolder();
  const studio = await openStudio(workspace);
  const { port1, port2 } = openChannel();
  const seen = { requests: [] as PortRequest[], replies: [] as PortReply[] };
  const closers: (() => void)[] = [];
  port1.addEventListener('message', (event) => seen.requests.push(event.data as PortRequest));
  servePort(
    {
      postMessage(reply) {
        seen.replies.push(reply);
        port1.postMessage(reply as never); // the channel carries both directions; its type here is that of the page
      },
      onRequest: (listener) => port1.addEventListener('message', (event) => listener(event.data as PortRequest)),
      onClose: (listener) => closers.push(listener),
    },
    { services: studio.services, desktop },
  );
  port1.start();
  onTestFinished(() => {
    port1.close();
    port2.close();
  });
  const api = createTRPCClient<AppRouter>({ links: [portLink(Promise.resolve(port2))] });
  const pageGone = () => {
    for (const close of closers) close();
  };
  return { api, studio, workspace, seen, pageGone };
}

test('calls and their errors are those of the other doors', async () => {
  const { api } = await openPort();
  expect(await api.runs.list.query({})).toEqual({ rows: [], total: 0 });
  const error = await api.runs.get.query({ id: 'none' }).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(TRPCClientError);
  expect(error.data).toMatchObject({ httpStatus: 404, app: { code: 'not-found' } });
  const wrong = await api.runs.points.query({ id: 'x', maxPoints: -1 }).catch((thrown) => thrown);
  expect(wrong.data.httpStatus).toBe(400);
});

test('answers find their askers, whatever the order', async () => {
  const { api, workspace } = await openPort();
  const asked = Array.from({ length: 40 }, (_, i) =>
    i % 2 === 0 ? api.system.browse.query({ path: workspace }) : api.runs.list.query({ limit: i + 1 }),
  );
  const answers = await Promise.all(asked);
  answers.forEach((answer, i) => {
    expect(answer).toHaveProperty(i % 2 === 0 ? 'folders' : 'rows');
  });
});

test('points are pushed, not-a-number among them, each once and with the id to go on from', async () => {
  const { api, studio, workspace } = await openPort();
  const data = makeData(workspace, { epochs: 1, stepsPerEpoch: 30, stepMs: 10, nanAt: 20 });
  const { id } = await studio.services.runs.launch({ kind: 'train', config: trainConfigFor(data) });
  const points: { step: number; value: number }[] = [];
  const ids: string[] = [];
  let finished = false;
  const subscription = api.runs.watch.subscribe(
    { id, afterSeq: -1 },
    {
      onData(update) {
        ids.push(update.id);
        points.push(...update.data.points.filter(({ series }) => series === 'step/loss'));
        finished ||= update.data.run?.state === 'finished';
      },
    },
  );
  onTestFinished(() => subscription.unsubscribe());
  await until(() => finished, 'the end of the run');
  expect(points.map(({ step }) => step)).toEqual(Array.from({ length: 30 }, (_, step) => step));
  expect(points[20]!.value).toBeNaN();
  expect(ids.map(Number)).toEqual(ids.map(Number).toSorted((a, b) => a - b));
});

test('what nobody listens to any more ends: unsubscribed, or with the page', async () => {
  const { api, studio, seen, workspace, pageGone } = await openPort();
  const data = makeData(workspace, { epochs: 1, stepsPerEpoch: 1_000_000, stepMs: 5 });
  const { id } = await studio.services.runs.launch({ kind: 'train', config: trainConfigFor(data) });
  let received = 0;
  const listen = () => api.runs.watch.subscribe({ id, afterSeq: -1 }, { onData: () => received++ });
  const first = listen();
  await until(() => received > 2, 'points');
  first.unsubscribe();
  await until(() => seen.requests.some(({ type }) => type === 'stop'), 'the stop to arrive');
  await expectQuiet(seen.replies);

  listen();
  received = 0;
  await until(() => received > 2, 'points again');
  pageGone();
  await expectQuiet(seen.replies);
});

/** What was on its way may still come; then nothing for as long as three deliveries take, while the run goes on. */
async function expectQuiet(replies: unknown[]) {
  const more = async () => {
    const before = replies.length;
    await new Promise((resolve) => setTimeout(resolve, 400));
    return replies.length - before;
  };
  await expect.poll(more).toBe(0);
}

test("the system's dialog is there in the desktop, and elsewhere an error that says so", async () => {
  const asked: (string | undefined)[] = [];
  const { api } = await openPort({
    async chooseFolder(startIn) {
      asked.push(startIn);
      return join('/chosen', 'folder');
    },
  });
  expect(await api.desktop.chooseFolder.mutate({ startIn: '/data' })).toBe(join('/chosen', 'folder'));
  expect(asked).toEqual(['/data']);
  const browser = await openPort();
  await expect(browser.api.desktop.chooseFolder.mutate({})).rejects.toThrow('Only the desktop application');
});

test('the page asks its window for the port and is not taken in by its own question', async () => {
  type Listener = Parameters<PagePort['addEventListener']>[1];
  const listeners = new Set<Listener>();
  const { port1, port2 } = openChannel();
  onTestFinished(() => port1.close());
  const say = (data: unknown, ports: PagePort[] = []) => {
    for (const listener of listeners) listener({ data, ports });
  };
  const port = requestPort({
    addEventListener: (_type, listener) => listeners.add(listener),
    removeEventListener: (_type, listener) => listeners.delete(listener),
    postMessage(message) {
      say(message); // as a window: its own message arrives here too
      say('something else', [port1]);
      say(message, [port2]);
    },
  });
  expect(await port).toBe(port2);
  expect(listeners.size).toBe(0);
});

/** Node's channel; its ports are what a page's are, which the types of Node do not say. */
function openChannel() {
  const { port1, port2 } = new MessageChannel();
  type Both = PagePort & { close(): void };
  return { port1: port1 as unknown as Both, port2: port2 as unknown as Both };
}
