import { Button, Group, Menu, Modal, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Bookmark } from 'lucide-react';
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { TableDefinition } from '../../common/results/definition.ts';
import { useTRPC } from '../api/client.ts';
import { showError } from '../api/errors.ts';
import { NameForm } from '../ui/NameForm.tsx';

interface SavedTablesProps {
  definition: TableDefinition;
  shownId: string | undefined;
}

/** Tables by name: opened, saved, deleted. */
export function SavedTables({ definition, shownId }: SavedTablesProps) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [, navigate] = useLocation();
  const [opened, { open, close }] = useDisclosure(false);
  const [name, setName] = useState('');
  const key = trpc.exports.tables.queryKey();
  const tables = useQuery(trpc.exports.tables.queryOptions()).data ?? [];
  const shown = tables.find(({ id }) => id === shownId);
  const refresh = () => queryClient.invalidateQueries({ queryKey: key });
  const save = useMutation(
    trpc.exports.saveTable.mutationOptions({
      async onSuccess({ id, name: saved }) {
        await refresh();
        close();
        notifications.show({ message: `Saved as "${saved}".`, autoClose: 3000 });
        navigate(`/results/${id}`);
      },
      // A new one says so in its dialog.
      onError: (error) => !opened && showError('The table could not be saved', error),
    }),
  );
  const restore = useMutation(trpc.exports.restoreTable.mutationOptions({ onSuccess: refresh }));
  const remove = useMutation(
    trpc.exports.removeTable.mutationOptions({
      onSuccess: refresh,
      onError: (error) => showError('The table could not be deleted', error),
    }),
  );

  async function removeWithUndo(id: string, title: string) {
    await remove.mutateAsync({ id });
    navigate('/results');
    const notice = `table-${id}`;
    const undo = () => {
      notifications.hide(notice);
      restore.mutate({ id });
    };
    notifications.show({
      id: notice,
      autoClose: 10_000,
      title: 'Table deleted',
      message: (
        <Group justify="space-between" wrap="nowrap">
          <Text fz="sm" truncate>
            {title}
          </Text>
          <Button size="compact-sm" variant="light" onClick={undo}>
            Undo
          </Button>
        </Group>
      ),
    });
  }

  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <Button variant="default" leftSection={<Bookmark size={15} aria-hidden />}>
            Saved tables
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {tables.map((table) => (
            <Menu.Item key={table.id} onClick={() => navigate(`/results/${table.id}`)}>
              {table.name}
            </Menu.Item>
          ))}
          {tables.length > 0 && <Menu.Divider />}
          {shown && <Menu.Item onClick={() => save.mutate({ ...shown, definition })}>Save "{shown.name}"</Menu.Item>}
          <Menu.Item
            onClick={() => {
              setName('');
              save.reset();
              open();
            }}
          >
            Save as …
          </Menu.Item>
          {shown && (
            <Menu.Item color="red" onClick={() => removeWithUndo(shown.id, shown.name).catch(() => undefined)}>
              Delete "{shown.name}"
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <Modal opened={opened} onClose={close} title="Save the table">
        <NameForm
          name={name}
          error={save.error}
          saving={save.isPending}
          onName={(name) => {
            setName(name);
            save.reset();
          }}
          onSave={() => save.mutate({ name, definition })}
          onCancel={close}
        />
      </Modal>
    </>
  );
}
