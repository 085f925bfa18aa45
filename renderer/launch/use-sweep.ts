import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { JobKind } from '../../common/jobs/index.ts';
import { mostUnconfirmed, type SweepPlan, type SweepRequest, type Variation } from '../../common/sweep.ts';
import { useTRPC } from '../api/client.ts';
import type { Config } from './form-values.ts';

const quietMs = 400;

export type Measured = NonNullable<SweepRequest['measured']>;

export interface Sweep {
  variations: Variation[];
  /** Gives a setting several values, as they are typed; undefined lets it have one again. */
  vary: (field: string, values: string | undefined) => void;
  seeds: number;
  setSeeds: (seeds: number) => void;
  /** The form stands for several runs. */
  active: boolean;
  request: SweepRequest;
  /** Of an earlier state of the form while `planning`. */
  plan: SweepPlan | undefined;
  planning: boolean;
  /** Why there is no plan. */
  error: unknown;
  confirmed: boolean;
  setConfirmed: (confirmed: boolean) => void;
  /** There are more runs than are queued without being confirmed. */
  many: boolean;
  /** The plan is that of the form as it is, and nothing stands in its way. */
  ready: boolean;
}

type Base = Pick<SweepRequest, 'name' | 'recipe' | 'parent' | 'measured'>;

/** What is varied, as it is kept with a form. */
export type Varied = Pick<SweepRequest, 'variations' | 'seeds'>;

/** What is varied, and the studio's plan for it a moment after the last change. */
export function useSweep(kind: JobKind, config: Config, base: Base, initial: Varied = single): Sweep {
  const trpc = useTRPC();
  const [variations, setVariations] = useState<Variation[]>(initial.variations);
  const [seeds, setSeeds] = useState(initial.seeds);
  const [confirmed, setConfirmed] = useState(false);
  const active = variations.length > 0 || seeds > 1;
  const { name, recipe, parent, measured } = base;
  const request = useMemo(
    () => ({ kind, config, variations, seeds, name, recipe, parent, measured }),
    [kind, config, variations, seeds, name, recipe, parent, measured],
  );
  const [settled] = useDebouncedValue(request, quietMs);
  const complete = settled.variations.every(({ field, values }) => field !== '' && values.trim() !== '');
  const query = useQuery(
    trpc.sweeps.plan.queryOptions(settled, {
      enabled: active && complete,
      placeholderData: keepPreviousData,
      staleTime: 5000,
      retry: false,
    }),
  );
  const plan = active && !query.error ? query.data : undefined;
  const planning = active && (query.isFetching || settled !== request);
  const many = (plan?.runs.length ?? 0) > mostUnconfirmed;
  const possible = plan?.runs.every(({ issues }) => issues.every(({ level }) => level !== 'error')) ?? false;
  return {
    variations,
    vary: (field, values) => setVariations((before) => withVaried(before, field, values)),
    seeds,
    setSeeds,
    active,
    request,
    plan,
    planning,
    error: active && complete ? query.error : null,
    confirmed,
    setConfirmed,
    many,
    ready: active && complete && !planning && possible && (!many || confirmed),
  };
}

const single: Varied = { variations: [], seeds: 1 };

/** Settings stay in the order in which they were first varied. */
function withVaried(before: Variation[], field: string, values: string | undefined): Variation[] {
  if (values === undefined) return before.filter((one) => one.field !== field);
  const known = before.some((one) => one.field === field);
  return known ? before.map((one) => (one.field === field ? { field, values } : one)) : [...before, { field, values }];
}
