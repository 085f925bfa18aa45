import { Button, Group, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useLocation } from 'wouter';
import type { RunRecord } from '../../common/records.ts';
import { useTRPCClient } from '../api/client.ts';
import { showError } from '../api/errors.ts';

/** Looking through the images of a small data set is over before there is anything to read. */
const quietMs = 600;

/** Runs a run once more; where its images are not known to be the same, it is asked first. */
export function useReproduce() {
  const client = useTRPCClient();
  const [, navigate] = useLocation();

  return async function reproduce(run: RunRecord, anyway = false): Promise<void> {
    const id = `reproduce-${run.id}`;
    const abort = new AbortController();
    const telling = setTimeout(() => tellLooking(id, run, abort), quietMs);
    try {
      const started = await client.reproductions.start.mutate({ id: run.id, anyway }, { signal: abort.signal });
      notifications.hide(id);
      if (started.state === 'launched') navigate(`/runs/${started.run.id}`);
      else ask(started.message, id, () => reproduce(run, true));
    } catch (thrown) {
      notifications.hide(id);
      if (!abort.signal.aborted) showError('The run could not be reproduced', thrown);
    } finally {
      clearTimeout(telling);
    }
  };
}

function tellLooking(id: string, { name }: RunRecord, abort: AbortController): void {
  notifications.show({
    id,
    loading: true,
    autoClose: false,
    withCloseButton: false,
    title: 'Looking through the images',
    message: (
      <Group justify="space-between" wrap="nowrap">
        <Text fz="sm" truncate>
          of {name}
        </Text>
        <Button size="compact-sm" variant="light" onClick={() => abort.abort()}>
          Cancel
        </Button>
      </Group>
    ),
  });
}

function ask(message: string, id: string, onAnyway: () => void): void {
  const question = `${id}-anyway`;
  const answer = () => {
    notifications.hide(question);
    onAnyway();
  };
  notifications.show({
    id: question,
    color: 'yellow',
    autoClose: false,
    title: 'Nothing was started',
    message: (
      <Stack gap={6} align="flex-start">
        <Text fz="sm">{message}</Text>
        <Button size="compact-sm" variant="light" onClick={answer}>
          Reproduce anyway
        </Button>
      </Stack>
    ),
  });
}
