import { Alert, Button, EmptyState, Skeleton, Stack, Text, VisuallyHidden } from '@mantine/core';
import { CirclePause, CirclePlay, ListOrdered, Plus } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'wouter';
import { useRuns } from '../api/RunsProvider.tsx';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { PageHeader } from '../ui/PageHeader.tsx';
import { useNow } from '../ui/use-now.ts';
import { LaneView } from './LaneView.tsx';
import { lanesOf } from './lanes.ts';
import { timesOf } from './queue-times.ts';
import { wholeWords } from './queue-words.ts';
import { useQueue } from './use-queue.tsx';

/** Minutes are shown. */
const timesEveryMs = 10_000;

/** What computes now and what is next, by device. */
export function QueuePage() {
  const queue = useQueue();
  const { runs, loading } = useRuns();
  const [spoken, setSpoken] = useState('');
  const { state, error, changing } = queue;
  const now = useNow(timesEveryMs);
  const lanes = state ? lanesOf(state, runs) : [];
  const times = state ? lanes.map((lane) => timesOf(lane, state, queue.estimates, now)) : [];

  return (
    <>
      <PageHeader
        title="Queue"
        subtitle={
          <>
            One run at a time computes on each device; the others wait in this order.{' '}
            <span className="numbers" data-whole>
              {lanes.length > 0 && wholeWords(times, now)}
            </span>
          </>
        }
      >
        {state && (
          <Button
            variant="default"
            loading={changing}
            leftSection={state.held ? <CirclePlay size={16} /> : <CirclePause size={16} />}
            onClick={() => queue.setHeld(!state.held)}
          >
            {state.held ? 'Release the queue' : 'Hold the queue'}
          </Button>
        )}
        <Button component={Link} href="/launch" leftSection={<Plus size={16} />}>
          New run
        </Button>
      </PageHeader>
      {error ? (
        <ErrorNotice title="The queue could not be read" error={error} onRetry={() => queue.refetch()} />
      ) : !state || loading ? (
        <Skeleton height={240} aria-label="Loading the queue" />
      ) : (
        <Stack gap="lg">
          {state.held && (
            <Alert color="yellow" icon={<CirclePause size={18} />} p="sm">
              <Text fz="sm">
                The queue is held{state.reason ? `: ${state.reason}` : ''}. What runs goes on; nothing more is started.
              </Text>
            </Alert>
          )}
          {lanes.length === 0 ? (
            <NothingQueued />
          ) : (
            lanes.map((lane, at) => (
              <LaneView
                key={lane.device}
                lane={lane}
                times={times[at]!}
                state={state}
                queue={queue}
                onMoved={setSpoken}
              />
            ))
          )}
        </Stack>
      )}
      <VisuallyHidden role="status" aria-live="polite">
        {spoken}
      </VisuallyHidden>
    </>
  );
}

function NothingQueued() {
  return (
    <EmptyState
      className="surface"
      py={72}
      variant="light"
      icon={<ListOrdered size={26} strokeWidth={1.6} />}
      title="Nothing runs and nothing waits"
      description="Runs that are started while another one has the device wait here, and so do all runs of a sweep."
    >
      <EmptyState.Actions>
        <Button component={Link} href="/launch">
          Start a run
        </Button>
      </EmptyState.Actions>
    </EmptyState>
  );
}
