/** tRPC over a MessagePort: the end of the main process. The page's end is renderer/api/port-link.ts. */
import { callTRPCProcedure, getTRPCErrorFromUnknown, getTRPCErrorShape, isTrackedEnvelope } from '@trpc/server';
import type { PortReply, PortRequest } from '../../common/port.ts';
import type { Context } from '../api/procedure.ts';
import { appRouter } from '../api/router.ts';

/** What a port of Electron and one of Node have in common. */
export interface Port {
  postMessage(reply: PortReply): void;
  onRequest(listener: (request: PortRequest) => void): void;
  /** The page went away or was loaded anew. */
  onClose(listener: () => void): void;
}

/** Answers requests until the port closes, which ends whatever is still going on for it. */
export function servePort(port: Port, context: Context): void {
  const calls = new Map<number, AbortController>();
  port.onRequest((request) => {
    if (request.type === 'stop') calls.get(request.id)?.abort();
    else void answer(port, request, context, calls);
  });
  port.onClose(() => {
    for (const call of calls.values()) call.abort();
  });
}

async function answer(
  port: Port,
  { id, type, path, input }: Exclude<PortRequest, { type: 'stop' }>,
  context: Context,
  calls: Map<number, AbortController>,
): Promise<void> {
  const call = new AbortController();
  const { signal } = call;
  const send = (reply: PortReply) => signal.aborted || port.postMessage(reply);
  calls.set(id, call);
  try {
    const result = await callTRPCProcedure({
      router: appRouter,
      path,
      type,
      getRawInput: async () => input,
      ctx: context,
      signal,
      batchIndex: 0,
    });
    if (type !== 'subscription') send({ id, type: 'data', data: result });
    else {
      send({ id, type: 'started' });
      for await (const item of result as AsyncIterable<unknown>) {
        if (signal.aborted) break;
        if (isTrackedEnvelope(item)) send({ id, type: 'data', eventId: item[0], data: item[1] });
        else send({ id, type: 'data', data: item });
      }
    }
    send({ id, type: 'done' });
  } catch (thrown) {
    const error = getTRPCErrorFromUnknown(thrown);
    const config = appRouter._def._config;
    send({ id, type: 'error', error: getTRPCErrorShape({ config, error, type, path, input, ctx: context }) });
  } finally {
    calls.delete(id);
  }
}
