import { TagsInput } from '@mantine/core';
import { useMemo } from 'react';
import type { RunRecord } from '../../common/records.ts';
import { shownError } from '../api/errors.ts';
import { useRuns } from '../api/RunsProvider.tsx';
import { useMarkRuns } from '../runs/use-mark-runs.ts';

/** Kept with every tag that is added or taken away; those of other runs are offered. */
export function RunTags({ run }: { run: RunRecord }) {
  const mark = useMarkRuns();
  const { runs } = useRuns();
  const known = useMemo(() => [...new Set(runs.flatMap(({ tags }) => tags))].sort(), [runs]);
  return (
    <TagsInput
      aria-label="Tags"
      placeholder="Add a tag"
      data={known}
      value={mark.isPending ? (mark.variables.tags ?? run.tags) : run.tags}
      maxLength={40}
      maxTags={50}
      error={mark.isError && shownError(mark.error).message}
      onChange={(tags) => mark.mutate({ ids: [run.id], tags })}
    />
  );
}
