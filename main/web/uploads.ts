/** `POST /uploads?name=...`: a checkpoint or a bundle that a page sends, into `<workspace>/checkpoints/.incoming`, to be imported from there. */
import { createWriteStream } from 'node:fs';
import { rename, rm, statfs } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { isFileName } from '../../system/file-name.ts';
import { newIncoming } from '../../system/incoming.ts';
import { sendError } from './responses.ts';

/** Left free on the disk: the database and the runs go on. */
const reserveBytes = 256 * 2 ** 20;

/** Answers `{file, sizeBytes}`. The file has its name when all of it is there. */
export async function receiveUpload(
  request: IncomingMessage,
  response: ServerResponse,
  name: string | null,
  checkpoints: string,
): Promise<void> {
  if (!name || !isFileName(name)) {
    request.resume();
    return sendError(response, 400, 'usage', `${JSON.stringify(name)} is no name of a file.`);
  }
  const roomBytes = await roomOf(checkpoints);
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > roomBytes) {
    // Not read: a browser that is told so early ends the sending.
    response.setHeader('connection', 'close');
    return sendError(response, 413, 'environment', noRoom(name, announced, roomBytes));
  }
  const folder = newIncoming(checkpoints);
  const file = join(folder, name);
  const partial = join(folder, '.partial');
  let sizeBytes = 0;
  try {
    await pipeline(
      request,
      async function* (chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          sizeBytes += chunk.length;
          if (sizeBytes > roomBytes) throw new NoRoom(noRoom(name, sizeBytes, roomBytes));
          yield chunk;
        }
      },
      createWriteStream(partial, { flags: 'wx', flush: true }),
    );
    await rename(partial, file);
  } catch (thrown) {
    await rm(folder, { recursive: true, force: true });
    if (thrown instanceof NoRoom) return sendError(response, 413, 'environment', thrown.message);
    if (request.destroyed && !request.complete) return void response.destroy(); // the sender went away
    throw thrown;
  }
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ file, sizeBytes }));
}

class NoRoom extends Error {}

function noRoom(name: string, wanted: number, room: number): string {
  return `${name} needs at least ${wanted} bytes, but the workspace's disk has room for ${room}.`;
}

async function roomOf(folder: string): Promise<number> {
  const { blocks, bavail, bsize } = await statfs(folder);
  // Some network drives answer with zeros.
  return blocks === 0 ? Number.POSITIVE_INFINITY : Math.max(0, bavail * bsize - reserveBytes);
}
