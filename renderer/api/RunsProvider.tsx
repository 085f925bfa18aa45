import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useSubscription } from '@trpc/tanstack-react-query';
import { createContext, type ReactNode, useContext, useEffect, useRef } from 'react';
import { unpackRuns } from '../../common/packed-runs.ts';
import { isActive, type RunRecord } from '../../common/records.ts';
import { useTRPC, useTRPCClient } from './client.ts';
import { mergeRuns } from './merge-runs.ts';
import { useVisible } from './use-visible.ts';

interface Runs {
  runs: RunRecord[];
  /** The first answer has not come yet. */
  loading: boolean;
  error: unknown;
  connection: 'connected' | 'connecting' | 'lost';
  reconnect: () => void;
}

const RunsContext = createContext<Runs | null>(null);

/** The newest of these many are shown; the list says so when there are more. */
export const mostRuns = 10_000;
const retryMs = 3000;

/** Keeps the list of runs up to date for every page, and knows whether the studio is still there. */
export function RunsProvider({ children }: { children: ReactNode }) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queryClient = useQueryClient();
  const visible = useVisible();
  const input = { limit: mostRuns, sort: 'createdAt', descending: true };
  const key = trpc.runs.list.queryKey(input);
  const list = useQuery({
    queryKey: key,
    queryFn: async () => unpackRuns(await client.runs.packedList.query({ limit: mostRuns })),
    staleTime: Number.POSITIVE_INFINITY,
  });

  const updates = useSubscription(
    trpc.runs.watchList.subscriptionOptions(undefined, {
      enabled: visible,
      onData: (update) => {
        if (update.type === 'reload') queryClient.invalidateQueries({ queryKey: key });
        else queryClient.setQueryData(key, (old) => old && mergeRuns(old, update));
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
    loading: list.isPending,
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
