import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { RunRecord } from '../../common/records.ts';
import { useTRPC } from '../api/client.ts';
import { showError } from '../api/errors.ts';
import { EditableName } from '../ui/EditableName.tsx';

export function RunName({ run }: { run: RunRecord }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const rename = useMutation(
    trpc.runs.rename.mutationOptions({
      onSuccess: (renamed) => queryClient.setQueryData(trpc.runs.get.queryKey({ id: run.id }), renamed),
      onError: (error) => showError('The run could not be renamed', error),
    }),
  );
  return (
    <EditableName name={run.name} label="Name of the run" onRename={(name) => rename.mutate({ id: run.id, name })} />
  );
}
