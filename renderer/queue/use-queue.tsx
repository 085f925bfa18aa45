import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useSubscription } from '@trpc/tanstack-react-query';
import { useEffect } from 'react';
import type { RunRecord } from '../../common/records.ts';
import type { QueueEstimates, QueueState } from '../../common/updates.ts';
import { useTRPC } from '../api/client.ts';
import { showError } from '../api/errors.ts';
import { useVisible } from '../api/use-visible.ts';
import { withMoved } from './lanes.ts';

const undoMs = 10_000;
const estimatesEveryMs = 30_000;
const nothing: QueueEstimates = {};

/** The queue as it is now, and what can be asked of it. */
export function useQueue() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const visible = useVisible();
  const key = trpc.queue.list.queryKey();
  const take = (state: QueueState) => queryClient.setQueryData(key, state);
  const list = useQuery(trpc.queue.list.queryOptions());
  useSubscription(trpc.queue.watch.subscriptionOptions(undefined, { enabled: visible, onData: take }));

  // They change with what is in the queue and, slowly, with what is measured.
  const inQueue = list.data && [...list.data.order, ...list.data.active].sort().join();
  const estimates = useQuery(
    trpc.queue.estimates.queryOptions(undefined, { refetchInterval: visible ? estimatesEveryMs : false }),
  );
  const { refetch: estimateAgain } = estimates;
  useEffect(() => {
    if (inQueue) estimateAgain();
  }, [inQueue, estimateAgain]);

  const failed = (title: string) => ({
    onError: (error: unknown) => {
      showError(title, error);
      list.refetch();
    },
  });
  const move = useMutation(
    trpc.queue.move.mutationOptions({ onSuccess: take, ...failed('The run could not be moved') }),
  );
  const hold = useMutation(trpc.queue.hold.mutationOptions({ onSuccess: take, ...failed('It could not be held') }));
  const release = useMutation(
    trpc.queue.release.mutationOptions({ onSuccess: take, ...failed('It could not be released') }),
  );
  const remove = useMutation(trpc.queue.remove.mutationOptions(failed('It could not be taken out of the queue')));
  const putBack = useMutation(
    trpc.queue.putBack.mutationOptions({ onSuccess: take, ...failed('It could not be put back') }),
  );

  async function removeWithUndo(runs: RunRecord[]) {
    const places = await remove.mutateAsync({ ids: runs.map(({ id }) => id) });
    const id = `queue-${places[0]?.id}`;
    const undo = () => {
      notifications.hide(id);
      putBack.mutate({ places });
    };
    notifications.show({
      id,
      autoClose: undoMs,
      title: 'Taken out of the queue',
      message: (
        <Group justify="space-between" wrap="nowrap">
          <Text fz="sm" truncate>
            {runs.length === 1 ? runs[0]?.name : `${runs.length} runs`}
          </Text>
          <Button size="compact-sm" variant="light" onClick={undo}>
            Undo
          </Button>
        </Group>
      ),
    });
  }

  return {
    state: list.data,
    /** Seconds that each run still needs, as far as it is known. */
    estimates: estimates.data ?? nothing,
    error: list.error,
    refetch: list.refetch,
    /** At once for the eye; the studio's answer counts. */
    move(id: string, position: number) {
      queryClient.setQueryData(key, (state) => state && withMoved(state, id, position));
      move.mutate({ id, position });
    },
    /** Without runs: the whole queue. */
    setHeld(held: boolean, runs?: RunRecord[]) {
      const ids = runs && { ids: runs.map(({ id }) => id) };
      if (held) hold.mutate(ids);
      else release.mutate(ids);
    },
    remove: (runs: RunRecord[]) => removeWithUndo(runs).catch(() => undefined),
    changing: hold.isPending || release.isPending,
  };
}

export type Queue = ReturnType<typeof useQueue>;
