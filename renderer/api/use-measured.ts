import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { pointFieldsIn } from '../../common/filter/point-fields.ts';
import { isActive, type RunRecord } from '../../common/records.ts';
import { useTRPC } from './client.ts';

const refreshMs = 5000;

/**
 * The runs with the values that some fields take from the points (common/filter/point-fields.ts); asked for only where
 * there is such a field, and again while a run is at work.
 */
export function useMeasured(runs: RunRecord[], fields: readonly string[]): { runs: RunRecord[]; error: unknown } {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const asked = pointFieldsIn(fields);
  const wanted = asked.length > 0;
  const active = wanted && runs.some(({ state }) => isActive(state));
  const states = wanted ? runs.map(({ id, state }) => `${id} ${state}`).join() : '';
  const { data, error } = useQuery(
    trpc.runs.measured.queryOptions(
      { fields: asked },
      {
        enabled: wanted,
        staleTime: Number.POSITIVE_INFINITY,
        refetchInterval: active ? refreshMs : false,
        placeholderData: keepPreviousData,
      },
    ),
  );
  // A run that is new or has ended has other values.
  useEffect(() => {
    if (states !== '') queryClient.invalidateQueries({ queryKey: trpc.runs.measured.pathKey() });
  }, [states]);
  const measured = useMemo(
    () => (wanted && data ? runs.map((run) => ({ ...run, measured: data[run.id] ?? {} })) : runs),
    [wanted, data, runs],
  );
  return { runs: measured, error };
}
