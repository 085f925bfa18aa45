import { Box, Button, EmptyState, Group, Kbd, SegmentedControl, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { useSessionStorage } from '@mantine/hooks';
import { FlaskConical, Plus, Search } from 'lucide-react';
import { useMemo, useState } from 'react';
import { Link } from 'wouter';
import { mostRuns, useRuns } from '../api/RunsProvider.tsx';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { PageHeader } from '../ui/PageHeader.tsx';
import { filterRuns, type StateGroup, stateGroups } from './filter-runs.ts';
import { QueueNotice } from './QueueNotice.tsx';
import { RunsTable } from './RunsTable.tsx';
import { RunSelectionContext } from './run-selection.ts';
import { SelectedRuns } from './SelectedRuns.tsx';

export function RunsPage() {
  const { runs, loading, error, reconnect } = useRuns();
  // Kept while the window is open: coming back from a run finds the list as it was left.
  const [search, setSearch] = useSessionStorage({ key: 'runs-search', defaultValue: '' });
  const [group, setGroup] = useSessionStorage<StateGroup>({ key: 'runs-states', defaultValue: 'all' });
  const { runs: shown, problem } = useMemo(() => filterRuns(runs, search, group), [runs, search, group]);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const selection = useMemo(
    () => ({
      ids: selected,
      toggle: (id: string) =>
        setSelected((before) => {
          const after = new Set(before);
          if (!after.delete(id)) after.add(id);
          return after;
        }),
    }),
    [selected],
  );
  // In the order in which they were selected; one that is gone is no longer.
  const selectedRuns = [...selected].flatMap((id) => runs.find((run) => run.id === id) ?? []);
  const archivedCount = runs.filter(({ archived }) => archived).length;
  const clear = () => {
    setSearch('');
    setGroup('all');
  };

  return (
    <>
      <PageHeader title="Runs" subtitle="Every training and evaluation of this workspace.">
        <Button component={Link} href="/launch" leftSection={<Plus size={16} />}>
          New run
        </Button>
      </PageHeader>
      {error ? (
        <ErrorNotice title="The runs could not be read" error={error} onRetry={reconnect} />
      ) : loading ? (
        <Stack gap="xs" aria-busy aria-label="Loading the runs">
          {Array.from({ length: 6 }, (_, row) => (
            <Skeleton key={row} height={44} radius="sm" />
          ))}
        </Stack>
      ) : runs.length === 0 ? (
        <NoRuns />
      ) : (
        <Stack gap="sm">
          <QueueNotice />
          <Group justify="space-between" gap="sm">
            <TextInput
              data-search
              w={{ base: '100%', xs: 420 }}
              placeholder="Words, or arch = resnet18 and knn > 60"
              aria-label="Search runs"
              error={problem && `${problem.message} ${problem.cure ?? ''}`}
              leftSection={<Search size={15} />}
              rightSection={<Kbd size="xs">/</Kbd>}
              value={search}
              onChange={({ currentTarget }) => setSearch(currentTarget.value)}
              onKeyDown={({ key }) => key === 'Escape' && setSearch('')}
            />
            <SelectedRuns runs={selectedRuns} onClear={() => setSelected(new Set())} />
            <Box maw="100%" style={{ overflowX: 'auto' }}>
              <SegmentedControl
                size="xs"
                aria-label="States"
                value={group}
                onChange={setGroup}
                data={Object.entries(stateGroups).map(([value, { label }]) => ({ value: value as StateGroup, label }))}
              />
            </Box>
          </Group>
          {shown.length > 0 ? (
            <RunSelectionContext value={selection}>
              <RunsTable runs={shown} onEscape={clear} />
            </RunSelectionContext>
          ) : (
            <EmptyState
              className="surface"
              py={48}
              title="No run fits"
              description={
                group === 'archived' && !search
                  ? 'No run is archived.'
                  : `No run has all of these words and this state${archivedCount > 0 ? ', or it is archived' : ''}.`
              }
            >
              <EmptyState.Actions>
                {archivedCount < runs.length && (
                  <Button variant="default" onClick={clear}>
                    Show all {runs.length - archivedCount}
                  </Button>
                )}
                {archivedCount > 0 && group !== 'archived' && (
                  <Button variant="default" onClick={() => setGroup('archived')}>
                    Show the archived
                  </Button>
                )}
              </EmptyState.Actions>
            </EmptyState>
          )}
          <Text fz="xs" className="quiet numbers" role="status">
            {shown.length === runs.length ? `${runs.length} runs` : `${shown.length} of ${runs.length} runs`}
            {archivedCount > 0 && group !== 'archived' ? `, ${archivedCount} archived` : ''}
            {runs.length >= mostRuns ? ' (the newest; older ones are found by the command line)' : ''}
          </Text>
        </Stack>
      )}
    </>
  );
}

function NoRuns() {
  return (
    <EmptyState
      className="surface"
      py={72}
      variant="light"
      icon={<FlaskConical size={26} strokeWidth={1.6} />}
      title="No runs yet"
      description="Start with the demo: it makes its own images and trains a small network on this machine within minutes, so you can see a contrastive run learn."
    >
      <EmptyState.Actions>
        <Button component={Link} href="/launch/demo">
          Start with the demo
        </Button>
        <Button component={Link} href="/launch" variant="default">
          All recipes
        </Button>
      </EmptyState.Actions>
    </EmptyState>
  );
}
