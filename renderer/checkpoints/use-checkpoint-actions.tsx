import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { CheckpointSummary, CheckpointVerdicts } from '../../common/checkpoints.ts';
import { useTRPC, useTRPCClient } from '../api/client.ts';
import { showError } from '../api/errors.ts';
import { runTask, type TaskProgress } from '../api/run-task.ts';

const undoMs = 10_000;

/** Those of a run are the run's: they go when it goes. */
export function isOwn({ source }: CheckpointSummary): boolean {
  return source === 'imported';
}

/** Asks the studio to do something with checkpoints; every page that shows them is brought up to date. */
export function useCheckpointActions() {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queryClient = useQueryClient();
  const [progress, setProgress] = useState<TaskProgress | null>(null);
  const failed = (title: string) => ({ onError: (error: unknown) => showError(title, error) });
  const restore = useMutation(
    trpc.checkpoints.restore.mutationOptions(failed('The checkpoint could not be brought back')),
  );
  const trash = useMutation(
    trpc.checkpoints.trash.mutationOptions(failed('The checkpoint could not be moved to the trash')),
  );
  const rename = useMutation(trpc.checkpoints.rename.mutationOptions(failed('The checkpoint could not be renamed')));
  const remove = useMutation(
    trpc.checkpoints.deleteForever.mutationOptions(failed('The checkpoint could not be deleted')),
  );
  const refresh = () => queryClient.invalidateQueries({ queryKey: trpc.checkpoints.pathKey() });

  const verify = useMutation({
    mutationFn: (ids: string[] | undefined) =>
      runTask<CheckpointVerdicts>(client, () => client.checkpoints.verify.mutate({ ids }), { onProgress: setProgress }),
    onSuccess: ({ checked }) => tellVerdicts(checked),
    onError: (error) => showError('The checkpoints could not be verified', error),
    onSettled: () => {
      setProgress(null);
      return refresh();
    },
  });

  async function bringBack(checkpoint: CheckpointSummary) {
    await restore.mutateAsync({ ids: [checkpoint.sha256] });
    await refresh();
  }

  async function moveToTrash(checkpoint: CheckpointSummary) {
    await trash.mutateAsync({ ids: [checkpoint.sha256] });
    await refresh();
    const id = `trash-${checkpoint.id}`;
    const undo = () => {
      notifications.hide(id);
      bringBack(checkpoint).catch(() => undefined);
    };
    notifications.show({
      id,
      autoClose: undoMs,
      title: 'Moved to the trash',
      message: (
        <Group justify="space-between" wrap="nowrap">
          <Text fz="sm" truncate>
            {checkpoint.name}
          </Text>
          <Button size="compact-sm" variant="light" onClick={undo}>
            Undo
          </Button>
        </Group>
      ),
    });
  }

  return {
    trash: (checkpoint: CheckpointSummary) => moveToTrash(checkpoint).catch(() => undefined),
    restore: (checkpoint: CheckpointSummary) => bringBack(checkpoint).catch(() => undefined),
    rename: (checkpoint: CheckpointSummary, name: string) =>
      rename.mutateAsync({ id: checkpoint.sha256, name }).then(refresh, () => undefined),
    deleteForever: (checkpoints: CheckpointSummary[]) =>
      remove.mutateAsync({ ids: checkpoints.map(({ sha256 }) => sha256) }).then(refresh, () => undefined),
    verify: (checkpoints?: CheckpointSummary[]) => verify.mutate(checkpoints?.map(({ sha256 }) => sha256)),
    verifying: verify.isPending,
    progress,
  };
}

function tellVerdicts(checked: CheckpointVerdicts['checked']) {
  const bad = checked.filter(({ state }) => state !== 'ok').length;
  const all = checked.length === 1 ? 'The file is' : `${checked.length} files are`;
  notifications.show(
    bad === 0
      ? { title: 'Verified', message: `${all} what was recorded, to the last byte.`, color: 'teal' }
      : {
          title: 'Not all is well',
          message:
            checked.length === 1
              ? 'The file is damaged or missing.'
              : `${bad} of ${checked.length} files are damaged or missing.`,
          color: 'red',
          autoClose: 12_000,
        },
  );
}
