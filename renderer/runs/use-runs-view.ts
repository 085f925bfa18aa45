import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect } from 'react';
import { plainView, type RunsView, type ShownRuns } from '../../common/runs-view.ts';
import { useTRPC, useTRPCClient } from '../api/client.ts';
import { showError } from '../api/errors.ts';
import { firstLook } from '../api/first-look.ts';

const restMs = 400;

/** What the page shows; the studio keeps it in the workspace, so that nothing but its user ever resets it. */
export function useRunsView() {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queryClient = useQueryClient();
  const key = trpc.runViews.shown.queryKey();
  const kept = useQuery(
    trpc.runViews.shown.queryOptions(undefined, {
      // What came with the document is read again once: what was changed as the page before went may not be in it.
      staleTime: ({ state }) => (state.dataUpdateCount === 0 ? 0 : Number.POSITIVE_INFINITY),
      gcTime: Number.POSITIVE_INFINITY,
      initialData: () => firstLook()?.shown,
    }),
  );
  const shown = kept.data ?? plain;

  function show(next: ShownRuns) {
    // An answer that is under way knows nothing of it.
    queryClient.cancelQueries({ queryKey: key });
    queryClient.setQueryData(key, next);
    // By itself: a batch waits for a timer, which a page that goes away does not live to see.
    write.later(() => client.runViews.show.mutate(next, { context: { alone: true } }));
  }

  // Always the same, so that columns are made anew only when there are others.
  const change = useCallback((change: Partial<RunsView>) => {
    const now = queryClient.getQueryData(key) ?? plain;
    show({ ...now, view: { ...now.view, ...change } });
  }, []);

  // What was changed a moment ago is not lost when the window closes.
  useEffect(() => {
    window.addEventListener('pagehide', write.now);
    return () => window.removeEventListener('pagehide', write.now);
  }, []);

  return {
    ...shown,
    loading: kept.isPending,
    error: kept.error,
    show,
    change,
  };
}

const plain: ShownRuns = { view: plainView, from: null };

/** The last of several writes in a row, when it has been quiet for a while. */
const write = (() => {
  let waiting: (() => Promise<unknown>) | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const now = () => {
    clearTimeout(timer);
    waiting?.().catch((error: unknown) => showError('How the page looks could not be kept', error));
    waiting = undefined;
  };
  const later = (task: () => Promise<unknown>) => {
    waiting = task;
    clearTimeout(timer);
    timer = setTimeout(now, restMs);
  };
  return { now, later };
})();
