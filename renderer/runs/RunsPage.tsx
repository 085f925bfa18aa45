import {
  Anchor,
  Box,
  Button,
  Collapse,
  EmptyState,
  Group,
  SegmentedControl,
  Skeleton,
  Stack,
  Text,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Columns2, FlaskConical, Plus } from 'lucide-react';
import { useCallback, useState } from 'react';
import { Link } from 'wouter';
import { type StateGroup, stateGroups } from '../../common/runs-view.ts';
import { mostRuns, useRuns } from '../api/RunsProvider.tsx';
import { ImportRunsButton } from '../interop/ImportRunsButton.tsx';
import { ColumnChooser } from '../ui/ColumnChooser.tsx';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { FilterBox } from '../ui/FilterBox.tsx';
import { PageHeader } from '../ui/PageHeader.tsx';
import { GoneFields } from './GoneFields.tsx';
import { GroupBy } from './GroupBy.tsx';
import { QueueNotice } from './QueueNotice.tsx';
import { RunsTable } from './RunsTable.tsx';
import { useRunSelection } from './run-selection.ts';
import { usualColumns } from './runs-columns.tsx';
import { SavedViews, useIsSaved } from './SavedViews.tsx';
import { SelectedRuns } from './SelectedRuns.tsx';
import { useListing } from './use-listing.ts';
import { useRunsView } from './use-runs-view.ts';

