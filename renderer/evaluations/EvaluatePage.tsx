import { Button, EmptyState, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { ChartNoAxesColumn, CirclePlay, OctagonX, Plus } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { useTRPC } from '../api/client.ts';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { formatDuration } from '../ui/format.ts';
import { PageHeader } from '../ui/PageHeader.tsx';
import { ChooseCheckpoints } from './ChooseCheckpoints.tsx';
import { GridTable } from './GridTable.tsx';
import { MeasureDialog, type MeasureRequest } from './MeasureDialog.tsx';
import type { PlacedCell } from './placed-cell.ts';
import { inOrder, useSelection } from './selection.ts';
import { useGrid } from './use-grid.ts';

/** Checkpoints by measures: what is known is shown, what is not is measured with one button. */
export function EvaluatePage({ preset }: { preset: string | undefined }) {
  const trpc = useTRPC();
  const selection = useSelection();
  const list = useQuery(trpc.checkpoints.list.queryOptions({}));
  const [choosing, chooser] = useDisclosure(false);
  const [asked, ask] = useState<MeasureRequest | null>(null);
  const addMeasure = () => ask({ from: undefined, replaces: false });
  const known = list.data;
  const rows = useMemo(() => inOrder(selection.checkpoints, known ?? []), [selection.checkpoints, known]);
  const grid = useGrid(rows, selection.measures);
  usePreset(preset, known?.find(({ id }) => id === preset)?.sha256, selection);

  const toRun = grid.cells.filter(canRun);
  const active = grid.cells.filter(({ cell }) => cell?.state === 'active');
  const chosen = rows.length > 0 && selection.measures.length > 0;

  return (
    <>
      <PageHeader
        title="Evaluate"
        subtitle="Every checkpoint by every measure. What was measured before is not measured again."
      >
        <Button variant="default" leftSection={<Plus size={16} />} onClick={chooser.open} disabled={!known?.length}>
          Checkpoints
        </Button>
        <Button variant="default" leftSection={<Plus size={16} />} onClick={addMeasure} disabled={rows.length === 0}>
          Measure
        </Button>
      </PageHeader>
      {list.error ? (
        <ErrorNotice title="The checkpoints could not be read" error={list.error} onRetry={list.refetch} />
      ) : !known ? (
        <Skeleton height={240} aria-busy aria-label="Loading the checkpoints" />
      ) : known.length === 0 ? (
        <NothingToMeasure />
      ) : (
        <Stack gap="sm">
          {chosen && (
            <Group justify="space-between" gap="sm">
              <Text fz="sm" className="numbers" role="status">
                {summaryOf(grid.cells)}
              </Text>
              <Group gap="xs">
                {active.length > 0 && (
                  <Button variant="default" leftSection={<OctagonX size={15} />} onClick={grid.cancelAll}>
                    Cancel all
                  </Button>
                )}
                {toRun.length > 0 && (
                  <Button
                    leftSection={<CirclePlay size={15} />}
                    loading={grid.launching}
                    onClick={() => grid.launch(toRun)}
                  >
                    Run {toRun.length}
                  </Button>
                )}
              </Group>
            </Group>
          )}
          {grid.error ? <ErrorNotice title="The results could not be looked up" error={grid.error} /> : null}
          {chosen ? (
            <GridTable rows={rows} selection={selection} grid={grid} onMeasure={ask} />
          ) : (
            <FirstSteps hasRows={rows.length > 0} onCheckpoints={chooser.open} onMeasure={addMeasure} />
          )}
        </Stack>
      )}
      {choosing && known && <ChooseCheckpoints known={known} selection={selection} onClose={chooser.close} />}
      {asked && <MeasureDialog request={asked} checkpoint={rows[0]} selection={selection} onClose={() => ask(null)} />}
    </>
  );
}

/** A checkpoint that another page named is among the rows. */
function usePreset(preset: string | undefined, sha256: string | undefined, selection: ReturnType<typeof useSelection>) {
  const { checkpoints, setCheckpoints } = selection;
  const [, navigate] = useLocation();
  useEffect(() => {
    if (!preset || !sha256) return;
    setCheckpoints([...checkpoints, sha256]);
    // Once: it may be taken out again.
    navigate('/evaluate', { replace: true });
  }, [preset, sha256, checkpoints, setCheckpoints, navigate]);
}

/** Those that failed are run again one by one. */
function canRun({ cell, refused }: PlacedCell): boolean {
  return cell?.state === 'open' && refused === undefined;
}

function summaryOf(cells: PlacedCell[]): string {
  const count = (wanted: (cell: PlacedCell) => boolean) => cells.filter(wanted).length;
  const open = cells.filter(canRun);
  const times = open.map(({ cell }) => (cell?.state === 'open' ? cell.estimateMs : null));
  const known = times.filter((time) => time !== null);
  const time = known.length > 0 ? `about ${formatDuration(known.reduce((sum, one) => sum + one, 0))}` : '';
  const unknown = times.length - known.length;
  const words = [
    `${count(({ cell }) => cell?.state === 'known')} of ${cells.length} known`,
    open.length > 0 &&
      `${open.length} to run (${[time, unknown > 0 && `time of ${unknown} unknown`].filter(Boolean).join(', ')})`,
    countWords(
      count(({ cell }) => cell?.state === 'active'),
      'under way',
    ),
    countWords(
      count(({ cell, refused }) => cell?.state === 'failed' || refused !== undefined),
      'failed',
    ),
    countWords(
      count(({ cell }) => cell?.state === 'checking'),
      'being looked up',
    ),
  ];
  return words.filter(Boolean).join(' · ');
}

function countWords(count: number, what: string): string | false {
  return count > 0 && `${count} ${what}`;
}

function NothingToMeasure() {
  return (
    <EmptyState
      className="surface"
      py={72}
      variant="light"
      icon={<ChartNoAxesColumn size={26} strokeWidth={1.6} />}
      title="Nothing to measure yet"
      description="Runs make checkpoints while they train, and files of others can be imported. Either can be measured here."
    >
      <EmptyState.Actions>
        <Button component={Link} href="/launch">
          Train one
        </Button>
        <Button component={Link} href="/checkpoints" variant="default">
          Import a file
        </Button>
      </EmptyState.Actions>
    </EmptyState>
  );
}

interface FirstStepsProps {
  hasRows: boolean;
  onCheckpoints: () => void;
  onMeasure: () => void;
}

function FirstSteps({ hasRows, onCheckpoints, onMeasure }: FirstStepsProps) {
  return (
    <EmptyState
      className="surface"
      py={72}
      variant="light"
      icon={<ChartNoAxesColumn size={26} strokeWidth={1.6} />}
      title={hasRows ? 'Now a measure' : 'Choose checkpoints'}
      description={
        hasRows
          ? 'A measure is an evaluation with its settings, on a folder of images: one column of the grid.'
          : 'Each is a row of the grid: the best of a run, all of its epochs, or files that were imported.'
      }
    >
      <EmptyState.Actions>
        <Button onClick={hasRows ? onMeasure : onCheckpoints}>
          {hasRows ? 'Add a measure' : 'Choose checkpoints'}
        </Button>
      </EmptyState.Actions>
    </EmptyState>
  );
}
