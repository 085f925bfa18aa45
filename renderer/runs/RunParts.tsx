/** Pieces of what is told of a run in a row. */
import { Progress } from '@mantine/core';
import { chainName } from '../../common/chains.ts';
import { isActive, type RunRecord } from '../../common/records.ts';
import { useChainPlace } from '../api/ChainsProvider.tsx';
import { progressOf } from '../ui/progress.ts';
import { StateBadge } from '../ui/StateBadge.tsx';
import styles from './Runs.module.css';

export function StateCell({ run }: { run: RunRecord }) {
  const progress = progressOf(run);
  return (
    <div className={styles.state}>
      <StateBadge state={run.state} />
      {isActive(run.state) && (
        <Progress mt={4} size={3} value={(progress ?? 0) * 100} aria-label={`${Math.floor((progress ?? 0) * 100)} %`} />
      )}
    </div>
  );
}

export function RunSubtitle({ run }: { run: RunRecord }) {
  const place = useChainPlace(run.id);
  const chain = place && `${chainName(place.record)}, link ${place.at + 1} of ${place.record.links.length}`;
  return (
    <div className={styles.subtitle} title={chain}>
      {[chain, subtitleOf(run)].filter(Boolean).join(' · ')}
    </div>
  );
}

function subtitleOf(run: RunRecord): string {
  if (run.state === 'failed' && run.error) return run.error.message;
  if (isActive(run.state) && run.stage) return run.stage;
  return [run.recipe, run.id].filter(Boolean).join(' · ');
}

/** The epoch that is under way, counted from 1 as people do; of a run that rests, the epochs that it has done. */
export function epochWords({ epoch, epochs, state }: RunRecord, of: string): string {
  if (!epochs || state === 'queued') return '–';
  return `${isActive(state) ? Math.min(epoch + 1, epochs) : epoch}${of}${epochs}`;
}
