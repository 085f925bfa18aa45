/** tRPC over the MessagePort that the Electron preload hands to the page; the other end is main/electron/port-router.ts. */
import { TRPCClientError, type TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import { type PortReply, type PortRequest, portHandshake } from '../../common/port.ts';
import type { AppRouter } from '../../main/api/router.ts';

/** As much of a message as matters here, of a window's and of a port's. */
interface Message {
  data: unknown;
  ports: readonly PagePort[];
}

/** As much of a MessagePort as is used. */
export interface PagePort {
  addEventListener(type: 'message', listener: (event: Message) => void): void;
  postMessage(message: PortRequest): void;
  start(): void;
}

/** A window, or anything like it: posting the handshake to it is answered with the port. */
interface PortGiver {
  addEventListener(type: 'message', listener: (event: Message) => void): void;
  removeEventListener(type: 'message', listener: (event: Message) => void): void;
  postMessage(message: unknown): void;
}

/** Asks the preload for the page's port. The preload runs before any page script, so there is nobody to wait for. */
export function requestPort(from: PortGiver): Promise<PagePort> {
  return new Promise((resolve) => {
    const receive = ({ data, ports }: Message) => {
      if (data !== portHandshake || !ports[0]) return;
      from.removeEventListener('message', receive);
      resolve(ports[0]);
    };
    from.addEventListener('message', receive);
    from.postMessage(portHandshake);
  });
}

/** The last link of a client: sends every operation through the port and takes the answers back by their id. */
export function portLink(opening: Promise<PagePort>): TRPCLink<AppRouter> {
  const waiting = new Map<number, (reply: PortReply) => void>();
  const opened = opening.then((port) => {
    port.addEventListener('message', ({ data }) => {
      const reply = data as PortReply;
      waiting.get(reply.id)?.(reply);
    });
    port.start();
    return (request: PortRequest) => port.postMessage(request);
  });
  // Not the operation's own id: that one is counted per client, and a port may serve several.
  let nextId = 0;

  return () =>
    ({ op }) =>
      observable((observer) => {
        const id = nextId++;
        waiting.set(id, (reply) => {
          if (reply.type === 'data') observer.next({ result: resultOf(reply) });
          else if (reply.type === 'started') observer.next({ result: { type: 'started' } });
          else {
            waiting.delete(id);
            if (reply.type === 'done') observer.complete();
            else if (reply.type === 'error')
              observer.error(
                TRPCClientError.from({ error: reply.error } as Parameters<typeof TRPCClientError.from>[0]),
              );
          }
        });
        opened.then((send) => waiting.has(id) && send({ id, type: op.type, path: op.path, input: op.input }));
        return () => {
          if (waiting.delete(id)) opened.then((send) => send({ id, type: 'stop' }));
        };
      });
}

/** As the HTTP link gives it: what was tracked comes as `{ id, data }`. */
function resultOf({ data, eventId }: Extract<PortReply, { type: 'data' }>) {
  return eventId === undefined ? { data } : { id: eventId, data: { id: eventId, data } };
}
