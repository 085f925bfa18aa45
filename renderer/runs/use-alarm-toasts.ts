import { notifications } from '@mantine/notifications';
import { useEffect, useRef } from 'react';
import { isActive, type RunRecord } from '../../common/records.ts';
import { useRuns } from '../api/RunsProvider.tsx';

/** Tells of alarms that are raised while the page is open; those of before are on the run's page. */
export function useAlarmToasts(): void {
  const { runs, loading } = useRuns();
  const seen = useRef<Set<string> | null>(null);
  useEffect(() => {
    if (loading) return;
    const alarms = runs.flatMap((run) => run.alarms.map((alarm) => ({ run, alarm, key: keyOf(run, alarm) })));
    if (seen.current) {
      for (const { run, alarm, key } of alarms) {
        if (seen.current.has(key) || !(isActive(run.state) || run.state === 'failed')) continue;
        notifications.show({ id: key, title: run.name, message: alarm.message, color: 'red', autoClose: 15_000 });
      }
    }
    seen.current = new Set(alarms.map(({ key }) => key));
  }, [runs, loading]);
}

function keyOf(run: RunRecord, alarm: RunRecord['alarms'][number]): string {
  return `${run.id} ${alarm.rule} ${alarm.at}`;
}
