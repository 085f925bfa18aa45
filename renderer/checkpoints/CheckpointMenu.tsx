import { Menu } from '@mantine/core';
import { Rocket, ShieldCheck, Trash2, Undo2, Upload } from 'lucide-react';
import { useLocation } from 'wouter';
import type { CheckpointSummary } from '../../common/checkpoints.ts';
import { ActionsMenu, actionIcon } from '../ui/ActionsMenu.tsx';
import { UseItems } from './UseItems.tsx';
import { isOwn, useCheckpointActions } from './use-checkpoint-actions.tsx';

export function CheckpointMenu({ checkpoint }: { checkpoint: CheckpointSummary }) {
  const actions = useCheckpointActions();
  const [, navigate] = useLocation();
  const trashed = checkpoint.trashedAt !== null;
  return (
    <ActionsMenu name={checkpoint.name}>
      {trashed ? (
        <>
          <Menu.Item
            leftSection={<Undo2 {...actionIcon} />}
            disabled={!isOwn(checkpoint)}
            onClick={() => actions.restore(checkpoint)}
          >
            {isOwn(checkpoint) ? 'Restore' : 'Restored with its run'}
          </Menu.Item>
          {isOwn(checkpoint) && (
            <Menu.Item
              color="red"
              leftSection={<Trash2 {...actionIcon} />}
              onClick={() => actions.deleteForever([checkpoint])}
            >
              Delete for good
            </Menu.Item>
          )}
        </>
      ) : (
        <>
          <Menu.Sub>
            <Menu.Sub.Target>
              <Menu.Sub.Item leftSection={<Rocket {...actionIcon} />} disabled={checkpoint.state !== 'ok'}>
                Use in a run
              </Menu.Sub.Item>
            </Menu.Sub.Target>
            <Menu.Sub.Dropdown>
              <UseItems checkpoint={checkpoint} />
            </Menu.Sub.Dropdown>
          </Menu.Sub>
          <Menu.Item
            leftSection={<Upload {...actionIcon} />}
            disabled={checkpoint.state !== 'ok'}
            onClick={() => navigate(`/checkpoints/${checkpoint.id}/export`)}
          >
            Export …
          </Menu.Item>
          <Menu.Item
            leftSection={<ShieldCheck {...actionIcon} />}
            disabled={actions.verifying}
            onClick={() => actions.verify([checkpoint])}
          >
            Verify
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item
            color="red"
            disabled={!isOwn(checkpoint)}
            leftSection={<Trash2 {...actionIcon} />}
            onClick={() => actions.trash(checkpoint)}
          >
            {isOwn(checkpoint) ? 'Move to the trash' : 'Goes with its run'}
          </Menu.Item>
        </>
      )}
    </ActionsMenu>
  );
}
