import { Alert, Anchor, Button, Group, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { PauseCircle } from 'lucide-react';
import { useEffect } from 'react';
import { Link } from 'wouter';
import { useTRPC } from '../api/client.ts';
import { showError } from '../api/errors.ts';
import { useRuns } from '../api/RunsProvider.tsx';

/** Says that queued runs will not start by themselves, why, and lets them go. */
export function QueueNotice() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const queued = useRuns().runs.filter(({ state }) => state === 'queued').length;
  const { data: queue, refetch } = useQuery(trpc.queue.list.queryOptions());
  const release = useMutation(
    trpc.queue.release.mutationOptions({
      onSuccess: (state) => queryClient.setQueryData(trpc.queue.list.queryKey(), state),
      onError: (error) => showError('The queue could not be released', error),
    }),
  );
  useEffect(() => {
    refetch();
  }, [queued, refetch]);

  if (!queue?.held || queued === 0) return null;
  return (
    <Alert color="yellow" icon={<PauseCircle size={18} />} p="sm">
      <Group justify="space-between">
        <Text fz="sm">
          The queue is held{queue.reason ? `: ${queue.reason}` : ''}.{' '}
          <Anchor component={Link} href="/queue" fz="sm">
            {queued} {queued === 1 ? 'run waits' : 'runs wait'}
          </Anchor>
          .
        </Text>
        <Button size="compact-sm" variant="default" loading={release.isPending} onClick={() => release.mutate()}>
          Let it go on
        </Button>
      </Group>
    </Alert>
  );
}
