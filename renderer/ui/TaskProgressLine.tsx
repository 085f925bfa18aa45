import { Button, Group, Progress, Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { TaskProgress } from '../api/run-task.ts';
import { formatDuration } from './format.ts';

interface TaskProgressLineProps {
  /** What goes on, until the task says it. */
  label: string;
  progress: TaskProgress | null;
  onCancel?: () => void;
}

/** Before this much is known of the pace, time left is a guess. */
const paceMs = 1000;

/** How far a task is, and how long it will still take. */
export function TaskProgressLine({ label, progress, onCancel }: TaskProgressLineProps) {
  const stage = progress?.stage ?? label;
  const share = progress?.total ? Math.min(1, progress.done / progress.total) : null;
  const [began, setBegan] = useState({ stage, atMs: Date.now(), share: share ?? 0 });
  const [cancelled, setCancelled] = useState(false);
  const shareNow = useRef(share);
  shareNow.current = share;
  useEffect(() => setBegan({ stage, atMs: Date.now(), share: shareNow.current ?? 0 }), [stage]);

  const elapsedMs = began.stage === stage ? Date.now() - began.atMs : 0;
  // A stage may go on from where the one before it ended.
  const done = share === null ? 0 : share - began.share;
  const leftMs = share !== null && done > 0 && elapsedMs > paceMs ? (elapsedMs * (1 - share)) / done : null;
  const words = share === null ? '' : ` · ${Math.floor(share * 100)} %`;
  return (
    <div aria-busy={!cancelled || undefined}>
      <Progress value={(share ?? 1) * 100} animated={share === null} size={6} my={8} aria-label={label} />
      <Group justify="space-between" mih={30}>
        <Text fz="sm" className="numbers">
          {cancelled ? 'Cancelling …' : `${capitalised(stage)} …${words}`}
          {leftMs !== null && !cancelled ? ` · ${formatDuration(leftMs)} left` : ''}
        </Text>
        {onCancel && (
          <Button
            size="compact-sm"
            variant="default"
            disabled={cancelled}
            onClick={() => {
              setCancelled(true);
              onCancel();
            }}
          >
            Cancel
          </Button>
        )}
      </Group>
    </div>
  );
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
