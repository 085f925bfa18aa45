import { Button, EmptyState, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Columns3 } from 'lucide-react';
import { useDeferredValue, useMemo, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { compareRows } from '../../common/results/comparison.ts';
import { comparedRows } from '../../common/results/limits.ts';
import { type Compared, comparePath } from '../../common/results/references.ts';
import { compareRowSeeds } from '../../common/results/seed-pairs.ts';
import { useTRPC } from '../api/client.ts';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { PageHeader } from '../ui/PageHeader.tsx';
import { CompareCurves } from './CompareCurves.tsx';
import { ComparedRows } from './ComparedRows.tsx';
import { CompareResults } from './CompareResults.tsx';
import { CompareSettings } from './CompareSettings.tsx';
import { CompareVerdicts } from './CompareVerdicts.tsx';
import { ComparedClasses } from './panels/ComparedClasses.tsx';
import { ComparedNeighbours } from './panels/ComparedNeighbours.tsx';
import { ComparedProjection } from './panels/ComparedProjection.tsx';
import { DriftPanel } from './panels/DriftPanel.tsx';
import { RowStylesProvider } from './RowStyles.tsx';
import { SaveComparison } from './SaveComparison.tsx';
import { SavedComparisons } from './SavedComparisons.tsx';
import { useComparedRows } from './use-compared-rows.ts';

/** Two to eight rows side by side, named by the address. */
export function ComparePage({ rows, baseline }: Compared) {
  const [, navigate] = useLocation();
  return (
    <>
      <PageHeader title="Compare" subtitle="Two to eight runs, checkpoints and published rows side by side.">
        <SaveComparison rows={rows} baseline={baseline ?? rows[0]} />
      </PageHeader>
      <SideBySide
        rows={rows}
        baseline={baseline}
        onChange={(compared) => navigate(comparePath(compared), { replace: true })}
      />
    </>
  );
}

/** One that was saved; what is changed here is not kept until it is saved anew. */
export function SavedComparisonPage({ id }: { id: string }) {
  const trpc = useTRPC();
  const [, navigate] = useLocation();
  const saved = useQuery(trpc.comparisons.get.queryOptions({ id }));
  if (saved.error) return <ErrorNotice title="The comparison could not be read" error={saved.error} />;
  if (!saved.data) return <Stack aria-busy aria-label="Loading the comparison" />;
  const { name, rows, baseline } = saved.data;
  return (
    <>
      <PageHeader title={name} subtitle="A saved comparison.">
        <Button component={Link} href="/compare" variant="default">
          All comparisons
        </Button>
        <SaveComparison rows={rows} baseline={baseline} saved={saved.data} />
      </PageHeader>
      <SideBySide rows={rows} baseline={baseline} onChange={(compared) => navigate(comparePath(compared))} />
    </>
  );
}

interface SideBySideProps extends Compared {
  onChange: (compared: Compared) => void;
}

function SideBySide({ rows: references, baseline, onChange }: SideBySideProps) {
  const { rows, known, problems, runs, published, loading, error } = useComparedRows(references);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [highlighted, setHighlighted] = useState<string | null>(null);
  const comparison = useMemo(
    () => (rows.length >= comparedRows.least ? compareRows(rows, baseline, published) : null),
    [rows, baseline, published],
  );
  // It goes through all runs and draws thousands of samples: after what changed is shown.
  const later = useDeferredValue(comparison);
  const verdicts = useMemo(() => (later ? compareRowSeeds(later, runs) : []), [later, runs]);
  if (error) return <ErrorNotice title="The rows could not be read" error={error} />;
  if (loading) return <Stack aria-busy aria-label="Loading the rows" />;

  function toggle(reference: string) {
    const after = new Set(hidden);
    if (!after.delete(reference)) after.add(reference);
    setHidden(after);
  }

  const highlight = (reference: string) => setHighlighted((before) => (before === reference ? null : reference));

  return (
    <RowStylesProvider rows={rows}>
      <Stack gap="lg">
        {problems.map((problem) => (
          <Text key={problem} fz="sm" role="status">
            {problem}
          </Text>
        ))}
        <ComparedRows
          rows={rows}
          known={known}
          baseline={comparison?.baseline.reference}
          hidden={hidden}
          onToggle={toggle}
          highlighted={highlighted}
          onHighlight={highlight}
          onChange={onChange}
        />
        {comparison ? (
          <>
            <CompareResults comparison={comparison} />
            <CompareVerdicts verdicts={verdicts} />
            <CompareSettings comparison={comparison} />
            <CompareCurves rows={rows} hidden={hidden} highlighted={highlighted} onHighlight={highlight} />
            <ComparedClasses comparison={comparison} />
            <ComparedNeighbours comparison={comparison} />
            <ComparedProjection comparison={comparison} />
            <DriftPanel comparison={comparison} />
          </>
        ) : (
          <>
            <NothingToCompare />
            <SavedComparisons />
          </>
        )}
      </Stack>
    </RowStylesProvider>
  );
}

function NothingToCompare() {
  return (
    <EmptyState
      className="surface"
      py={48}
      variant="light"
      icon={<Columns3 size={26} strokeWidth={1.6} />}
      title={`Choose at least ${comparedRows.least} rows`}
      description="Runs, checkpoints and published numbers: add them above, or select them by their boxes in Runs, Checkpoints and Results."
    >
      <EmptyState.Actions>
        <Button component={Link} href="/runs">
          Runs
        </Button>
        <Button component={Link} href="/checkpoints" variant="default">
          Checkpoints
        </Button>
      </EmptyState.Actions>
    </EmptyState>
  );
}
