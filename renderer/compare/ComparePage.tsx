import { Button, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useMemo, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { compareRuns } from '../../common/results/comparison.ts';
import { comparedRuns } from '../../common/results/limits.ts';
import { compareSeeds } from '../../common/results/seed-pairs.ts';
import { useTRPC } from '../api/client.ts';
import { useRuns } from '../api/RunsProvider.tsx';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { PageHeader } from '../ui/PageHeader.tsx';
import { CompareCurves } from './CompareCurves.tsx';
import { ComparedRuns } from './ComparedRuns.tsx';
import { CompareResults } from './CompareResults.tsx';
import { CompareSettings } from './CompareSettings.tsx';
import { CompareVerdicts } from './CompareVerdicts.tsx';
import { type ComparedIds, comparePath } from './compared-runs.ts';
import { SaveComparison } from './SaveComparison.tsx';
import { SavedComparisons } from './SavedComparisons.tsx';

/** Two to eight runs side by side, named by the address. */
export function ComparePage({ ids, baseline }: ComparedIds) {
  const [, navigate] = useLocation();
  return (
    <>
      <PageHeader title="Compare" subtitle="Two to eight runs side by side.">
        <SaveComparison ids={ids} baseline={baseline ?? ids[0]} />
      </PageHeader>
      <SideBySide
        ids={ids}
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
  const { name, runs, baseline } = saved.data;
  return (
    <>
      <PageHeader title={name} subtitle="A saved comparison.">
        <Button component={Link} href="/compare" variant="default">
          All comparisons
        </Button>
        <SaveComparison ids={runs} baseline={baseline} saved={saved.data} />
      </PageHeader>
      <SideBySide ids={runs} baseline={baseline} onChange={(compared) => navigate(comparePath(compared))} />
    </>
  );
}

interface SideBySideProps extends ComparedIds {
  onChange: (compared: ComparedIds) => void;
}

function SideBySide({ ids, baseline, onChange }: SideBySideProps) {
  const { runs: all, loading } = useRuns();
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [highlighted, setHighlighted] = useState<string | null>(null);
  const key = ids.join();
  const runs = useMemo(() => key.split(',').flatMap((id) => all.find((run) => run.id === id) ?? []), [key, all]);
  const comparison = useMemo(
    () => (runs.length >= comparedRuns.least ? compareRuns(runs, baseline) : null),
    [runs, baseline],
  );
  // It goes through all runs and draws thousands of samples: after what changed is shown.
  const later = useDeferredValue(comparison);
  const verdicts = useMemo(() => (later ? compareSeeds(later.runs, later.baseline, all) : []), [later, all]);
  const missing = ids.filter((id) => !runs.some((run) => run.id === id));
  if (loading) return <Stack aria-busy aria-label="Loading the runs" />;

  function toggle(id: string) {
    const after = new Set(hidden);
    if (!after.delete(id)) after.add(id);
    setHidden(after);
  }

  const highlight = (id: string) => setHighlighted((before) => (before === id ? null : id));

  return (
    <Stack gap="lg">
      {missing.length > 0 && (
        <Text fz="sm" role="status">
          Not among the runs, or in the trash: {missing.join(', ')}.
        </Text>
      )}
      <ComparedRuns
        runs={runs}
        baseline={comparison?.baseline.id}
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
          <CompareCurves runs={runs} hidden={hidden} highlighted={highlighted} onHighlight={highlight} />
        </>
      ) : (
        <>
          <Group>
            <Text fz="sm">Choose at least {comparedRuns.least} runs, here or by their boxes in the table of runs.</Text>
          </Group>
          <SavedComparisons />
        </>
      )}
    </Stack>
  );
}
