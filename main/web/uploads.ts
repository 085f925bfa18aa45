/**
 * Files that a page sends, into `<workspace>/checkpoints/.incoming`, to be imported from there:
 * `POST /uploads?name=...` a checkpoint, a bundle or an image; `POST /uploads?folder=...&path=...[&upload=...]` one event
 * file of a log folder, `upload` being what the first of them was answered.
 */
import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat, statfs } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { isEventFile, logFolder } from '../../common/interop.ts';
import { isFileName } from '../../system/file-name.ts';
import { incomingName, newIncoming } from '../../system/incoming.ts';
import { sendError } from './responses.ts';

/** Left free on the disk: the database and the runs go on. */
const reserveBytes = 256 * 2 ** 20;

interface Target {
  /** Names from the folder of the upload to the file. */
  names: string[];
  /** The upload that it belongs to; null: a new one. */
  upload: string | null;
  mostBytes: number;
}

/** Answers `{file, sizeBytes, upload}`; of a log folder `file` is the folder. Each file has its name when all of it is there. */
export async function receiveUpload(
  request: IncomingMessage,
  response: ServerResponse,
  query: URLSearchParams,
  checkpoints: string,
): Promise<void> {
  const target = targetOf(query);
  if (typeof target === 'string') {
    request.resume();
    return sendError(response, 400, 'usage', target);
  }
  const begun = target.upload === null ? null : join(checkpoints, incomingName, target.upload);
  if (begun !== null && !(await stat(begun).catch(() => null))) {
    request.resume();
    return sendError(response, 404, 'not-found', `There is no upload ${target.upload}: it was given up.`);
  }
  const name = target.names.at(-1)!;
  const roomBytes = await roomOf(checkpoints);
  const refusal = (wanted: number): string | null => {
    if (wanted > roomBytes)
      return `${name} needs at least ${wanted} bytes, but the workspace's disk has room for ${roomBytes}.`;
    return wanted > target.mostBytes ? `${name} has more than the ${target.mostBytes} bytes that are taken.` : null;
  };
  const announced = refusal(Number(request.headers['content-length'] ?? 0));
  if (announced) {
    // Not read: a browser that is told so early ends the sending.
    response.setHeader('connection', 'close');
    return sendError(response, 413, 'environment', announced);
  }
  const folder = begun ?? newIncoming(checkpoints);
  const file = join(folder, ...target.names);
  const partial = join(folder, `.${randomUUID()}.partial`);
  let sizeBytes = 0;
  try {
    await pipeline(
      request,
      async function* (chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          sizeBytes += chunk.length;
          const tooMuch = refusal(sizeBytes);
          if (tooMuch) throw new TooMuch(tooMuch);
          yield chunk;
        }
      },
      createWriteStream(partial, { flags: 'wx', flush: true }),
    );
    await mkdir(dirname(file), { recursive: true });
    await rename(partial, file);
  } catch (thrown) {
    await rm(begun === null ? folder : partial, { recursive: true, force: true });
    if (thrown instanceof TooMuch) return sendError(response, 413, 'environment', thrown.message);
    if (request.destroyed && !request.complete) return void response.destroy(); // the sender went away
    throw thrown;
  }
  const answer = { file: join(folder, target.names[0]!), sizeBytes, upload: basename(folder) };
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
}

/** Or why it is refused. */
function targetOf(query: URLSearchParams): Target | string {
  const folder = query.get('folder');
  if (folder === null) {
    const name = query.get('name');
    if (!name || !isFileName(name)) return `${JSON.stringify(name)} is no name of a file.`;
    return { names: [name], upload: null, mostBytes: Number.POSITIVE_INFINITY };
  }
  const path = query.get('path') ?? '';
  const names = [folder, ...path.split('/')];
  const quoted = JSON.stringify(path);
  if (!isFileName(folder)) return `${JSON.stringify(folder)} is no name of a folder.`;
  if (!names.every(isFileName)) return `${quoted} is no plain path below the folder.`;
  if (names.length > logFolder.deepest + 2) return `${quoted} lies deeper than ${logFolder.deepest} folders.`;
  if (!isEventFile(path.split('/').at(-1)!)) return `${quoted} is no event file of TensorBoard (*tfevents*).`;
  const upload = query.get('upload');
  if (upload !== null && !/^[0-9a-f-]+$/.test(upload)) return `${JSON.stringify(upload)} is no upload.`;
  return { names, upload, mostBytes: logFolder.mostFileBytes };
}

class TooMuch extends Error {}

async function roomOf(folder: string): Promise<number> {
  const { blocks, bavail, bsize } = await statfs(folder);
  // Some network drives answer with zeros.
  return blocks === 0 ? Number.POSITIVE_INFINITY : Math.max(0, bavail * bsize - reserveBytes);
}
