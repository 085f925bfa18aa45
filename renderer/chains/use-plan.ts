import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { ChainChanges, ChainPlan } from '../../common/chains.ts';
import { useTRPC } from '../api/client.ts';

const quietMs = 250;

/** What the studio says of the chain as it is filled in, a moment after the last change. */
export function usePlan(
  chain: string,
  given: Record<string, string>,
  changes: ChainChanges,
): { plan: ChainPlan | undefined; checking: boolean; error: unknown } {
  const trpc = useTRPC();
  const request = useMemo(() => ({ chain, given, changes }), [chain, given, changes]);
  const [settled] = useDebouncedValue(request, quietMs);
  const { data, isFetching, error } = useQuery(
    trpc.chains.plan.queryOptions(settled, { placeholderData: keepPreviousData, staleTime: 5000 }),
  );
  return { plan: data, checking: isFetching || settled !== request, error };
}
