import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '../api/client.ts';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { absolute } from './CheckpointPicker.tsx';
import { LaunchForm } from './LaunchForm.tsx';

interface DuplicatePageProps {
  id: string;
  /** A checkpoint of that run, as its list names it, to start from. */
  checkpoint?: string;
}

/** The form filled in as a run was, optionally to start from a checkpoint of it. */
export function DuplicatePage({ id, checkpoint }: DuplicatePageProps) {
  const trpc = useTRPC();
  const copy = useQuery(trpc.runs.duplicate.queryOptions({ id }));
  const run = useQuery(trpc.runs.get.queryOptions({ id }));
  const error = copy.error ?? run.error;
  if (error) return <ErrorNotice title="The run could not be read" error={error} />;
  if (!copy.data || !run.data) return <Skeleton height={480} aria-label="Loading the form" />;
  const resume = checkpoint === undefined ? {} : { resume: absolute(run.data.folder, checkpoint) };
  return (
    <LaunchForm
      kind={copy.data.kind}
      title={checkpoint === undefined ? 'Run again with changes' : 'Start from a checkpoint'}
      subtitle={`Filled in as ${run.data.name} was.`}
      initialConfig={{ ...copy.data.config, ...resume }}
      initialName=""
      parent={copy.data.parent}
    />
  );
}
