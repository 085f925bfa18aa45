/** The studio over HTTP: the typed router, the built pages, and files of runs, for whoever has the token. */
import { rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { hostname } from 'node:os';
import { basename } from 'node:path';
import { createHTTPHandler } from '@trpc/server/adapters/standalone';
import { exportedFolder } from '../../common/updates.ts';
import { type AppRouter, appRouter } from '../api/router.ts';
import type { Services } from '../services/index.ts';
import { type AccessRules, cookieHeader, createToken, hasToken, isToken, localHosts, refuseForeign } from './access.ts';
import { type FoundFile, findFile, folderOf } from './files.ts';
import { documentWith } from './first-look.ts';
import { closer, isLocal, listen, urlHost, usualPort } from './listening.ts';
import { notBuiltPage, refusalPage, welcomePage } from './plain-pages.ts';
import { securityHeaders, sendDocument, sendError, sendFile, sendPage } from './responses.ts';
import { thumbnailOf } from './thumbnails.ts';
import { receiveUpload } from './uploads.ts';

export interface HostOptions {
  services: Services;
  /** Where the built pages are. */
  pagesFolder: string;
  /** Address to listen on. */
  host?: string;
  /** 0: any free port. Left out: the usual one, or the next free one. */
  port?: number;
  /** More names under which the studio may be reached, e.g. that of a reverse proxy. */
  allowedHosts?: readonly string[];
  /** Random for each start unless given. */
  token?: string;
}

export interface Host {
  /** With the token: whoever has it may use the studio. */
  url: string;
  port: number;
  /** The usual port was taken. */
  movedFrom: number | null;
  close(): Promise<void>;
}

const maximumBodyBytes = 1 << 20;

export async function startHost(options: HostOptions): Promise<Host> {
  const host = options.host ?? '127.0.0.1';
  const local = isLocal(host);
  const server = createServer();
  const close = closer(server);
  const port = await listen(server, host, options.port);

  const rules: AccessRules = {
    token: options.token ?? createToken(),
    cookieName: `contrast-${port}`,
    allowedHosts: [...localHosts, ...(local ? [] : [host, hostname()]), ...(options.allowedHosts ?? [])],
    allowAddresses: !local,
  };
  const router = createHTTPHandler<AppRouter>({
    router: appRouter,
    basePath: '/trpc/',
    maxBodySize: maximumBodyBytes,
    createContext: () => ({ services: options.services }),
  });

  server.on('request', (request, response) => {
    serve(request, response, { ...options, rules, router }).catch((error) => {
      console.error(error);
      if (response.headersSent) response.destroy();
      else sendError(response, 500, 'internal', 'The studio failed to answer; its terminal has the details.');
    });
  });

  return {
    url: `http://${urlHost(host)}:${port}/?token=${rules.token}`,
    port,
    movedFrom: options.port === undefined && port !== usualPort ? usualPort : null,
    close,
  };
}

type Serving = HostOptions & { rules: AccessRules; router: ReturnType<typeof createHTTPHandler> };

async function serve(request: IncomingMessage, response: ServerResponse, serving: Serving): Promise<void> {
  const { rules } = serving;
  for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);

  const foreign = refuseForeign(request.headers, rules);
  if (foreign) return refuse(request, response, foreign.status, foreign.message);

  const url = URL.parse(request.url ?? '/', 'http://studio');
  if (!url) return sendError(response, 400, 'usage', `${JSON.stringify(request.url)} is no address.`);
  const token = url.searchParams.get('token');
  if (token !== null && isRead(request)) return exchangeToken(request, response, url, token, rules);
  if (!hasToken(request.headers, rules)) return refuse(request, response, 401, 'This studio wants its token.');

  const [area, ...segments] = url.pathname.slice(1).split('/');
  if (area === 'trpc') {
    serving.router(request, response);
    return;
  }
  if (area === 'uploads' && request.method === 'POST') {
    return receiveUpload(request, response, url.searchParams, serving.services.checkpoints.folder);
  }
  if (!isRead(request)) {
    response.setHeader('allow', 'GET, HEAD');
    return sendError(response, 405, 'usage', `${request.method} is not used here.`);
  }
  if (area === 'files') return serveFile(request, response, segments, url, serving);
  if (area === 'thumbnails') return serveThumbnail(request, response, segments, url, serving);
  return servePages(request, response, url, serving);
}

