/** The pages under a scheme of their own: the same paths, rules and file checks as over HTTP, without a port. */
import { createReadStream } from 'node:fs';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { app, protocol, session } from 'electron';
import { desktopScheme } from '../../common/port.ts';
import type { Services } from '../services/index.ts';
import { type FoundFile, findFile, folderOf } from '../web/files.ts';
import { documentWith } from '../web/first-look.ts';
import { notBuiltPage } from '../web/plain-pages.ts';
import { securityHeaders } from '../web/responses.ts';
import { thumbnailOf } from '../web/thumbnails.ts';

/** To be called before the application is ready. */
export function claimScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: desktopScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
  ]);
}

export function servePages(services: Services): void {
  const pagesFolder = join(app.getAppPath(), 'out', 'renderer');
  // Copying text is all that the pages need of what a browser asks permission for.
  session.defaultSession.setPermissionRequestHandler((_contents, permission, allow) =>
    allow(permission === 'clipboard-sanitized-write'),
  );
  protocol.handle(desktopScheme, async (request) => {
    const [area, kind, id, ...rest] = new URL(request.url).pathname.slice(1).split('/');
    if (area === 'files') {
      const folder = folderOf(services, kind, id);
      const file = folder && (await findFile(folder, rest, { documents: false }));
      return file ? responseOf(file) : new Response('There is no such file.', { status: 404 });
    }
    if (area === 'thumbnails') {
      const { pathname, searchParams } = new URL(request.url);
      const thumbnail = await thumbnailOf(services, pathname.split('/').slice(2), searchParams);
      if (!thumbnail) return new Response('There is no such image.', { status: 404 });
      const headers = { ...securityHeaders, 'content-type': thumbnail.contentType };
      return new Response(Buffer.from(thumbnail.bytes), { headers });
    }
    const segments = [area, kind, id, ...rest].filter((segment) => segment !== undefined);
    const file =
      (await findFile(pagesFolder, segments, { documents: true })) ??
      (await findFile(pagesFolder, ['index.html'], { documents: true }));
    if (file && basename(file.path) === 'index.html') {
      const headers = { ...securityHeaders, 'content-type': file.contentType, 'cache-control': 'no-store' };
      return new Response(await documentWith(services, file.path), { headers });
    }
    if (file) return responseOf(file);
    return new Response(notBuiltPage, { status: 503, headers: { ...securityHeaders, 'content-type': 'text/html' } });
  });
}

function responseOf(file: FoundFile): Response {
  const body = Readable.toWeb(createReadStream(file.path)) as ReadableStream<Uint8Array>;
  const headers = { ...securityHeaders, 'content-type': file.contentType, 'content-length': String(file.sizeBytes) };
  return new Response(body, { headers });
}
