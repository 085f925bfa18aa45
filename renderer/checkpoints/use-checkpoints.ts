import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTRPC } from '../api/client.ts';
import { useRuns } from '../api/RunsProvider.tsx';

/** Runs write and remove checkpoints: what they hold tells when to read the list again. */
export function useCheckpoints({ trashed = false } = {}) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { runs } = useRuns();
  const held = runs.reduce((sum, { sizeBytes }) => sum + sizeBytes, runs.length);
  useEffect(() => {
    // Named, so that the effect runs whenever it changes.
    void held;
    queryClient.invalidateQueries({ queryKey: trpc.checkpoints.list.queryKey() });
  }, [held, queryClient, trpc]);
  return useQuery(trpc.checkpoints.list.queryOptions({ trashed }));
}