/** The token leaves the address bar (and with it history, screenshots and referrers) for a cookie no script can read. */
function exchangeToken(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  token: string,
  rules: AccessRules,
): void {
  if (!isToken(token, rules.token)) {
    refuse(request, response, 401, 'That is not the token of this studio.');
    return;
  }
  url.searchParams.delete('token');
  const target = url.pathname.replace(/^\/+/, '/') + url.search;
  response.setHeader('set-cookie', cookieHeader(rules));
  response.setHeader('cache-control', 'no-store');
  // A strict cookie is held back through a redirect that began on another site (a link in a web mail, a terminal in
  // a web page); a page of ours that goes on by itself is a new beginning.
  if (request.headers['sec-fetch-site'] === 'cross-site') sendPage(response, 200, welcomePage(target));
  else response.writeHead(303, { location: target }).end();
}

/** `/files/runs/<id>/<path in its folder>`, or of `tasks`; `?download` to save instead of show. */
async function serveFile(
  request: IncomingMessage,
  response: ServerResponse,
  [kind, id, ...segments]: string[],
  url: URL,
  serving: Serving,
): Promise<void> {
  const folder = folderOf(serving.services, kind, id);
  const file = folder && (await findFile(folder, segments, { documents: false }));
  if (!file) return sendError(response, 404, 'not-found', `There is no file ${url.pathname}.`);
  response.setHeader('cache-control', 'private, no-cache');
  if (kind === 'tasks' && segments[0] === exportedFolder) removeOnceSent(request, response, file);
  await sendFile(request, response, file, { download: url.searchParams.has('download') });
}

/** A bundle may be as large as all runs: what was made to be fetched goes when all of it is on its way. */
function removeOnceSent(request: IncomingMessage, response: ServerResponse, { path, sizeBytes }: FoundFile) {
  response.once('finish', () => {
    const sent = Number(response.getHeader('content-length')) === sizeBytes && response.statusCode === 200;
    const last = String(response.getHeader('content-range')).endsWith(`-${sizeBytes - 1}/${sizeBytes}`);
    if (request.method === 'GET' && (sent || last)) rm(path, { force: true }).catch(() => undefined);
  });
}

/** What a path means does not change while a run is looked at. */
const thumbnailSeconds = 600;

async function serveThumbnail(
  request: IncomingMessage,
  response: ServerResponse,
  segments: string[],
  url: URL,
  serving: Serving,
): Promise<void> {
  const thumbnail = await thumbnailOf(serving.services, segments, url.searchParams);
  if (!thumbnail) return sendError(response, 404, 'not-found', `There is no image ${url.pathname}.`);
  const { bytes, contentType } = thumbnail;
  response.writeHead(200, {
    'content-type': contentType,
    'content-length': bytes.length,
    'cache-control': `private, max-age=${thumbnailSeconds}`,
  });
  response.end(request.method === 'HEAD' ? undefined : bytes);
}

/** Built files by name; anything else is the one page, whose routes are in the hash. */
async function servePages(request: IncomingMessage, response: ServerResponse, url: URL, serving: Serving) {
  const segments = url.pathname.slice(1).split('/');
  const asset = await findFile(serving.pagesFolder, segments, { documents: true });
  if (!asset && segments[0] === 'assets') return sendError(response, 404, 'not-found', `There is no ${url.pathname}.`);
  const file = asset ?? (await findFile(serving.pagesFolder, ['index.html'], { documents: true }));
  if (!file) return sendPage(response, 503, notBuiltPage);
  if (basename(file.path) === 'index.html') return serveDocument(request, response, file, serving);
  // The build names its files by their content, so what has a name never changes.
  const lasting = segments[0] === 'assets';
  response.setHeader('cache-control', lasting ? 'private, max-age=31536000, immutable' : 'private, no-cache');
  await sendFile(request, response, file);
}

/** The one page, with the runs that it shows first: of this moment, and not to be kept. */
async function serveDocument(
  request: IncomingMessage,
  response: ServerResponse,
  { path }: FoundFile,
  { services }: Serving,
) {
  response.setHeader('cache-control', 'private, no-store');
  await sendDocument(request, response, await documentWith(services, path));
}

function refuse(request: IncomingMessage, response: ServerResponse, status: 401 | 403, message: string): void {
  response.setHeader('cache-control', 'no-store');
  const wantsPage = request.headers['sec-fetch-dest'] === 'document' || request.headers.accept?.includes('text/html');
  if (wantsPage) sendPage(response, status, refusalPage(message, status === 401));
  else sendError(response, status, 'usage', message);
}

function isRead(request: IncomingMessage): boolean {
  return request.method === 'GET' || request.method === 'HEAD';
}
