import { Button, EmptyState, Group, Skeleton, Stack, Switch, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Table2 } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Link } from 'wouter';
import { wholeTable } from '../../common/results/table.ts';
import { useTRPC } from '../api/client.ts';
import { useRuns } from '../api/RunsProvider.tsx';
import { ColumnChooser } from '../ui/ColumnChooser.tsx';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { FilterBox } from '../ui/FilterBox.tsx';
import { PageHeader } from '../ui/PageHeader.tsx';
import { ExportMenu } from './ExportMenu.tsx';
import { ResultsTableView } from './ResultsTableView.tsx';
import { SavedTables } from './SavedTables.tsx';
import { useTable } from './use-table.ts';

/** A table of results, put together here, that goes into a paper, a mail or a spreadsheet. */
export function ResultsPage({ id }: { id?: string }) {
  const { runs, loading, expected } = useRuns();
  const state = useTable();
  const { definition, change, columns, table, selected, problem, fields, gone } = state;
  const saved = useSavedTable(id, change);

  return (
    <>
      <PageHeader
        title={saved.name ?? 'Results'}
        subtitle="Numbers with their protocol, their spread over seeds, and the runs they come from."
      >
        <SavedTables definition={definition} shownId={id} />
        <ExportMenu
          definition={{ ...definition, columns }}
          build={() => wholeTable(table)}
          disabled={loading || table.rows.length === 0}
        />
      </PageHeader>
      {saved.error && <ErrorNotice title="The saved table could not be read" error={saved.error} />}
      {expected === 0 ? (
        <NoResults />
      ) : expected === undefined ? (
        <Stack gap="xs" aria-busy aria-label="Loading the results">
          {Array.from({ length: 6 }, (_, row) => (
            <Skeleton key={row} height={36} radius="sm" />
          ))}
        </Stack>
      ) : (
        <Stack gap="md" aria-busy={loading}>
          <Group gap="md" align="flex-start">
            <FilterBox
              label="Filter of the runs"
              value={definition.filter}
              problem={problem}
              onChange={(filter) => change({ filter })}
            />
            <Switch
              mt={8}
              size="xs"
              label="One row for all seeds"
              checked={definition.groupBySeed}
              onChange={({ currentTarget }) => change({ groupBySeed: currentTarget.checked })}
            />
            <Switch
              mt={8}
              size="xs"
              label="Published rows"
              checked={definition.published}
              onChange={({ currentTarget }) => change({ published: currentTarget.checked })}
            />
          </Group>
          <ColumnChooser
            columns={columns}
            fields={fields}
            own={definition.columns.length > 0}
            onChange={(next) => change({ columns: next })}
          />
          {gone.length > 0 && (
            <Text fz="sm" role="status">
              No run has {gone.map((field) => `"${field}"`).join(', ')}; take it out to export the table.
            </Text>
          )}
          {table.rows.length > 0 ? (
            <ResultsTableView table={table} sort={definition.sort} onSort={(sort) => change({ sort })} />
          ) : (
            <EmptyState
              className="surface"
              py={48}
              title={loading ? 'None of the newest runs fits' : 'No run fits'}
              description={loading ? 'The older ones are being loaded.' : 'No run matches the filter.'}
            >
              <EmptyState.Actions>
                <Button variant="default" onClick={() => change({ filter: '' })}>
                  Show all {runs.length}
                </Button>
              </EmptyState.Actions>
            </EmptyState>
          )}
          <Text fz="xs" className="numbers" role="status">
            {table.rows.length} rows of {selected.length} runs
            {loading && expected ? `; loading the others of ${expected}` : ''}
          </Text>
        </Stack>
      )}
    </>
  );
}

/** Takes a saved table up when its page is opened; what is changed then is kept here until it is saved. */
function useSavedTable(id: string | undefined, change: ReturnType<typeof useTable>['change']) {
  const trpc = useTRPC();
  const list = useQuery(trpc.exports.tables.queryOptions(undefined, { enabled: id !== undefined }));
  const found = list.data?.find((table) => table.id === id);
  const taken = useRef<string | undefined>(undefined);
  useEffect(() => {
    if (!found || taken.current === found.id) return;
    taken.current = found.id;
    change({ sort: undefined, ...found.definition });
  }, [found, change]);
  const missing =
    id !== undefined && list.data && !found ? new Error(`There is no table ${id}; it may have been deleted.`) : null;
  return { name: found?.name, error: list.error ?? missing };
}

function NoResults() {
  return (
    <EmptyState
      className="surface"
      py={72}
      variant="light"
      icon={<Table2 size={26} strokeWidth={1.6} />}
      title="No results yet"
      description="What runs measure is put together here as a table for a paper, with published numbers beside it."
    >
      <EmptyState.Actions>
        <Button component={Link} href="/launch">
          New run
        </Button>
      </EmptyState.Actions>
    </EmptyState>
  );
}
