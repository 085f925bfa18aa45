import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { JobKind } from '../../common/jobs/index.ts';
import type { LaunchCheck } from '../../common/launch.ts';
import { useTRPC } from '../api/client.ts';
import type { Config } from './form-values.ts';

const quietMs = 250;

/** What the studio says of the settings, a moment after the last change; the previous answer stays until then. */
export function useCheck(
  kind: JobKind,
  config: Config,
): { check: LaunchCheck | undefined; checking: boolean; error: unknown } {
  const trpc = useTRPC();
  const [settled] = useDebouncedValue(config, quietMs);
  const { data, isFetching, error } = useQuery(
    trpc.launch.check.queryOptions({ kind, config: settled }, { placeholderData: keepPreviousData, staleTime: 5000 }),
  );
  return { check: data, checking: isFetching || settled !== config, error };
}
