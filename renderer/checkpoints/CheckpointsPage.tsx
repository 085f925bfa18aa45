import { Button, EmptyState, Group, Kbd, SegmentedControl, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { useSessionStorage } from '@mantine/hooks';
import { Boxes, Search, ShieldCheck, Trash2 } from 'lucide-react';
import { useMemo } from 'react';
import { Link, useLocation } from 'wouter';
import { checkpointReference } from '../../common/results/references.ts';
import { CompareButton } from '../compare/CompareButton.tsx';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { formatBytes } from '../ui/format.ts';
import { PageHeader } from '../ui/PageHeader.tsx';
import { RecordTable } from '../ui/RecordTable.tsx';
import { TaskProgressLine } from '../ui/TaskProgressLine.tsx';
import { CheckpointSelectionContext, useNewSelection } from './checkpoint-selection.ts';
import { columns, layouts } from './columns.tsx';
import { type CheckpointGroup, checkpointGroups, filterCheckpoints } from './filter-checkpoints.ts';
import { ImportButton, Imports, useImports } from './Imports.tsx';
import { isOwn, useCheckpointActions } from './use-checkpoint-actions.tsx';
import { useCheckpoints } from './use-checkpoints.ts';

export function CheckpointsPage() {
  const [, navigate] = useLocation();
  const [search, setSearch] = useSessionStorage({ key: 'checkpoints-search', defaultValue: '' });
  const [group, setGroup] = useSessionStorage<CheckpointGroup>({ key: 'checkpoints-group', defaultValue: 'all' });
  const trashed = group === 'trash';
  const list = useCheckpoints({ trashed });
  const imports = useImports();
  const actions = useCheckpointActions();

  const all = list.data ?? [];
  const shown = useMemo(() => filterCheckpoints(list.data ?? [], search, group), [list.data, search, group]);
  const selection = useNewSelection();
  const there = new Set(all.map(({ id }) => id));
  const selected = [...selection.ids].filter((id) => there.has(id)).map(checkpointReference);
  const clear = () => {
    setSearch('');
    setGroup('all');
  };
  const totalBytes = shown.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);

  return (
    <>
      <PageHeader
        title="Checkpoints"
        subtitle="Weights that runs of this workspace made, and files that were imported."
      >
        {!trashed && all.length > 0 && (
          <Button
            variant="default"
            leftSection={<ShieldCheck size={16} />}
            disabled={actions.verifying}
            onClick={() => actions.verify()}
          >
            Verify all
          </Button>
        )}
        <ImportButton imports={imports} />
      </PageHeader>
      <Imports imports={imports} />
      {actions.verifying && <TaskProgressLine label="Hashing the files" progress={actions.progress} />}
      {list.error ? (
        <ErrorNotice title="The checkpoints could not be read" error={list.error} onRetry={list.refetch} />
      ) : list.isPending ? (
        <Stack gap="xs" aria-busy aria-label="Loading the checkpoints">
          {Array.from({ length: 6 }, (_, row) => (
            <Skeleton key={row} height={44} radius="sm" />
          ))}
        </Stack>
      ) : all.length === 0 && !trashed ? (
        <NoCheckpoints imports={imports} onTrash={() => setGroup('trash')} />
      ) : (
        <Stack gap="sm">
          <Group justify="space-between" gap="sm">
            <TextInput
              data-search
              w={{ base: '100%', xs: 320 }}
              placeholder="Search names, nets, hashes, runs"
              aria-label="Search checkpoints"
              leftSection={<Search size={15} />}
              rightSection={<Kbd size="xs">/</Kbd>}
              value={search}
              onChange={({ currentTarget }) => setSearch(currentTarget.value)}
              onKeyDown={({ key }) => key === 'Escape' && setSearch('')}
            />
            {selected.length > 0 && !trashed && (
              <Button.Group>
                <CompareButton references={selected} />
                <Button size="xs" variant="default" onClick={selection.clear}>
                  Clear
                </Button>
              </Button.Group>
            )}
            <SegmentedControl
              size="xs"
              aria-label="Which checkpoints"
              value={group}
              onChange={setGroup}
              data={Object.entries(checkpointGroups).map(([value, label]) => ({
                value: value as CheckpointGroup,
                label,
              }))}
            />
          </Group>
          {shown.length > 0 ? (
            <CheckpointSelectionContext value={selection}>
              <RecordTable
                key={String(trashed)}
                label="Checkpoints"
                rows={shown}
                columns={trashed ? columns.filter(({ id }) => id !== 'select') : columns}
                layouts={layouts}
                sortedBy="created"
                onOpen={(checkpoint) => navigate(`/checkpoints/${checkpoint.id}`)}
                onKey={({ key }, { id }) => {
                  if (key !== ' ' || trashed) return false;
                  selection.toggle(id);
                  return true;
                }}
                onEscape={clear}
              />
            </CheckpointSelectionContext>
          ) : (
            <EmptyState
              className="surface"
              py={48}
              title={trashed && all.length === 0 ? 'The trash is empty' : 'No checkpoint fits'}
              description={
                trashed && all.length === 0
                  ? 'Imported checkpoints that are removed wait here until they are deleted for good.'
                  : 'No checkpoint has all of these words.'
              }
            >
              <EmptyState.Actions>
                <Button variant="default" onClick={clear}>
                  Show all
                </Button>
              </EmptyState.Actions>
            </EmptyState>
          )}
          <Group justify="space-between">
            <Text fz="xs" className="quiet numbers" role="status">
              {countWords(shown.length, all.length)}
              {shown.length > 0 ? `, ${formatBytes(totalBytes)}` : ''}
            </Text>
            {trashed && shown.some(isOwn) && (
              <Button
                size="compact-sm"
                variant="default"
                color="red"
                leftSection={<Trash2 size={14} />}
                onClick={() => actions.deleteForever(shown.filter(isOwn))}
              >
                Delete {shown.filter(isOwn).length} imported for good
              </Button>
            )}
          </Group>
        </Stack>
      )}
    </>
  );
}

function countWords(shown: number, all: number): string {
  if (shown < all) return `${shown} of ${all} checkpoints`;
  return all === 1 ? '1 checkpoint' : `${all} checkpoints`;
}

function NoCheckpoints({ imports, onTrash }: { imports: ReturnType<typeof useImports>; onTrash: () => void }) {
  return (
    <EmptyState
      className="surface"
      py={72}
      variant="light"
      icon={<Boxes size={26} strokeWidth={1.6} />}
      title="No checkpoints yet"
      description="Drop a file of PyTorch or safetensors anywhere on this page: you see what it is before anything is imported. Runs add theirs while they train."
    >
      <EmptyState.Actions>
        <ImportButton imports={imports} />
        <Button component={Link} href="/launch" variant="default">
          Train one
        </Button>
        <Button variant="subtle" color="gray" onClick={onTrash}>
          Trash
        </Button>
      </EmptyState.Actions>
    </EmptyState>
  );
}
