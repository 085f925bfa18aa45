/** How the host answers: the headers of every answer, errors in the shape that the typed client reads, files. */
import { createReadStream } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { constants, createGzip, gzip, type ZlibOptions } from 'node:zlib';
import superjson from 'superjson';
import type { ErrorCode } from '../../common/errors.ts';
import type { FoundFile } from './files.ts';

const gzipped = promisify<Buffer, ZlibOptions, Buffer>(gzip);

/** Style attributes are how the component library and the charts work; scripts come from our own files alone. */
const contentSecurityPolicy = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

export const securityHeaders = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
};

/** A document that was made for this request, compressed where it is worth it. */
export async function sendDocument(request: IncomingMessage, response: ServerResponse, html: string): Promise<void> {
  let body: Buffer = Buffer.from(html);
  response.setHeader('content-type', 'text/html; charset=utf-8');
  response.setHeader('vary', 'accept-encoding');
  if (body.length > leastCompressedBytes && acceptsGzip(request)) {
    body = await gzipped(body, { level: constants.Z_BEST_SPEED });
    response.setHeader('content-encoding', 'gzip');
  }
  response.setHeader('content-length', body.length);
  response.writeHead(200).end(request.method === 'HEAD' ? undefined : body);
}

export function sendPage(response: ServerResponse, status: number, html: string): void {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' }).end(html);
}

/** As the router's errors are on the wire, so that the pages show these in the same place. */
export function sendError(response: ServerResponse, status: number, code: ErrorCode, message: string): void {
  const error = superjson.serialize({ message, code: -32600, data: { httpStatus: status, app: { code, message } } });
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ error }));
}

/** Whole, in part (`Range`, so that a large download can go on), or not at all if the browser still has it (`ETag`). */
export async function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  file: FoundFile,
  { download = false } = {},
): Promise<void> {
  response.setHeader('etag', file.etag);
  if (request.headers['if-none-match']?.includes(file.etag)) return void response.writeHead(304).end();
  response.setHeader('content-type', file.contentType);
  if (download) response.setHeader('content-disposition', `attachment; filename*=UTF-8''${encodeName(file.path)}`);

  const compressed = isWorthCompressing(file) && acceptsGzip(request);
  if (compressed) {
    response.writeHead(200, { 'content-encoding': 'gzip', vary: 'accept-encoding' });
    return stream(request, response, file, undefined, true);
  }
  response.setHeader('accept-ranges', 'bytes');
  const range = rangeOf(request, file);
  if (range === 'unsatisfiable') {
    return void response.writeHead(416, { 'content-range': `bytes */${file.sizeBytes}` }).end();
  }
  if (range) {
    response.statusCode = 206;
    response.setHeader('content-range', `bytes ${range.start}-${range.end}/${file.sizeBytes}`);
  }
  response.setHeader('content-length', range ? range.end - range.start + 1 : file.sizeBytes);
  return stream(request, response, file, range);
}

interface Range {
  start: number;
  /** Included. */
  end: number;
}

async function stream(
  request: IncomingMessage,
  response: ServerResponse,
  file: FoundFile,
  range?: Range,
  compress = false,
): Promise<void> {
  if (request.method === 'HEAD' || file.sizeBytes === 0) return void response.end();
  // A log may have grown since its size was told: no more than that is sent.
  const source = createReadStream(file.path, range ?? { start: 0, end: file.sizeBytes - 1 });
  try {
    await (compress ? pipeline(source, createGzip(), response) : pipeline(source, response));
  } catch (error) {
    // The browser went away; nobody is left to tell.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}

/** One range of bytes (RFC 9110, 14.2); several at once are answered with the whole file, as the standard allows. */
function rangeOf(request: IncomingMessage, file: FoundFile): Range | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return undefined;
  // Part of a file that is another one by now would be joined to the wrong beginning.
  const condition = request.headers['if-range'];
  if (condition !== undefined && condition !== file.etag) return undefined;
  const last = file.sizeBytes - 1;
  const start = match[1] === '' ? Math.max(0, file.sizeBytes - Number(match[2])) : Number(match[1]);
  const end = match[1] === '' || match[2] === '' ? last : Math.min(Number(match[2]), last);
  return start > end || start > last ? 'unsatisfiable' : { start, end };
}

function acceptsGzip(request: IncomingMessage): boolean {
  return /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
}

const leastCompressedBytes = 1024;

function isWorthCompressing(file: FoundFile): boolean {
  return file.sizeBytes > leastCompressedBytes && /^(text\/|application\/json|image\/svg)/.test(file.contentType);
}

function encodeName(path: string): string {
  return encodeURIComponent(basename(path)).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
}
