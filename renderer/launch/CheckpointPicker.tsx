import { Button, Group, Modal, Select, Stack, Text, TextInput, UnstyledButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTRPC } from '../api/client.ts';
import { useRuns } from '../api/RunsProvider.tsx';
import { formatAgo, formatBytes } from '../ui/format.ts';
import type { PickerProps } from './FolderPicker.tsx';
import styles from './PathBrowser.module.css';

/** A checkpoint of one of the runs, or a file by its path. */
export function CheckpointPicker({ title, value, onPick, onClose }: PickerProps) {
  const trpc = useTRPC();
  const runs = useRuns().runs.filter(({ kind, sizeBytes }) => kind === 'train' && sizeBytes > 0);
  const [runId, setRunId] = useState<string | null>(runs[0]?.id ?? null);
  const [path, setPath] = useState(value);
  const run = runs.find(({ id }) => id === runId);
  const checkpoints = useQuery(trpc.runs.checkpoints.queryOptions({ id: runId ?? '' }, { enabled: runId !== null }));
  const kept = checkpoints.data?.filter(({ removed }) => !removed).toSorted((a, b) => b.step - a.step) ?? [];

  return (
    <Modal opened onClose={onClose} title={title} size="lg">
      <Stack gap="sm">
        <Select
          label="Run"
          searchable
          data={runs.map(({ id, name, createdAt }) => ({ value: id, label: `${name} · ${formatAgo(createdAt)}` }))}
          value={runId}
          onChange={setRunId}
          placeholder={runs.length === 0 ? 'No run has a checkpoint yet' : undefined}
          disabled={runs.length === 0}
        />
        <div className={`surface ${styles.list}`}>
          {kept.map((checkpoint) => (
            <UnstyledButton
              key={checkpoint.path}
              className={styles.entry}
              onClick={() => run && onPick(absolute(run.folder, checkpoint.path))}
            >
              <Text fz="sm" className="mono" flex={1} truncate>
                {checkpoint.path.slice(checkpoint.path.lastIndexOf('/') + 1)}
              </Text>
              <Text fz="xs" className="quiet numbers">
                {checkpoint.best ? 'best kNN · ' : ''}after epoch {checkpoint.epoch} ·{' '}
                {formatBytes(checkpoint.sizeBytes)}
              </Text>
            </UnstyledButton>
          ))}
          {kept.length === 0 && (
            <Text fz="sm" className="quiet" p="sm">
              {runId ? 'This run has no checkpoint.' : 'Train something first, or give the path of a file below.'}
            </Text>
          )}
        </div>
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

export function absolute(folder: string, path: string): string {
  return path.startsWith('/') || /^[a-z]:/i.test(path) ? path : `${folder}/${path}`;
}
