import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useTRPC } from '../api/client.ts';

const tailBytes = 256 << 10;
/** More lines than this are dropped from the beginning of what the page holds; the file keeps them. */
const mostLines = 20_000;

export interface Log {
  lines: string[];
  /** Bytes of the file before the first line that is held. */
  earlierBytes: number;
  loadEarlier: () => void;
  loadingEarlier: boolean;
  error: unknown;
}

/** The tail of a run's log, read on whenever the file has grown to `logBytes`. */
export function useLog(id: string, logBytes: number): Log {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [lines, setLines] = useState<string[]>([]);
  const [fromByte, setFromByte] = useState(0);
  const [loadingEarlier, setLoadingEarlier] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const reading = useRef(false);
  const toByte = useRef<number | undefined>(undefined);

  const read = useCallback(
    (range: { fromByte?: number; maxBytes: number }) =>
      queryClient.fetchQuery(trpc.runs.log.queryOptions({ id, ...range }, { staleTime: 0, gcTime: 0 })),
    [queryClient, trpc, id],
  );

  useEffect(() => {
    if (reading.current || (toByte.current !== undefined && toByte.current >= logBytes)) return;
    reading.current = true;
    let more = true;
    (async () => {
      // What was written while a part was under way is read before the next change is waited for.
      while (more) {
        const first = toByte.current === undefined;
        const part = await read({ fromByte: toByte.current, maxBytes: tailBytes });
        if (first) setFromByte(part.fromByte);
        more = !first && part.toByte > (toByte.current ?? 0) && part.toByte < part.sizeBytes;
        toByte.current = part.toByte;
        if (part.text) setLines((before) => [...before, ...linesOf(part.text)].slice(-mostLines));
      }
    })()
      .catch(setError)
      .finally(() => {
        reading.current = false;
      });
  }, [logBytes, read]);

  async function loadEarlier() {
    setLoadingEarlier(true);
    try {
      const start = Math.max(0, fromByte - tailBytes);
      const part = await read({ fromByte: start, maxBytes: fromByte - start });
      setLines((after) => [...linesOf(part.text), ...after].slice(0, mostLines));
      setFromByte(part.fromByte);
    } catch (thrown) {
      setError(thrown);
    } finally {
      setLoadingEarlier(false);
    }
  }

  return { lines, earlierBytes: fromByte, loadEarlier, loadingEarlier, error };
}

function linesOf(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
