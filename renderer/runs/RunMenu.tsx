import { ActionIcon, Menu } from '@mantine/core';
import { Archive, ArchiveRestore, CirclePause, CirclePlay, Copy, Ellipsis, OctagonX, Trash2 } from 'lucide-react';
import { jobs } from '../../common/jobs/index.ts';
import type { RunRecord } from '../../common/records.ts';
import { useExportRuns } from '../interop/use-export-runs.tsx';
import { ReproduceItem } from './Reproduce.tsx';
import { allowedActions, useRunActions } from './use-run-actions.tsx';

const icon = { size: 15, strokeWidth: 1.8 };

export function RunMenu({ run }: { run: RunRecord }) {
  const actions = useRunActions();
  const allowed = allowedActions(run.state);
  const exporting = useExportRuns([run]);
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Actions for ${run.name}`}
            onClick={(event) => event.stopPropagation()}
            onKeyDown={(event) => event.stopPropagation()}
          >
            <Ellipsis size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown onClick={(event) => event.stopPropagation()} onKeyDown={(event) => event.stopPropagation()}>
          <Menu.Item
            disabled={!allowed.pause}
            leftSection={<CirclePause {...icon} />}
            onClick={() => actions.pause(run)}
          >
            Pause
          </Menu.Item>
          <Menu.Item
            disabled={!allowed.resume}
            leftSection={<CirclePlay {...icon} />}
            onClick={() => actions.resume(run)}
          >
            Resume
          </Menu.Item>
          <Menu.Item disabled={!allowed.stop} leftSection={<OctagonX {...icon} />} onClick={() => actions.stop(run)}>
            {run.state === 'queued' ? 'Take out of the queue' : 'Save and stop'}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item
            disabled={!jobs[run.kind].recorded}
            leftSection={<Copy {...icon} />}
            onClick={() => actions.duplicate(run)}
          >
            Duplicate with changes
          </Menu.Item>
          <ReproduceItem run={run} />
          {exporting.items}
          <Menu.Item
            leftSection={run.archived ? <ArchiveRestore {...icon} /> : <Archive {...icon} />}
            onClick={() => actions.archive(run)}
          >
            {run.archived ? 'Unarchive' : 'Archive'}
          </Menu.Item>
          <Menu.Item
            color="red"
            disabled={!allowed.trash}
            leftSection={<Trash2 {...icon} />}
            onClick={() => actions.trash([run])}
          >
            Move to the trash
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {exporting.dialog}
    </>
  );
}
