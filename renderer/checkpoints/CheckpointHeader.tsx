import { ActionIcon, Button, Group, Menu, Stack, Text, Tooltip } from '@mantine/core';
import { ChevronDown, Rocket, ShieldCheck, Trash2, Undo2, Upload } from 'lucide-react';
import { useLocation } from 'wouter';
import type { CheckpointDetail } from '../../common/checkpoints.ts';
import { Breadcrumb } from '../ui/Breadcrumb.tsx';
import { EditableName } from '../ui/EditableName.tsx';
import { CheckpointStateTag } from './CheckpointState.tsx';
import { UseItems } from './UseItems.tsx';
import { isOwn, type useCheckpointActions } from './use-checkpoint-actions.tsx';
import { layoutWords, netWords } from './words.ts';

const icon = { size: 15, strokeWidth: 1.9 };

interface CheckpointHeaderProps {
  checkpoint: CheckpointDetail;
  actions: ReturnType<typeof useCheckpointActions>;
}

export function CheckpointHeader({ checkpoint, actions }: CheckpointHeaderProps) {
  const [, navigate] = useLocation();
  const ok = checkpoint.state === 'ok';
  const own = isOwn(checkpoint);

  async function trash() {
    await actions.trash(checkpoint);
    navigate('/checkpoints');
  }

  return (
    <Stack gap="sm">
      <Breadcrumb list="Checkpoints" href="/checkpoints" id={checkpoint.id} />
      <Group justify="space-between" align="flex-start" gap="md">
        <div style={{ minWidth: 0 }}>
          <Group gap="sm">
            <EditableName
              name={checkpoint.name}
              label="Name of the checkpoint"
              editable={own}
              onRename={(name) => actions.rename(checkpoint, name)}
            />
            <CheckpointStateTag {...checkpoint} />
          </Group>
          <Text fz="sm" className="quiet" mt={2}>
            {netWords(checkpoint)} ·{' '}
            {checkpoint.source === 'run' ? 'of a run' : `imported, ${layoutWords(checkpoint.layout)}`}
          </Text>
        </div>
        <Group gap="xs">
          {checkpoint.trashedAt ? (
            own && (
              <Button leftSection={<Undo2 {...icon} />} onClick={() => actions.restore(checkpoint)}>
                Restore
              </Button>
            )
          ) : (
            <>
              <Menu position="bottom-end">
                <Menu.Target>
                  <Button
                    leftSection={<Rocket {...icon} />}
                    rightSection={<ChevronDown size={14} aria-hidden />}
                    disabled={!ok || checkpoint.arch === null}
                  >
                    Use in a run
                  </Button>
                </Menu.Target>
                <Menu.Dropdown>
                  <UseItems checkpoint={checkpoint} />
                </Menu.Dropdown>
              </Menu>
              <Button
                variant="default"
                leftSection={<Upload {...icon} />}
                disabled={!ok}
                onClick={() => navigate(`/checkpoints/${checkpoint.id}/export`)}
              >
                Export …
              </Button>
              <Tooltip label="Computes the SHA-256 of the file anew and compares it">
                <Button
                  variant="default"
                  leftSection={<ShieldCheck {...icon} />}
                  disabled={actions.verifying}
                  onClick={() => actions.verify([checkpoint])}
                >
                  Verify
                </Button>
              </Tooltip>
              {own && (
                <Tooltip label="Move to the trash">
                  <ActionIcon variant="default" size={36} aria-label="Move to the trash" onClick={trash}>
                    <Trash2 {...icon} />
                  </ActionIcon>
                </Tooltip>
              )}
            </>
          )}
        </Group>
      </Group>
    </Stack>
  );
}
