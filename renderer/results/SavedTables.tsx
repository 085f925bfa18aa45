import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import type { TableDefinition } from '../../common/results/definition.ts';
import { useTRPC } from '../api/client.ts';
import { SavedMenu } from '../ui/SavedMenu.tsx';

interface SavedTablesProps {
  definition: TableDefinition;
  shownId: string | undefined;
}

/** Tables by name. */
export function SavedTables({ definition, shownId }: SavedTablesProps) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [, navigate] = useLocation();
  const tables = useQuery(trpc.exports.tables.queryOptions()).data ?? [];
  const refresh = { onSuccess: () => queryClient.invalidateQueries({ queryKey: trpc.exports.tables.queryKey() }) };
  const save = useMutation(trpc.exports.saveTable.mutationOptions(refresh));
  const restore = useMutation(trpc.exports.restoreTable.mutationOptions(refresh));
  const remove = useMutation(trpc.exports.removeTable.mutationOptions(refresh));

  return (
    <SavedMenu
      label="Saved tables"
      what="table"
      items={tables}
      shown={tables.find(({ id }) => id === shownId)}
      onOpen={(id) => navigate(`/results/${id}`)}
      onSave={async ({ id, name }) => {
        const saved = await save.mutateAsync({ id, name, definition });
        navigate(`/results/${saved.id}`);
        return saved;
      }}
      onRemove={async (id) => {
        await remove.mutateAsync({ id });
        navigate('/results');
      }}
      onRestore={(id) => restore.mutateAsync({ id })}
    />
  );
}
