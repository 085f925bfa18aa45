import { ActionIcon } from '@mantine/core';
import { Star } from 'lucide-react';
import type { RunRecord } from '../../common/records.ts';
import { useMarkRuns } from './use-mark-runs.ts';

export function StarRun({ run }: { run: RunRecord }) {
  const mark = useMarkRuns();
  const star = mark.isPending ? (mark.variables.star ?? run.star) : run.star;
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      aria-label={`Star ${run.name}`}
      aria-pressed={star}
      // The row opens by a click and by Enter, and has keys of its own.
      onClick={(event) => {
        event.stopPropagation();
        mark.mutate({ ids: [run.id], star: !star });
      }}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <Star
        size={16}
        strokeWidth={1.8}
        // 3 to 1 and more on either ground (WCAG 2.2 AA).
        style={{ color: star ? 'light-dark(#a35c00, #ffd43b)' : undefined }}
        fill={star ? 'currentColor' : 'none'}
      />
    </ActionIcon>
  );
}
