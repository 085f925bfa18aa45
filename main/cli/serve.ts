/** `contrast serve`: the studio for browsers, until Ctrl-C. */
import type { Command } from 'commander';
import { AppError } from '../../common/errors.ts';
import { isLocal } from '../web/listening.ts';
import { hasDisplay, openBrowser } from '../web/open-browser.ts';
import { workspaceFolder } from '../workspace-folder.ts';
import { places } from './checkout.ts';
import { onEndSignal } from './signals.ts';
import { portOf } from './values.ts';

interface ServeOptions {
  port?: number;
  host: string;
  allowHost: string[];
  open: boolean;
  workspace?: string;
}

export function addServe(program: Command): void {
  program
    .command('serve')
    .description('Serve the studio to browsers on this machine')
    .option('--port <number>', 'port to listen on, 0 for any free one (default: 4123, or the next free one)', portOf)
    .option('--host <address>', 'address to listen on; anything but localhost lets other machines in', '127.0.0.1')
    .option('--allow-host <name...>', 'more host names it may be reached by, e.g. those of a proxy', [])
    .option('--no-open', 'do not open a browser')
    .option('--workspace <folder>', 'where runs and data are kept')
    .action(serve);
}

async function serve(options: ServeOptions): Promise<void> {
  const ended = endSignal(); // from the start: whoever sees the address may end it at once
  // The other verbs start faster without the database and the router.
  const [{ openApplication }, { startHost }] = await Promise.all([
    import('../application.ts'),
    import('../web/host.ts'),
  ]);
  const application = await openApplication({
    workspace: workspaceFolder(options.workspace),
    workerEntry: places.worker,
    resources: places.resources,
  });
  const host = await startHost({
    services: application.services,
    pagesFolder: places.pages,
    host: options.host,
    port: options.port,
    allowedHosts: options.allowHost,
    token: tokenFromEnvironment(),
  }).catch(async (error) => {
    await application.close();
    throw error;
  });
  const url = new URL(host.url);
  application.announce({ url: url.origin, token: url.searchParams.get('token')! });

  if (!isLocal(options.host)) {
    console.error(
      `Listening on ${options.host}: whoever can reach this machine and has the token can use the studio, and nothing is encrypted. Safer: an SSH tunnel, "ssh -L ${host.port}:127.0.0.1:${host.port} <this machine>".`,
    );
  }
  if (host.movedFrom) console.error(`Port ${host.movedFrom} is taken by another program; using ${host.port}.`);
  console.log(`Contrast Studio is ready: ${host.url}`);
  if (options.open && hasDisplay()) openBrowser(host.url);

  await ended;
  console.error('Closing; runs that are going on go on.');
  await host.close();
  await application.close();
}

/** A lasting token, for a service that is started by the system; the usual one is new for each start. */
function tokenFromEnvironment(): string | undefined {
  const token = process.env.CONTRAST_TOKEN;
  if (!token) return undefined;
  if (!/^[\w-]{16,}$/.test(token)) {
    throw new AppError('usage', 'CONTRAST_TOKEN is not a usable token.', {
      cure: 'It needs at least 16 letters, digits, - or _, e.g. from "openssl rand -hex 32".',
    });
  }
  return token;
}

/** Waits for the first signal to end; the second ends at once. */
function endSignal(): Promise<void> {
  return new Promise((resolve) => {
    onEndSignal((_signal, count) => (count === 1 ? resolve() : process.exit(1)));
  });
}
