import { ActionIcon, Menu } from '@mantine/core';
import { Ellipsis, Rocket, ShieldCheck, Trash2, Undo2, Upload } from 'lucide-react';
import { useLocation } from 'wouter';
import type { CheckpointSummary } from '../../common/checkpoints.ts';
import { UseItems } from './UseItems.tsx';
import { isOwn, useCheckpointActions } from './use-checkpoint-actions.tsx';

const icon = { size: 15, strokeWidth: 1.8 };

export function CheckpointMenu({ checkpoint }: { checkpoint: CheckpointSummary }) {
  const actions = useCheckpointActions();
  const [, navigate] = useLocation();
  const trashed = checkpoint.trashedAt !== null;
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={`Actions for ${checkpoint.name}`}
          onClick={(event) => event.stopPropagation()}
          onKeyDown={(event) => event.stopPropagation()}
        >
          <Ellipsis size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown onClick={(event) => event.stopPropagation()} onKeyDown={(event) => event.stopPropagation()}>
        {trashed ? (
          <>
            <Menu.Item
              leftSection={<Undo2 {...icon} />}
              disabled={!isOwn(checkpoint)}
              onClick={() => actions.restore(checkpoint)}
            >
              {isOwn(checkpoint) ? 'Restore' : 'Restored with its run'}
            </Menu.Item>
            {isOwn(checkpoint) && (
              <Menu.Item
                color="red"
                leftSection={<Trash2 {...icon} />}
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
                <Menu.Sub.Item leftSection={<Rocket {...icon} />} disabled={checkpoint.state !== 'ok'}>
                  Use in a run
                </Menu.Sub.Item>
              </Menu.Sub.Target>
              <Menu.Sub.Dropdown>
                <UseItems checkpoint={checkpoint} />
              </Menu.Sub.Dropdown>
            </Menu.Sub>
            <Menu.Item
              leftSection={<Upload {...icon} />}
              disabled={checkpoint.state !== 'ok'}
              onClick={() => navigate(`/checkpoints/${checkpoint.id}/export`)}
            >
              Export …
            </Menu.Item>
            <Menu.Item
              leftSection={<ShieldCheck {...icon} />}
              disabled={actions.verifying}
              onClick={() => actions.verify([checkpoint])}
            >
              Verify
            </Menu.Item>
            <Menu.Divider />
            <Menu.Item
              color="red"
              disabled={!isOwn(checkpoint)}
              leftSection={<Trash2 {...icon} />}
              onClick={() => actions.trash(checkpoint)}
            >
              {isOwn(checkpoint) ? 'Move to the trash' : 'Goes with its run'}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
