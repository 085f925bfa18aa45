import { Button, Group, Progress, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Timer } from 'lucide-react';
import { useState } from 'react';
import type { CostEstimate } from '../../common/launch.ts';
import { useTRPC } from '../api/client.ts';
import { showError } from '../api/errors.ts';
import { formatDuration, formatMoment, formatSignificant } from '../ui/format.ts';
import type { Config } from './form-values.ts';
import { useTask } from './use-task.ts';

/** Takes the first steps of the run for what the whole of it would cost; it leaves nothing behind. */
export function TimeEstimate({ config, ready }: { config: Config; ready: boolean }) {
  const trpc = useTRPC();
  const { task, running, follow, cancel } = useTask('dry-run');
  const [measured, setMeasured] = useState('');
  const dryRun = useMutation(
    trpc.launch.dryRun.mutationOptions({
      onSuccess: ({ id }) => follow(id),
      onError: (error) => showError('The time could not be measured', error),
    }),
  );

  function measure() {
    setMeasured(JSON.stringify(config));
    dryRun.mutate({ config });
  }

  return (
    <Stack gap={8} aria-live="polite">
      {running ? (
        <>
          <Progress
            value={task?.total ? (task.done / task.total) * 100 : 100}
            animated
            size={5}
            aria-label="Measuring the time"
          />
          <Group justify="space-between">
            <Text fz="xs" className="quiet">
              {task?.stage ?? 'Starting'}
            </Text>
            <Button size="compact-xs" variant="default" onClick={cancel}>
              Cancel
            </Button>
          </Group>
        </>
      ) : (
        <Button
          variant="default"
          leftSection={<Timer size={15} />}
          loading={dryRun.isPending}
          disabled={!ready}
          onClick={measure}
        >
          {task?.cost ? 'Estimate the time again' : 'Estimate the time'}
        </Button>
      )}
      {task?.cost && <Cost cost={task.cost} stale={measured !== JSON.stringify(config)} />}
      {task?.error && (
        <Text fz="xs" c="var(--mantine-color-error)">
          {task.error.message} {task.error.cure}
        </Text>
      )}
    </Stack>
  );
}

function Cost({ cost, stale }: { cost: CostEstimate; stale: boolean }) {
  const total = cost.totalSeconds;
  return (
    <div>
      {total && (
        <Text fz="sm" className="numbers">
          <b style={{ fontWeight: 600 }}>{formatDuration(total.expected * 1000)}</b>{' '}
          <span className="quiet">
            ({formatDuration(total.low * 1000)} – {formatDuration(total.high * 1000)}), done at{' '}
            {formatMoment(Date.now() + total.expected * 1000)}
          </span>
        </Text>
      )}
      <Text fz="xs" className="quiet numbers">
        {formatSignificant(cost.imagesPerSecond)} images/s on {cost.device}, waits {Math.round(cost.waitShare * 100)} %
        for images, {Math.round(cost.peakMemoryMiB)} MiB
      </Text>
      {stale && (
        <Text fz="xs" className="quiet">
          The settings have changed since.
        </Text>
      )}
    </div>
  );
}
