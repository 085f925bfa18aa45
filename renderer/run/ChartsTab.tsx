import { Collapse, Group, Text, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { ChevronDown, ChevronRight } from 'lucide-react';
import type { RunRecord } from '../../common/records.ts';
import { ChartCard } from '../charts/ChartCard.tsx';
import { ChartViewControls, useChartView } from '../charts/ChartViewControls.tsx';
import styles from './ChartsTab.module.css';
import { chartsFor } from './chart-list.ts';
import { HealthPanel } from './HealthPanel.tsx';
import type { RunFeed } from './use-run-feed.ts';

export function ChartsTab({ run, feed }: { run: RunRecord; feed: RunFeed }) {
  const [view, setView] = useChartView();
  const [moreOpen, more] = useDisclosure(false);
  const charts = chartsFor(feed.buffers.keys(), run.kind);
  const shared = {
    run,
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
      <ChartViewControls view={view} onChange={setView} />
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
