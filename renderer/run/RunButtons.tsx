import { ActionIcon, Button, Group, Tooltip } from '@mantine/core';
import { Archive, ArchiveRestore, CirclePause, CirclePlay, Copy, OctagonX, Trash2 } from 'lucide-react';
import { useLocation } from 'wouter';
import { jobs } from '../../common/jobs/index.ts';
import type { RunRecord } from '../../common/records.ts';
import { ExportRunButton } from '../interop/ExportRunButton.tsx';
import { ReproduceButton } from '../runs/Reproduce.tsx';
import { allowedActions, useRunActions } from '../runs/use-run-actions.tsx';

const icon = { size: 15, strokeWidth: 1.9 };

/** What can be done with the run in the state that its worker is in. */
export function RunButtons({ run }: { run: RunRecord }) {
  const actions = useRunActions();
  const [, navigate] = useLocation();
  const allowed = allowedActions(run.state);
  const changing = run.state === 'pausing' || run.state === 'stopping';

  async function trash() {
    await actions.trash([run]);
    navigate('/runs');
  }

  return (
    <Group gap="xs">
      {(allowed.pause || run.state === 'pausing') && (
        <Tooltip label="Saves a checkpoint and frees the device">
          <Button
            variant="default"
            leftSection={<CirclePause {...icon} />}
            loading={run.state === 'pausing'}
            disabled={changing}
            onClick={() => actions.pause(run)}
          >
            Pause
          </Button>
        </Tooltip>
      )}
      {(allowed.stop || run.state === 'stopping') && (
        <Tooltip label={run.state === 'queued' ? 'Takes the run out of the queue' : 'Saves a checkpoint, then stops'}>
          <Button
            variant="default"
            leftSection={<OctagonX {...icon} />}
            loading={run.state === 'stopping'}
            disabled={changing}
            onClick={() => actions.stop(run)}
          >
            Stop
          </Button>
        </Tooltip>
      )}
      {allowed.resume && (
        <Tooltip label="Goes on from the newest checkpoint">
          <Button leftSection={<CirclePlay {...icon} />} loading={actions.pending} onClick={() => actions.resume(run)}>
            Resume
          </Button>
        </Tooltip>
      )}
      {jobs[run.kind].recorded && (
        <Tooltip label="Start from these settings (Ctrl+D)">
          <Button variant="default" leftSection={<Copy {...icon} />} onClick={() => actions.duplicate(run)}>
            Duplicate
          </Button>
        </Tooltip>
      )}
      <ReproduceButton run={run} />
      <ExportRunButton run={run} />
      <Tooltip label={run.archived ? 'Back into the list of runs' : 'Archive: leave out of the list of runs'}>
        <ActionIcon
          variant="default"
          size={36}
          aria-label={run.archived ? 'Unarchive' : 'Archive'}
          onClick={() => actions.archive(run)}
        >
          {run.archived ? <ArchiveRestore {...icon} /> : <Archive {...icon} />}
        </ActionIcon>
      </Tooltip>
      <Tooltip label={allowed.trash ? 'Move to the trash' : 'Stop the run before it is moved to the trash'}>
        <ActionIcon
          variant="default"
          size={36}
          aria-label="Move to the trash"
          aria-disabled={!allowed.trash}
          data-disabled={!allowed.trash || undefined}
          onClick={() => allowed.trash && trash()}
        >
          <Trash2 {...icon} />
        </ActionIcon>
      </Tooltip>
    </Group>
  );
}