export function RunsPage() {
  const { runs: all, loading, expected, error, reconnect } = useRuns();
  const state = useRunsView();
  const { view, change } = state;
  const [turned, setTurned] = useState<ReadonlySet<string>>(new Set());
  const listing = useListing(all, { view, turned, partial: loading });
  const { runs, rows, groups, ids, fields, gone, problem } = listing;
  const selection = useRunSelection(ids);
  const [choosing, { toggle }] = useDisclosure(false);
  const { saved, changed } = useIsSaved(state);
  // In the order in which they were selected; one that is gone is no longer.
  const byId = new Map(all.map((run) => [run.id, run]));
  const selected = [...selection.ids].flatMap((id) => byId.get(id) ?? []);
  const archivedCount = all.filter(({ archived }) => archived).length;
  const showAll = () => change({ filter: '', states: 'all' });
  const columns = view.columns.length > 0 ? view.columns : usualColumns.map(({ field }) => ({ field }));

  const fold = useCallback(
    (key: string) =>
      setTurned((before) => {
        const after = new Set(before);
        if (!after.delete(key)) after.add(key);
        return after;
      }),
    [],
  );

  return (
    <>
      <PageHeader
        title={saved?.name ?? 'Runs'}
        subtitle={
          saved
            ? `A view of the runs${changed ? '; what was changed in it is kept, but not saved' : ''}.`
            : 'Every training and evaluation of this workspace.'
        }
      >
        <SavedViews shown={state} saved={saved} onShow={state.show} />
        <ImportRunsButton />
        <Button component={Link} href="/launch" leftSection={<Plus size={16} />}>
          New run
        </Button>
      </PageHeader>
      {error ? (
        <ErrorNotice title="The runs could not be read" error={error} onRetry={reconnect} />
      ) : expected === undefined || state.loading ? (
        <Stack gap="xs" aria-busy aria-label="Loading the runs">
          {Array.from({ length: 6 }, (_, row) => (
            <Skeleton key={row} height={44} radius="sm" />
          ))}
        </Stack>
      ) : all.length === 0 ? (
        <NoRuns />
      ) : (
        <Stack gap="sm" __vars={{ '--around': '265px' }}>
          <QueueNotice />
          {state.error && <ErrorNotice title="How the page was left could not be read" error={state.error} />}
          {listing.error ? <ErrorNotice title="Values of the curves could not be read" error={listing.error} /> : null}
          <Group justify="space-between" gap="sm" align="flex-start">
            <FilterBox
              label="Search runs"
              value={view.filter}
              problem={problem}
              onChange={(filter) => change({ filter })}
            />
            <Group gap="xs">
              <GroupBy
                value={view.groupBy}
                fields={fields}
                folded={view.folded}
                foldable={groups > 0}
                onGroup={(groupBy) => change({ groupBy })}
                onFold={(folded) => {
                  setTurned(new Set());
                  change({ folded });
                }}
              />
              <Button
                size="xs"
                variant="default"
                leftSection={<Columns2 size={14} aria-hidden />}
                aria-expanded={choosing}
                onClick={toggle}
              >
                Columns
              </Button>
            </Group>
          </Group>
          <Group justify="space-between" gap="sm">
            <Box maw="100%" style={{ overflowX: 'auto' }}>
              <SegmentedControl
                size="xs"
                aria-label="States"
                value={view.states}
                onChange={(states) => change({ states })}
                data={Object.entries(stateGroups).map(([value, { label }]) => ({ value: value as StateGroup, label }))}
              />
            </Box>
            <SelectedRuns
              runs={selected}
              columns={columns}
              groupBySeed={view.groupBy === 'seed'}
              viewColours={view.colours}
              onOwnColours={(runs) => change({ colours: without(view.colours, runs) })}
              onClear={() => selection.choose([...selection.ids], false)}
            />
          </Group>
          <Collapse expanded={choosing}>
            <ColumnChooser
              columns={columns}
              fields={fields}
              own={view.columns.length > 0}
              onChange={(next) => change({ columns: next.map(({ field, width }) => ({ field, width })) })}
            />
          </Collapse>
          <GoneFields gone={gone} view={view} onChange={change} />
          {rows.length > 0 ? (
            <RunsTable
              rows={rows}
              view={view}
              gone={gone}
              selection={selection}
              onChange={change}
              onFold={fold}
              onEscape={showAll}
            />
          ) : (
            <EmptyState
              className="surface"
              py={48}
              title={loading ? 'None of the newest runs fits' : 'No run fits'}
              description={
                loading
                  ? 'The older ones are being loaded.'
                  : view.states === 'archived' && !view.filter
                    ? 'No run is archived.'
                    : `No run has all of these words and this state${archivedCount > 0 ? ', or it is archived' : ''}.`
              }
            >
              <EmptyState.Actions>
                {archivedCount < all.length && (
                  <Button variant="default" onClick={showAll}>
                    Show all {all.length - archivedCount}
                  </Button>
                )}
                {archivedCount > 0 && view.states !== 'archived' && (
                  <Button variant="default" onClick={() => change({ states: 'archived' })}>
                    Show the archived
                  </Button>
                )}
              </EmptyState.Actions>
            </EmptyState>
          )}
          <Group justify="space-between" gap="sm">
            <Text fz="xs" className="quiet numbers" role="status">
              {countWords({ shown: runs.length, here: all.length, expected: loading ? expected : undefined })}
              {groups > 0 ? `, ${groups} ${groups === 1 ? 'group' : 'groups'}` : ''}
              {archivedCount > 0 && view.states !== 'archived' ? `, ${archivedCount} archived` : ''}
              {all.length >= mostRuns ? ' (the newest; older ones are found by the command line)' : ''}
            </Text>
            <Anchor component={Link} href="/runs/trash" fz="xs">
              Trash
            </Anchor>
          </Group>
        </Stack>
      )}
    </>
  );
}

function without(colours: Readonly<Record<string, string>>, runs: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(colours).filter(([run]) => !runs.includes(run)));
}

function countWords({ shown, here, expected }: { shown: number; here: number; expected: number | undefined }): string {
  const all = here === 1 ? '1 run' : `${here} runs`;
  const words = shown === here ? all : `${shown} of ${all}`;
  return expected === undefined ? words : `${words}; loading the others of ${expected}`;
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
        <Button component={Link} href="/runs/trash" variant="subtle">
          Trash
        </Button>
      </EmptyState.Actions>
    </EmptyState>
  );
}
