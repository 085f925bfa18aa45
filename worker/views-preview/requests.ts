/** The requests of a page, the newest first: those that it passes over are never answered. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type NumberedRequest, numberedRequest, requestName } from '../../common/views-preview.ts';
import { watchFolder } from '../../system/folder-news.ts';

export interface Requests {
  /** Null when none has come for so long, or `signal` said so. */
  next(): Promise<NumberedRequest | null>;
  /** Calls back once when a newer request has come; stop it with what is returned. */
  onNewer(than: NumberedRequest, tell: (newer: NumberedRequest) => void): () => void;
  close(): void;
}

const lookAgainMs = 100;

export function openRequests(folder: string, idleMs: number, signal: AbortSignal): Requests {
  const path = join(folder, requestName);
  const news = watchFolder(folder, lookAgainMs);
  let answered = -1;

  return {
    async next() {
      const untilMs = Date.now() + idleMs;
      while (!signal.aborted && Date.now() < untilMs) {
        const request = readRequest(path);
        if (request && request.number > answered) {
          answered = request.number;
          return request;
        }
        await news.next();
      }
      return null;
    },
    onNewer(than, tell) {
      const timer = setInterval(() => {
        const request = readRequest(path);
        if (!request || request.number <= than.number) return;
        clearInterval(timer);
        tell(request);
      }, lookAgainMs);
      return () => clearInterval(timer);
    },
    close: () => news.close(),
  };
}

function readRequest(path: string): NumberedRequest | null {
  try {
    return numberedRequest.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return null; // there is none yet
  }
}
