import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '../api/client.ts';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { NotFound } from '../ui/NotFound.tsx';
import { ChainForm } from './ChainForm.tsx';

/** The form of a chain. */
export function ChainLaunchPage({ id }: { id: string }) {
  const trpc = useTRPC();
  const { data, error } = useQuery(trpc.chains.shipped.queryOptions());
  if (error) return <ErrorNotice title="The chain could not be read" error={error} />;
  if (!data) return <Skeleton height={480} aria-label="Loading the form" />;
  const chain = data.find((one) => one.id === id);
  return chain ? <ChainForm chain={chain} /> : <NotFound />;
}
