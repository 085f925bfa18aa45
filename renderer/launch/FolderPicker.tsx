import { ActionIcon, Button, Group, Loader, Modal, Stack, Text, TextInput, UnstyledButton } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { ArrowUp, Database, Folder } from 'lucide-react';
import { type FormEvent, useEffect, useState } from 'react';
import { useTRPC } from '../api/client.ts';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { formatCount } from '../ui/format.ts';
import styles from './FolderPicker.module.css';

export interface PickerProps {
  title: string;
  value: string;
  onPick: (path: string) => void;
  onClose: () => void;
}

/** Folders of the machine that the studio runs on, with how many images each holds, and the data sets in use. */
export function FolderPicker({ title, value, onPick, onClose }: PickerProps) {
  const trpc = useTRPC();
  const [path, setPath] = useState<string | undefined>(value || undefined);
  const [typed, setTyped] = useState(value);
  const listing = useQuery(
    trpc.system.browse.queryOptions({ path }, { placeholderData: keepPreviousData, retry: false }),
  );
  const datasets = useQuery(trpc.datasets.list.queryOptions());
  const folder = listing.data;
  useEffect(() => {
    if (folder) setTyped(folder.path);
  }, [folder]);

  function go(event: FormEvent) {
    event.preventDefault();
    event.stopPropagation();
    setPath(typed.trim() || undefined);
  }

  return (
    <Modal opened onClose={onClose} title={title} size="lg">
      <form onSubmit={go}>
        <Group gap="xs" wrap="nowrap">
          <ActionIcon
            variant="default"
            size={34}
            aria-label="Folder above"
            disabled={!folder?.parent}
            onClick={() => setPath(folder?.parent ?? undefined)}
          >
            <ArrowUp size={16} />
          </ActionIcon>
          <TextInput
            flex={1}
            aria-label="Path"
            value={typed}
            spellCheck={false}
            data-autofocus
            onChange={({ currentTarget }) => setTyped(currentTarget.value)}
            rightSection={listing.isFetching ? <Loader size={14} /> : undefined}
          />
          <Button type="submit" variant="default">
            Go
          </Button>
        </Group>
      </form>
      <div className={styles.columns}>
        <Stack gap={2} className={styles.shortcuts}>
          {(datasets.data ?? []).length > 0 && <Heading text="Data sets" />}
          {datasets.data?.map((dataset) => (
            <Entry
              key={dataset.path}
              icon={<Database size={14} aria-hidden />}
              label={dataset.name}
              onOpen={() => setPath(dataset.path)}
            />
          ))}
          {folder && folder.shortcuts.length > 0 && <Heading text="Places" />}
          {folder?.shortcuts.map(({ label, path: place }) => (
            <Entry key={place} icon={<Folder size={14} aria-hidden />} label={label} onOpen={() => setPath(place)} />
          ))}
        </Stack>
        <div className={`surface ${styles.list}`}>
          {listing.error ? (
            <ErrorNotice title="The folder could not be read" error={listing.error} />
          ) : (
            <>
              {folder?.folders.map((entry) => (
                <Entry
                  key={entry.path}
                  icon={<Folder size={14} aria-hidden />}
                  label={entry.name}
                  note={entry.images ? `${formatCount(entry.images)} images` : undefined}
                  onOpen={() => setPath(entry.path)}
                />
              ))}
              {folder?.folders.length === 0 && (
                <Text fz="sm" className="quiet" p="sm">
                  No folders in here.
                </Text>
              )}
              {folder?.truncated && (
                <Text fz="xs" className="quiet" p="sm">
                  There are more; type the path above.
                </Text>
              )}
            </>
          )}
        </div>
      </div>
      <Group justify="space-between" mt="md">
        <Text fz="sm" className="quiet numbers" truncate>
          {folder ? `${formatCount(folder.images)} images directly in it` : ''}
        </Text>
        <Group gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button disabled={!folder || listing.isError} onClick={() => folder && onPick(folder.path)}>
            Use this folder
          </Button>
        </Group>
      </Group>
    </Modal>
  );
}

function Heading({ text }: { text: string }) {
  return (
    <Text fz={11} fw={600} className="quiet" px={8} pt={4}>
      {text}
    </Text>
  );
}

interface EntryProps {
  icon: React.ReactNode;
  label: string;
  note?: string;
  onOpen: () => void;
}

function Entry({ icon, label, note, onOpen }: EntryProps) {
  return (
    <UnstyledButton className={styles.entry} onClick={onOpen}>
      {icon}
      <Text fz="sm" truncate flex={1}>
        {label}
      </Text>
      {note && (
        <Text fz="xs" className="quiet numbers">
          {note}
        </Text>
      )}
    </UnstyledButton>
  );
}
