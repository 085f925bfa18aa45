import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useSubscription } from '@trpc/tanstack-react-query';
import { createContext, type ReactNode, useContext, useEffect, useRef } from 'react';
import { unpackRuns } from '../../common/packed-runs.ts';
import { isActive, type RunRecord } from '../../common/records.ts';
import { useTRPC, useTRPCClient } from './client.ts';
import { firstLook } from './first-look.ts';
import { mergeRuns, type RunList } from './merge-runs.ts';
import { newReading, type Reading, readRuns, tell } from './read-runs.ts';
import { useVisible } from './use-visible.ts';

interface Runs {
  runs: RunRecord[];
  /** Not all runs are here yet. */
  loading: boolean;
  /** How many there will be, of which `runs` are the newest; undefined before the first answer. */
  expected: number | undefined;
  error: unknown;
  connection: 'connected' | 'connecting' | 'lost';
  reconnect: () => void;
}

const RunsContext = createContext<Runs | null>(null);

/** The newest of these many are shown; the list says so when there are more. */
export const mostRuns = 10_000;
const retryMs = 3000;
const key = ['all runs'];
/** Not behind what else is asked at the same moment (client.ts). */
const alone = { alone: true };

/** Keeps the list of runs up to date for every page, and knows whether the studio is still there. */
export function RunsProvider({ children }: { children: ReactNode }) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queryClient = useQueryClient();
  const visible = useVisible();
  const reading = useRef<Reading>(null);
  const list = useQuery({
    queryKey: key,
    queryFn: async ({ signal }) => {
      reading.current = newReading();
      const known = queryClient.getQueryData<RunList>(key);
      return readRuns(reading.current, {
        read: async (part) => unpackRuns(await client.runs.packedList.query(part, { signal, context: alone })),
        most: mostRuns,
        known: known?.rows ?? [],
        // A whole list that is read again stays until there is another whole one.
        onFirst: (first) => queryClient.setQueryData<RunList>(key, (old) => (old?.complete ? old : first)),
        signal,
      });
    },
    staleTime: Number.POSITIVE_INFINITY,
    initialData: () => firstLook()?.runs,
    // What came with the document is shown, and read again all the same.
    refetchOnMount: 'always',
  });

  const updates = useSubscription(
    trpc.runs.watchList.subscriptionOptions(undefined, {
      enabled: visible,
      onData: (update) => {
        if (update.type === 'reload') {
          // Before the first answer nothing is to be taken back: it is read again when it has come.
          if (reading.current && !reading.current.hasFirst) reading.current.again = true;
          else queryClient.invalidateQueries({ queryKey: key });
          return;
        }
        if (reading.current) tell(reading.current, update);
        queryClient.setQueryData<RunList>(key, (old) => old && mergeRuns(old, update));
      },
    }),
  );

  const { status, reset } = updates;
  const wasConnected = useRef(false);
  if (status === 'pending') wasConnected.current = true;
  const lost = visible && (status === 'error' || (status === 'connecting' && (wasConnected.current || updates.error)));
  useEffect(() => {
    // A dropped event stream is taken up again by its link; one that was refused is not, so it is asked for anew.
    if (status !== 'error') return;
    const timer = setTimeout(reset, retryMs);
    return () => clearTimeout(timer);
  }, [status, reset]);

  const runs: Runs = {
    runs: list.data?.rows ?? [],
    loading: !list.data?.complete,
    expected: list.data && Math.max(list.data.rows.length, Math.min(list.data.total, mostRuns)),
    error: list.error,
    connection: lost ? 'lost' : status === 'pending' ? 'connected' : 'connecting',
    reconnect: () => {
      reset();
      list.refetch();
    },
  };
  return <RunsContext.Provider value={runs}>{children}</RunsContext.Provider>;
}

export function useRuns(): Runs {
  const runs = useContext(RunsContext);
  if (!runs) throw new Error('useRuns outside of RunsProvider');
  return runs;
}

/** Runs with a worker, the longest running first. */
export function useActiveRuns(): RunRecord[] {
  return useRuns()
    .runs.filter(({ state }) => isActive(state))
    .reverse();
}
