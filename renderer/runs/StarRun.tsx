import { Star } from 'lucide-react';
import type { RunRecord } from '../../common/records.ts';
import { RowButton } from '../ui/RowButton.tsx';
import styles from './Runs.module.css';
import { useMarkRuns } from './use-mark-runs.ts';

export function StarRun({ run }: { run: RunRecord }) {
  const mark = useMarkRuns();
  const star = mark.isPending ? (mark.variables.star ?? run.star) : run.star;
  return (
    <RowButton
      aria-label={`Star ${run.name}`}
      aria-pressed={star}
      onClick={() => mark.mutate({ ids: [run.id], star: !star })}
    >
      <Star
        size={16}
        strokeWidth={1.8}
        className={star ? styles.starred : undefined}
        fill={star ? 'currentColor' : 'none'}
      />
    </RowButton>
  );
}
