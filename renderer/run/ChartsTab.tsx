import { Collapse, Group, SegmentedControl, Select, Switch, Text, UnstyledButton } from '@mantine/core';
import { useDisclosure, useLocalStorage } from '@mantine/hooks';
import { ChevronDown, ChevronRight } from 'lucide-react';
import type { RunRecord } from '../../common/records.ts';
import { ChartCard, type ChartView } from '../charts/ChartCard.tsx';
import styles from './ChartsTab.module.css';
import { chartsFor } from './chart-list.ts';
import { HealthPanel } from './HealthPanel.tsx';
import type { RunFeed } from './use-run-feed.ts';

const windows = [
  { value: '0', label: 'No smoothing' },
  { value: '10', label: 'Over 10 steps' },
  { value: '30', label: 'Over 30 steps' },
  { value: '100', label: 'Over 100 steps' },
  { value: '300', label: 'Over 300 steps' },
  { value: '1000', label: 'Over 1,000 steps' },
];

const plain: ChartView = { axis: 'step', smoothingWindow: 0, logarithmic: false };

export function ChartsTab({ run, feed }: { run: RunRecord; feed: RunFeed }) {
  // One view for all runs, kept: who likes epochs likes them everywhere.
  const [view, setView] = useLocalStorage<ChartView>({
    key: 'chart-view',
    defaultValue: plain,
    getInitialValueInEffect: false,
  });
  const [moreOpen, more] = useDisclosure(false);
  const charts = chartsFor(feed.buffers.keys());
  const shared = {
    buffers: feed.buffers,
    version: feed.version,
    references: run.references,
    alarms: run.alarms,
    view,
    stepsPerEpoch: run.totalSteps && run.epochs ? run.totalSteps / run.epochs : null,
    startedAt: startOf(run),
  };

  return (
    <>
      <Group gap="md" mb="sm">
        <SegmentedControl
          size="xs"
          aria-label="Horizontal axis"
          value={view.axis}
          onChange={(axis) => setView({ ...view, axis })}
          data={[
            { value: 'step', label: 'Step' },
            { value: 'epoch', label: 'Epoch' },
            { value: 'time', label: 'Time' },
          ]}
        />
        <Select
          size="xs"
          w={150}
          aria-label="Smoothing"
          allowDeselect={false}
          data={windows}
          value={String(view.smoothingWindow)}
          onChange={(value) => setView({ ...view, smoothingWindow: Number(value ?? 0) })}
        />
        <Switch
          size="xs"
          label="Log scale"
          checked={view.logarithmic}
          onChange={({ currentTarget }) => setView({ ...view, logarithmic: currentTarget.checked })}
        />
        <Text fz="xs" className="quiet" visibleFrom="md">
          Drag to zoom, double click to see all
        </Text>
      </Group>
      <div className={styles.charts}>
        {charts.main.map((chart, index) => (
          <div key={chart.id} className={index < 2 ? styles.wide : styles.narrow}>
            <ChartCard chart={chart} height={index < 2 ? 260 : 180} {...shared} />
          </div>
        ))}
      </div>
      <HealthPanel run={run} buffers={feed.buffers} />
      {charts.more.length > 0 && (
        <>
          <UnstyledButton mt="lg" mb="sm" onClick={more.toggle} aria-expanded={moreOpen}>
            <Group gap={6}>
              {moreOpen ? <ChevronDown size={15} /> : <ChevronRight size={15} />}
              <Text fz="sm" fw={500}>
                More measurements
              </Text>
              <Text fz="sm" className="quiet numbers">
                {charts.more.length}
              </Text>
            </Group>
          </UnstyledButton>
          <Collapse expanded={moreOpen} transitionDuration={0}>
            {moreOpen && (
              <div className={styles.charts}>
                {charts.more.map((chart) => (
                  <div key={chart.id} className={styles.narrow}>
                    <ChartCard chart={chart} height={160} {...shared} />
                  </div>
                ))}
              </div>
            )}
          </Collapse>
        </>
      )}
    </>
  );
}

function startOf(run: RunRecord): number {
  return new Date(run.startedAt ?? run.createdAt).getTime();
}
