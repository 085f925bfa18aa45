/** Lets `contrast` reach this studio while it has the workspace: over HTTP on a port that only the lock file names. */
import { join } from 'node:path';
import { app } from 'electron';
import type { Application } from '../application.ts';
import { startHost } from '../web/host.ts';

export async function answerCommandLine({ services, announce }: Application): Promise<void> {
  try {
    const host = await startHost({ services, pagesFolder: join(app.getAppPath(), 'out', 'renderer'), port: 0 });
    const { origin, searchParams } = new URL(host.url);
    announce({ url: origin, token: searchParams.get('token')! });
    app.on('will-quit', () => void host.close());
  } catch (error) {
    // The window works without; only commands beside it do not.
    console.error(`The command line cannot reach this studio: ${(error as Error).message}`);
  }
}
