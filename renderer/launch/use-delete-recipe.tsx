import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import type { ListedRecipe } from '../../common/recipes.ts';
import { useTRPC, useTRPCClient } from '../api/client.ts';
import { showError } from '../api/errors.ts';

const undoMs = 10_000;

/** Deletes a recipe of the user's, and brings it back for whoever regrets it. */
export function useDeleteRecipe(): (recipe: ListedRecipe) => Promise<void> {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queryClient = useQueryClient();
  const refresh = () => queryClient.invalidateQueries({ queryKey: trpc.recipes.list.queryKey() });

  return async ({ id, title }) => {
    const notice = `recipe-${id}`;
    async function undo() {
      notifications.hide(notice);
      await client.recipes.restore
        .mutate({ id })
        .catch((error) => showError('The recipe could not be restored', error));
      await refresh();
    }
    try {
      await client.recipes.remove.mutate({ id });
    } catch (error) {
      return showError('The recipe could not be deleted', error);
    }
    await refresh();
    notifications.show({
      id: notice,
      autoClose: undoMs,
      title: 'Recipe deleted',
      message: (
        <Group justify="space-between" wrap="nowrap">
          <Text fz="sm" truncate>
            {title}
          </Text>
          <Button size="compact-sm" variant="light" onClick={() => void undo()}>
            Undo
          </Button>
        </Group>
      ),
    });
  };
}
