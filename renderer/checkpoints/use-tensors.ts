import { useQuery } from '@tanstack/react-query';
import type { CheckpointSummary, CheckpointTensors } from '../../common/checkpoints.ts';
import { useTRPCClient } from '../api/client.ts';
import { runTask } from '../api/run-task.ts';

const keptMs = 10 * 60_000;

/**
 * The tensors of a checkpoint, and of one of them a summary of its values; `tensor` null asks for no summary. A file
 * with a hash does not change: what was read once is not read again.
 */
export function useTensors(checkpoint: CheckpointSummary, tensor: string | null) {
  const client = useTRPCClient();
  return useQuery({
    queryKey: ['checkpoint-tensors', checkpoint.sha256, checkpoint.state, tensor],
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: keptMs,
    queryFn: ({ signal }) => {
      const file = checkpoint.sha256;
      const start = () => client.checkpoints.show.mutate({ file, ...(tensor !== null && { tensor }) });
      return runTask<CheckpointTensors>(client, start, { signal });
    },
  });
}
