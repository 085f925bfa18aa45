import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useMemo } from 'react';
import { type ChainRecord, withRuns } from '../../common/chains.ts';
import { useTRPC } from './client.ts';
import { useRuns } from './RunsProvider.tsx';

/** A run's place: the chain, and which of its links it is. */
export interface ChainPlace {
  record: ChainRecord;
  at: number;
}

interface Chains {
  /** The newest first; undefined before the first answer. */
  chains: ChainRecord[] | undefined;
  error: unknown;
  placeOf: ReadonlyMap<string, ChainPlace>;
}

const ChainsContext = createContext<Chains | null>(null);

/** Chains go on when runs do: they are asked for anew whenever the state of a run has changed, or a run is new. */
export function ChainsProvider({ children }: { children: ReactNode }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { runs } = useRuns();
  const { data, error } = useQuery(trpc.chains.list.queryOptions(undefined, { staleTime: Number.POSITIVE_INFINITY }));
  const states = useMemo(() => runs.map(({ id, state }) => `${id} ${state}`).join(), [runs]);
  // Not of everything that it reads: a change of the states is what asks.
  useEffect(() => {
    queryClient.invalidateQueries({ queryKey: trpc.chains.list.queryKey() });
  }, [states]);

  const chains = useMemo(() => {
    const byId = new Map(runs.map((run) => [run.id, run]));
    return data?.map((record) => withRuns(record, byId));
  }, [data, runs]);
  const placeOf = useMemo(() => {
    const places = (chains ?? []).flatMap((record) =>
      record.links.flatMap(({ run }, at) => (run === null ? [] : [[run, { record, at }] as const])),
    );
    return new Map(places);
  }, [chains]);
  const value = useMemo(() => ({ chains, error, placeOf }), [chains, error, placeOf]);
  return <ChainsContext.Provider value={value}>{children}</ChainsContext.Provider>;
}

export function useChains(): Chains {
  const chains = useContext(ChainsContext);
  if (!chains) throw new Error('useChains outside of ChainsProvider');
  return chains;
}

/** Undefined where the run is of none. */
export function useChainPlace(run: string): ChainPlace | undefined {
  return useChains().placeOf.get(run);
}
