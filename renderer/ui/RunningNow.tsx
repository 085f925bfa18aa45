import { Progress, Text, UnstyledButton } from '@mantine/core';
import { Link } from 'wouter';
import { useActiveRuns, useRuns } from '../api/RunsProvider.tsx';
import { progressOf } from './progress.ts';
import styles from './RunningNow.module.css';
import { stateWords } from './StateBadge.tsx';

/** The job that has the device, always in sight. */
export function RunningNow({ onNavigate }: { onNavigate: () => void }) {
  const run = useActiveRuns()[0];
  const queued = useRuns().runs.filter(({ state }) => state === 'queued').length;
  if (!run) return null;
  const progress = progressOf(run);
  return (
    <UnstyledButton component={Link} href={`/runs/${run.id}`} className={styles.card} onClick={onNavigate}>
      <Text fz="xs" className="quiet">
        {stateWords[run.state]}
        {queued > 0 ? ` · ${queued} waiting` : ''}
      </Text>
      <Text fz="sm" fw={500} truncate>
        {run.name}
      </Text>
      <Progress
        mt={6}
        size={4}
        value={(progress ?? 0) * 100}
        animated={progress === null}
        aria-label={`Progress of ${run.name}`}
      />
      <Text fz="xs" mt={4} className="quiet numbers">
        {progress === null ? run.stage : `${Math.floor(progress * 100)} %${epochWords(run)}`}
      </Text>
    </UnstyledButton>
  );
}

function epochWords({ epoch, epochs }: { epoch: number; epochs: number | null }): string {
  return epochs ? ` · epoch ${Math.min(epoch + 1, epochs)} of ${epochs}` : '';
}
