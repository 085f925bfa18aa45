/**
 * The router from the command line: that of the studio that has the workspace open, over HTTP; else one of our own
 * for as long as the command takes. Either way there is one writer of the database.
 */
import { createTRPCClient, httpLink, type TRPCClient, TRPCClientError, unstable_localLink } from '@trpc/client';
import superjson from 'superjson';
import { AppError } from '../../common/errors.ts';
import type { ErrorForPeople } from '../api/procedure.ts';
import type { AppRouter } from '../api/router.ts';
import { holderOf } from '../jobs/workspace-lock.ts';
import { places } from './checkout.ts';

export interface Connection {
  api: TRPCClient<AppRouter>;
  /** A studio is open: what is queued will be started. */
  live: boolean;
}

export async function withRouter<Result>(
  workspace: string,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  const holder = holderOf(workspace);
  if (holder?.url) {
    const headers = { authorization: `Bearer ${holder.token}` };
    const link = httpLink({ url: `${holder.url}/trpc`, headers, transformer: superjson });
    return explained(() => work({ api: createTRPCClient<AppRouter>({ links: [link] }), live: true }));
  }
  // Loaded only where it is needed: the database and the router are half of what a command takes to start.
  const [{ openApplication }, { appRouter }] = await Promise.all([
    import('../application.ts'),
    import('../api/router.ts'),
  ]);
  const application = await openApplication({
    workspace,
    workerEntry: places.worker,
    resources: places.resources,
    runQueue: false,
  });
  try {
    const createContext = async () => ({ services: application.services });
    const link = unstable_localLink({ router: appRouter, createContext, transformer: superjson });
    return await explained(() => work({ api: createTRPCClient<AppRouter>({ links: [link] }), live: false }));
  } finally {
    await application.close();
  }
}

/** Errors of the router as errors for people again. */
async function explained<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (thrown) {
    if (!(thrown instanceof TRPCClientError)) throw thrown;
    const app = (thrown.data as { app?: ErrorForPeople } | undefined)?.app;
    if (!app) throw new AppError('internal', thrown.message, { cause: thrown });
    throw new AppError(app.code, app.message, { cure: app.cure, field: app.field, cause: thrown });
  }
}
