import { Alert, Skeleton, Stack, Tabs, Text } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { TriangleAlert } from 'lucide-react';
import { useLocation } from 'wouter';
import { measureKinds } from '../../common/evaluations.ts';
import type { RunRecord } from '../../common/records.ts';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { useEscape } from '../ui/use-escape.ts';
import { ChartsTab } from './ChartsTab.tsx';
import { CheckpointsTab } from './CheckpointsTab.tsx';
import { ConfigTab } from './ConfigTab.tsx';
import { EnvironmentTab } from './EnvironmentTab.tsx';
import { LogTab } from './LogTab.tsx';
import { ReproductionVerdict } from './ReproductionVerdict.tsx';
import { RunHeader } from './RunHeader.tsx';
import { ResultsTab } from './results/ResultsTab.tsx';
import { useRunFeed } from './use-run-feed.ts';

const allTabs = [
  { value: 'results', label: 'Results' },
  { value: 'charts', label: 'Charts' },
  { value: 'log', label: 'Log' },
  { value: 'config', label: 'Config' },
  { value: 'checkpoints', label: 'Checkpoints' },
  { value: 'environment', label: 'Environment' },
];

export function RunPage({ id, tab }: { id: string; tab: string | undefined }) {
  const [, navigate] = useLocation();
  const feed = useRunFeed(id);
  const { run } = feed;
  useEscape(() => navigate('/runs'));
  useHotkeys([['mod+D', () => navigate(`/launch/again/${id}`)]]);

  if (feed.error && !run) return <ErrorNotice title="The run could not be read" error={feed.error} />;
  if (!run) {
    return (
      <Stack aria-busy aria-label="Loading the run">
        <Skeleton height={34} width={320} />
        <Skeleton height={74} />
        <Skeleton height={400} />
      </Stack>
    );
  }

  const tabs = tabsOf(run, feed.buffers.size > 0);
  return (
    <Stack gap="md">
      <RunHeader run={run} />
      <ReproductionVerdict key={`reproduction ${id}`} run={run} />
      {run.error && (
        <Alert color="red" icon={<TriangleAlert size={18} />} title={run.error.message}>
          {run.error.cure && <Text fz="sm">{run.error.cure}</Text>}
        </Alert>
      )}
      <Tabs
        value={tabs.some(({ value }) => value === tab) ? tab : tabs[0]?.value}
        onChange={(value) => navigate(`/runs/${id}/${value}`, { replace: true })}
        keepMounted={false}
      >
        <Tabs.List mb="md" style={{ flexWrap: 'nowrap', overflowX: 'auto', overflowY: 'hidden' }}>
          {tabs.map(({ value, label }) => (
            <Tabs.Tab key={value} value={value}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="results">
          <ResultsTab run={run} />
        </Tabs.Panel>
        <Tabs.Panel value="charts">
          <ChartsTab run={run} feed={feed} />
        </Tabs.Panel>
        <Tabs.Panel value="log">
          <LogTab id={id} logBytes={feed.logBytes} />
        </Tabs.Panel>
        <Tabs.Panel value="config">
          <ConfigTab run={run} />
        </Tabs.Panel>
        <Tabs.Panel value="checkpoints">
          <CheckpointsTab run={run} />
        </Tabs.Panel>
        <Tabs.Panel value="environment">
          <EnvironmentTab run={run} />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}

/** A training has curves, an evaluation a result, and curves only where it trains a classifier. */
function tabsOf({ kind }: RunRecord, hasCurves: boolean) {
  const isMeasure = measureKinds.includes(kind);
  const left = isMeasure && !hasCurves ? ['charts', 'checkpoints'] : isMeasure ? ['checkpoints'] : ['results'];
  return allTabs.filter(({ value }) => !left.includes(value));
}
