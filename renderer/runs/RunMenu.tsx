import { Menu } from '@mantine/core';
import { Archive, ArchiveRestore, CirclePause, CirclePlay, Copy, OctagonX, Trash2 } from 'lucide-react';
import { jobs } from '../../common/jobs/index.ts';
import type { RunRecord } from '../../common/records.ts';
import { useExportRuns } from '../interop/use-export-runs.tsx';
import { ActionsMenu, actionIcon, LateMenu } from '../ui/ActionsMenu.tsx';
import { ReproduceItem } from './Reproduce.tsx';
import { allowedActions, useRunActions } from './use-run-actions.tsx';

export function RunMenu({ run }: { run: RunRecord }) {
  return <LateMenu name={run.name}>{() => <UsedMenu run={run} />}</LateMenu>;
}

function UsedMenu({ run }: { run: RunRecord }) {
  const actions = useRunActions();
  const allowed = allowedActions(run.state);
  const exporting = useExportRuns([run]);
  return (
    <>
      <ActionsMenu name={run.name} asked>
        <Menu.Item
          disabled={!allowed.pause}
          leftSection={<CirclePause {...actionIcon} />}
          onClick={() => actions.pause(run)}
        >
          Pause
        </Menu.Item>
        <Menu.Item
          disabled={!allowed.resume}
          leftSection={<CirclePlay {...actionIcon} />}
          onClick={() => actions.resume(run)}
        >
          Resume
        </Menu.Item>
        <Menu.Item
          disabled={!allowed.stop}
          leftSection={<OctagonX {...actionIcon} />}
          onClick={() => actions.stop(run)}
        >
          {run.state === 'queued' ? 'Take out of the queue' : 'Save and stop'}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          disabled={!jobs[run.kind].recorded}
          leftSection={<Copy {...actionIcon} />}
          onClick={() => actions.duplicate(run)}
        >
          Duplicate with changes
        </Menu.Item>
        <ReproduceItem run={run} />
        {exporting.items}
        <Menu.Item
          leftSection={run.archived ? <ArchiveRestore {...actionIcon} /> : <Archive {...actionIcon} />}
          onClick={() => actions.archive(run)}
        >
          {run.archived ? 'Unarchive' : 'Archive'}
        </Menu.Item>
        <Menu.Item
          color="red"
          disabled={!allowed.trash}
          leftSection={<Trash2 {...actionIcon} />}
          onClick={() => actions.trash([run])}
        >
          Move to the trash
        </Menu.Item>
      </ActionsMenu>
      {exporting.dialog}
    </>
  );
}
