import { Group, Loader, ScrollArea, Text } from '@mantine/core';
import type { Issue } from '../../common/launch.ts';
import type { SweepPlan } from '../../common/sweep.ts';
import { formatBytes, formatCount, formatDuration } from '../ui/format.ts';
import styles from './SweepPlanView.module.css';

/** Rows of the table; the sums are of all runs. */
const mostShown = 200;

/** What a sweep will queue, and what that costs. */
export function SweepPlanView({ plan, stale }: { plan: SweepPlan; stale: boolean }) {
  const { runs } = plan;
  return (
    <div aria-busy={stale}>
      <Group gap={8} mb={6}>
        <Text fz="sm" className="numbers" role="status">
          <b style={{ fontWeight: 600 }}>{runs.length === 1 ? '1 run' : `${formatCount(runs.length)} runs`}</b>
          {`: ${formatCount(plan.totalSteps)} steps, ${timeWords(plan)}, ${diskWords(plan)}`}
        </Text>
        {stale && <Loader size={11} aria-label="Planning anew" />}
      </Group>
      {plan.freeDiskBytes !== null && plan.diskBytes > plan.freeDiskBytes && (
        <Text fz="xs" c="var(--mantine-color-error)" mb={6}>
          The disk is too small for the checkpoints of all of them.
        </Text>
      )}
      {issuesOf(plan).map(({ level, message, count }) => (
        <Text key={message} fz="xs" mb={4} c={level === 'error' ? 'var(--mantine-color-error)' : undefined}>
          {message}
          {count < runs.length && ` (${count} of the runs)`}
        </Text>
      ))}
      {/* A region that scrolls must be reached by the keyboard. */}
      <ScrollArea.Autosize
        mah={300}
        className={styles.frame}
        viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': 'Runs of the sweep' }}
      >
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">Run</th>
              <th scope="col">Steps</th>
              <th scope="col">Time</th>
              <th scope="col">Disk</th>
            </tr>
          </thead>
          <tbody className="numbers">
            {runs.slice(0, mostShown).map(({ name, changes, totalSteps, seconds, diskBytes }) => (
              <tr key={changes}>
                <td title={name}>{changes || name}</td>
                <td>{formatCount(totalSteps)}</td>
                <td>{formatDuration(seconds === null ? null : seconds * 1000)}</td>
                <td>{formatBytes(diskBytes)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollArea.Autosize>
      {runs.length > mostShown && (
        <Text fz="xs" className="quiet" mt={4}>
          and {runs.length - mostShown} more
        </Text>
      )}
    </div>
  );
}

function timeWords({ runs, seconds, timedRuns }: SweepPlan): string {
  if (timedRuns === 0) return 'time not known before "Estimate the time" or a first run';
  const of = timedRuns < runs.length ? ` for the ${timedRuns} whose pace is known` : '';
  return `about ${formatDuration(seconds * 1000)}${of}`;
}

function diskWords({ diskBytes, freeDiskBytes }: SweepPlan): string {
  const free = freeDiskBytes === null ? '' : ` of ${formatBytes(freeDiskBytes)} free`;
  return `${formatBytes(diskBytes)}${free}`;
}

/** Each once, errors first. */
function issuesOf({ runs }: SweepPlan): (Issue & { count: number })[] {
  const same = Map.groupBy(
    runs.flatMap(({ issues }) => issues),
    ({ message }) => message,
  );
  return [...same.values()]
    .map((issues) => ({ ...issues[0]!, count: issues.length }))
    .sort((a, b) => Number(b.level === 'error') - Number(a.level === 'error'));
}
