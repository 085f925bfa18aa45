import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTRPC } from '../api/client.ts';
import { showError } from '../api/errors.ts';

/** Changes stars, tags, notes or the archive; the lists hear of it by themselves. */
export function useMarkRuns() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  return useMutation(
    trpc.runs.mark.mutationOptions({
      // One after another: what was typed last is what stays.
      scope: { id: 'mark-runs' },
      onSuccess: (runs) => {
        for (const run of runs) queryClient.setQueryData(trpc.runs.get.queryKey({ id: run.id }), (old) => old && run);
      },
      onError: (error) => showError('The change was not saved', error),
    }),
  );
}
