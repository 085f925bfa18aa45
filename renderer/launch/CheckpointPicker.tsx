import { Button, Group, Modal, SegmentedControl, Select, Stack, Text, TextInput, UnstyledButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { CheckpointSummary } from '../../common/checkpoints.ts';
import { useTRPC } from '../api/client.ts';
import { useRuns } from '../api/RunsProvider.tsx';
import { formatAgo, formatBytes } from '../ui/format.ts';
import type { PickerProps } from './FolderPicker.tsx';
import styles from './PathBrowser.module.css';

/** A checkpoint of one of the runs, an imported one, or a file by its path. */
export function CheckpointPicker({ title, value, onPick, onClose }: PickerProps) {
  const trpc = useTRPC();
  const checkpoints = useQuery(trpc.checkpoints.list.queryOptions({}));
  const imported = checkpoints.data?.filter(({ source, arch }) => source === 'imported' && arch !== null) ?? [];
  const [chosen, setSource] = useState<'run' | 'imported' | null>(null);
  const [path, setPath] = useState(value);
  // What there is, is shown first.
  const source =
    chosen ?? (checkpoints.data?.some((checkpoint) => checkpoint.source === 'run') === false ? 'imported' : 'run');

  return (
    <Modal opened onClose={onClose} title={title} size="lg">
      <Stack gap="sm">
        <SegmentedControl
          aria-label="Where from"
          size="xs"
          value={source}
          onChange={setSource}
          data={[
            { value: 'run', label: 'Of a run' },
            { value: 'imported', label: 'Imported' },
          ]}
        />
        {source === 'run' ? (
          <OfRun onPick={onPick} />
        ) : (
          <div className={`surface ${styles.list}`}>
            {imported.map((checkpoint) => (
              <Entry
                key={checkpoint.sha256}
                checkpoint={checkpoint}
                name={checkpoint.name}
                note={`${checkpoint.arch} · ${formatBytes(checkpoint.sizeBytes)} · ${formatAgo(checkpoint.createdAt)}`}
                onPick={onPick}
              />
            ))}
            {imported.length === 0 && (
              <Text fz="sm" className="quiet" p="sm">
                {checkpoints.isPending ? 'Reading …' : 'Nothing is imported yet: the page Checkpoints takes files.'}
              </Text>
            )}
          </div>
        )}
        <TextInput
          label="Or the path of a file"
          value={path}
          spellCheck={false}
          onChange={({ currentTarget }) => setPath(currentTarget.value)}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button disabled={!path.trim()} onClick={() => onPick(path.trim())}>
            Use this file
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function OfRun({ onPick }: { onPick: (path: string) => void }) {
  const trpc = useTRPC();
  const { runs } = useRuns();
  const checkpoints = useQuery(trpc.checkpoints.list.queryOptions({}));
  const kept = checkpoints.data?.filter(({ source }) => source === 'run') ?? [];
  const holders = new Set(kept.map(({ run }) => run?.id));
  const held = runs.filter(({ id }) => holders.has(id));
  const [chosen, setRunId] = useState<string | null>(null);
  const runId = chosen ?? held[0]?.id ?? null;
  const ofRun = kept.filter(({ run }) => run?.id === runId).sort((a, b) => (b.step ?? 0) - (a.step ?? 0));

  return (
    <>
      <Select
        label="Run"
        searchable
        data={held.map(({ id, name, createdAt }) => ({ value: id, label: `${name} · ${formatAgo(createdAt)}` }))}
        value={runId}
        onChange={setRunId}
        placeholder={held.length === 0 ? 'No run has a checkpoint yet' : undefined}
        disabled={held.length === 0}
      />
      <div className={`surface ${styles.list}`}>
        {ofRun.map((checkpoint) => (
          <Entry
            key={checkpoint.file}
            checkpoint={checkpoint}
            name={checkpoint.origin.slice(checkpoint.origin.lastIndexOf('/') + 1)}
            note={`${checkpoint.best ? 'best kNN · ' : ''}after epoch ${checkpoint.epoch} · ${formatBytes(checkpoint.sizeBytes)}`}
            onPick={onPick}
          />
        ))}
        {held.length === 0 && (
          <Text fz="sm" className="quiet" p="sm">
            {checkpoints.isPending ? 'Reading …' : 'Train something first, or give the path of a file below.'}
          </Text>
        )}
      </div>
    </>
  );
}

interface EntryProps {
  checkpoint: CheckpointSummary;
  name: string;
  note: string;
  onPick: (path: string) => void;
}

/** One that is not as it was recorded is shown, and cannot be taken. */
function Entry({ checkpoint, name, note, onPick }: EntryProps) {
  const ok = checkpoint.state === 'ok';
  return (
    <UnstyledButton
      className={styles.entry}
      aria-disabled={!ok}
      title={checkpoint.problem ?? checkpoint.location}
      onClick={() => ok && onPick(checkpoint.location)}
    >
      <Text fz="sm" className="mono" flex={1} truncate>
        {name}
      </Text>
      <Text fz="xs" className="quiet numbers">
        {ok ? note : checkpoint.state}
      </Text>
    </UnstyledButton>
  );
}

export function absolute(folder: string, path: string): string {
  return path.startsWith('/') || /^[a-z]:/i.test(path) ? path : `${folder}/${path}`;
}
