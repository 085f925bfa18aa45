import { Button, Menu, Modal } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { Bookmark } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { showError } from '../api/errors.ts';
import { NameForm } from './NameForm.tsx';
import { showUndo } from './show-undo.tsx';

interface Named {
  id: string;
  name: string;
}

interface SavedMenuProps {
  label: string;
  /** What one of them is: "table". */
  what: string;
  items: Named[];
  /** The one that the page shows. */
  shown: Named | undefined;
  onOpen: (id: string) => void;
  /** What the page shows, under a name: a new one where no id is given. */
  onSave: (as: { id?: string; name: string }) => Promise<Named>;
  onRemove: (id: string) => Promise<unknown>;
  onRestore: (id: string) => Promise<unknown>;
  /** More items, above what deletes. */
  children?: ReactNode;
}

/** What is kept under names: opened, saved, deleted and brought back. */
export function SavedMenu({ label, what, items, shown, children, ...on }: SavedMenuProps) {
  const [opened, { open, close }] = useDisclosure(false);
  const [name, setName] = useState('');
  const save = useMutation({
    mutationFn: on.onSave,
    onSuccess({ name: saved }) {
      close();
      notifications.show({ message: `Saved as "${saved}".`, autoClose: 3000 });
    },
    // A new one says so in its dialog.
    onError: (error) => !opened && showError(`The ${what} could not be saved`, error),
  });

  async function remove({ id, name: removed }: Named) {
    try {
      await on.onRemove(id);
      showUndo({
        title: `Deleted the ${what}`,
        name: removed,
        undo: () =>
          on.onRestore(id).catch((error: unknown) => showError(`The ${what} could not be brought back`, error)),
      });
    } catch (error) {
      showError(`The ${what} could not be deleted`, error);
    }
  }

  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <Button variant="default" leftSection={<Bookmark size={15} aria-hidden />}>
            {label}
          </Button>
        </Menu.Target>
        <Menu.Dropdown mah="70vh" style={{ overflowY: 'auto' }}>
          {items.map((item) => (
            <Menu.Item
              key={item.id}
              fw={item.id === shown?.id ? 600 : undefined}
              aria-current={item.id === shown?.id || undefined}
              onClick={() => on.onOpen(item.id)}
            >
              {item.name}
            </Menu.Item>
          ))}
          {items.length > 0 && <Menu.Divider />}
          {shown && <Menu.Item onClick={() => save.mutate({ ...shown })}>Save "{shown.name}"</Menu.Item>}
          <Menu.Item
            onClick={() => {
              setName('');
              save.reset();
              open();
            }}
          >
            Save as …
          </Menu.Item>
          {children}
          {shown && children && <Menu.Divider />}
          {shown && (
            <Menu.Item color="red" onClick={() => remove(shown)}>
              Delete "{shown.name}"
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <Modal opened={opened} onClose={close} title={`Save the ${what}`}>
        <NameForm
          name={name}
          error={save.error}
          saving={save.isPending}
          onName={(next) => {
            setName(next);
            save.reset();
          }}
          onSave={() => save.mutate({ name })}
          onCancel={close}
        />
      </Modal>
    </>
  );
}
