import { ActionIcon, Button, Group, Loader, Stack, Text, TextInput, UnstyledButton } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { ArrowUp, Database, File, Folder } from 'lucide-react';
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import type { FolderListing } from '../../common/system.ts';
import { useTRPC } from '../api/client.ts';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { formatBytes, formatCount } from '../ui/format.ts';
import styles from './PathBrowser.module.css';

interface PathBrowserProps {
  /** Where to begin; empty: the home folder. */
  start: string;
  /** Told the folder that is shown; undefined where it cannot be read. */
  onFolder?: (folder: FolderListing | undefined) => void;
  /** Lists checkpoint files too, and is told which was chosen. */
  onFile?: (path: string) => void;
}

/** The folders of the machine that the studio runs on, and the data sets in use. */
export function PathBrowser({ start, onFolder, onFile }: PathBrowserProps) {
  const trpc = useTRPC();
  const [path, setPath] = useState<string | undefined>(start || undefined);
  const [typed, setTyped] = useState(start);
  const checkpoints = onFile !== undefined;
  const listing = useQuery(
    trpc.system.browse.queryOptions({ path, checkpoints }, { placeholderData: keepPreviousData, retry: false }),
  );
  const datasets = useQuery(trpc.datasets.list.queryOptions(undefined, { enabled: !checkpoints }));
  const readable = listing.data;
  // Where one can go from a folder that cannot be read is where one could go before.
  const [folder, setFolder] = useState<FolderListing>();
  const typing = useRef(false);
  useEffect(() => {
    if (!readable) return;
    setFolder(readable);
    if (!typing.current) setTyped(readable.path);
  }, [readable]);
  useEffect(() => onFolder?.(readable), [readable, onFolder]);

  function go(event: FormEvent) {
    event.preventDefault();
    event.stopPropagation();
    open(typed.trim() || undefined);
  }

  function open(next: string | undefined) {
    typing.current = false;
    setPath(next);
  }

  return (
    <>
      <form onSubmit={go}>
        <Group gap="xs" wrap="nowrap">
          <ActionIcon
            variant="default"
            size={34}
            aria-label="Folder above"
            disabled={!folder?.parent}
            onClick={() => open(folder?.parent ?? undefined)}
          >
            <ArrowUp size={16} />
          </ActionIcon>
          <TextInput
            flex={1}
            aria-label="Path"
            value={typed}
            spellCheck={false}
            data-autofocus
            onChange={({ currentTarget }) => {
              typing.current = true;
              setTyped(currentTarget.value);
            }}
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
              onOpen={() => open(dataset.path)}
            />
          ))}
          {folder && folder.shortcuts.length > 0 && <Heading text="Places" />}
          {folder?.shortcuts.map(({ label, path: place }) => (
            <Entry key={place} icon={<Folder size={14} aria-hidden />} label={label} onOpen={() => open(place)} />
          ))}
        </Stack>
        <div className={`surface ${styles.list}`}>
          {listing.error ? (
            <ErrorNotice title="The folder could not be read" error={listing.error} />
          ) : (
            folder && <Entries folder={folder} onOpen={open} onFile={onFile} />
          )}
        </div>
      </div>
    </>
  );
}

interface EntriesProps {
  folder: FolderListing;
  onOpen: (path: string) => void;
  onFile?: (path: string) => void;
}

function Entries({ folder, onOpen, onFile }: EntriesProps) {
  const empty = folder.folders.length === 0 && folder.checkpoints.length === 0;
  return (
    <>
      {folder.folders.map(({ name, path, images }) => (
        <Entry
          key={path}
          icon={<Folder size={14} aria-hidden />}
          label={name}
          note={images && !onFile ? `${formatCount(images)} images` : undefined}
          onOpen={() => onOpen(path)}
        />
      ))}
      {folder.checkpoints.map(({ name, path, sizeBytes }) => (
        <Entry
          key={path}
          icon={<File size={14} aria-hidden />}
          label={name}
          note={formatBytes(sizeBytes)}
          onOpen={() => onFile?.(path)}
        />
      ))}
      {empty && (
        <Text fz="sm" className="quiet" p="sm">
          {onFile ? 'No folders and no checkpoints in here.' : 'No folders in here.'}
        </Text>
      )}
      {folder.truncated && (
        <Text fz="xs" className="quiet" p="sm">
          There are more; type the path above.
        </Text>
      )}
    </>
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
  icon: ReactNode;
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
