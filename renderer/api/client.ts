/**
 * The typed client of the application, the same behind both doors of the pages: in Electron through a MessagePort,
 * in a browser over HTTP (calls in batches, subscriptions as server-sent events; the session cookie goes along).
 *
 * Use: `createClient()` once in main.tsx, `<TRPCProvider trpcClient={client} queryClient={queryClient}>`, then
 * `const trpc = useTRPC()` and `useQuery(trpc.runs.list.queryOptions())`, `useSubscription(trpc....subscriptionOptions())`.
 */
import {
  createTRPCClient,
  httpBatchLink,
  httpLink,
  httpSubscriptionLink,
  splitLink,
  type TRPCClient,
} from '@trpc/client';
import { createTRPCContext } from '@trpc/tanstack-react-query';
import superjson from 'superjson';
import { type DesktopBridge, desktopBridge, desktopScheme } from '../../common/port.ts';
import type { AppRouter } from '../../main/api/router.ts';
import { portLink, requestPort } from './port-link.ts';

export const { TRPCProvider, useTRPC, useTRPCClient } = createTRPCContext<AppRouter>();

/** The pages are in the desktop application's window, not in a browser. */
export function isDesktop(): boolean {
  return window.location.protocol === `${desktopScheme}:`;
}

export function createClient(): TRPCClient<AppRouter> {
  if (isDesktop()) return createTRPCClient<AppRouter>({ links: [portLink(requestPort(window))] });
  const http = { url: '/trpc', transformer: superjson };
  return createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (operation) => operation.type === 'subscription',
        true: httpSubscriptionLink(http),
        false: splitLink({
          // A batch is as slow as its slowest call: what the first look at a page needs is asked for by itself.
          condition: (operation) => operation.context.alone === true,
          true: httpLink(http),
          false: httpBatchLink({ ...http, maxURLLength: 4096 }),
        }),
      }),
    ],
  });
}

/** Where a file lies that was dropped or picked; undefined where the page cannot know, as in a browser. */
export function pathOfFile(file: File): string | undefined {
  const bridge = Reflect.get(window, desktopBridge) as DesktopBridge | undefined;
  return bridge?.pathOf(file) || undefined;
}

/** Address of a file of a run's folder, e.g. a checkpoint to download: the same in both doors. */
export const runFileUrl = (runId: string, path: string) => fileUrl('runs', runId, path);

/** Of a task's folder, which is there as long as the studio runs. */
export const taskFileUrl = (taskId: string, path: string) => fileUrl('tasks', taskId, path);

/** An image that a run or a task worked on, made small; `path` is below the folder of its images. */
export function thumbnailUrl(kind: 'runs' | 'tasks', id: string, path: string): string {
  return `/thumbnails/${kind}/${encodeURIComponent(id)}/${path.split('/').map(encodeURIComponent).join('/')}`;
}

function fileUrl(kind: 'runs' | 'tasks', id: string, path: string): string {
  return `/files/${kind}/${encodeURIComponent(id)}/${path.split('/').map(encodeURIComponent).join('/')}`;
}
