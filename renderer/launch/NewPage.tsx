import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type JobKind, jobs } from '../../common/jobs/index.ts';
import { useTRPC } from '../api/client.ts';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { NotFound } from '../ui/NotFound.tsx';
import { LaunchForm } from './LaunchForm.tsx';

interface NewPageProps {
  kind: string;
  /** Values that were chosen elsewhere, as a checkpoint to use. */
  preset?: Record<string, unknown>;
}

/** The form of a kind of job, at its defaults. */
export function NewPage({ kind, preset }: NewPageProps) {
  const trpc = useTRPC();
  const known = isKind(kind);
  const { data, error } = useQuery(
    trpc.launch.defaults.queryOptions({ kind: known ? kind : 'train' }, { enabled: known }),
  );
  if (!known) return <NotFound />;
  if (error) return <ErrorNotice title="The form could not be read" error={error} />;
  if (!data) return <Skeleton height={480} aria-label="Loading the form" />;
  return <LaunchForm kind={kind} title={jobs[kind].title} initialConfig={{ ...data, ...preset }} initialName="" />;
}

function isKind(kind: string): kind is JobKind {
  return kind in jobs;
}
