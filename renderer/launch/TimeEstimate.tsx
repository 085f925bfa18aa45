import { Button, Group, Progress, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Timer } from 'lucide-react';
import { useState } from 'react';
import type { CostEstimate } from '../../common/launch.ts';
import { useTRPC } from '../api/client.ts';
import { showError } from '../api/errors.ts';
import { formatDuration, formatMoment, formatSignificant } from '../ui/format.ts';
import type { Config } from './form-values.ts';
import type { Measured } from './use-sweep.ts';
import { useTask } from './use-task.ts';

interface TimeEstimateProps {
  config: Config;
  ready: boolean;
  onMeasured: (measured: Measured) => void;
}

/** Takes the first steps of the run for what the whole of it would cost; it leaves nothing behind. */
export function TimeEstimate({ config, ready, onMeasured }: TimeEstimateProps) {
  const trpc = useTRPC();
  const [measured, setMeasured] = useState(config);
  const { task, running, follow, cancel } = useTask('dry-run', ({ cost }) => {
    if (cost) onMeasured({ config: measured, secondsPerStep: cost.secondsPerStep });
  });
  const dryRun = useMutation(
    trpc.launch.dryRun.mutationOptions({
      onSuccess: ({ id }) => follow(id),
      onError: (error) => showError('The time could not be measured', error),
    }),
  );

  function measure() {
    setMeasured(config);
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
      {task?.cost && <Cost cost={task.cost} stale={JSON.stringify(measured) !== JSON.stringify(config)} />}
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
