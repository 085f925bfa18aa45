import { useQueries, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { asAppError } from '../../common/errors.ts';
import type { RunRecord } from '../../common/records.ts';
import { type ComparedRow, type Known, resolveRow, valuesAtCheckpoint } from '../../common/results/compared-rows.ts';
import type { Published } from '../../common/results/published.ts';
import { useTRPC } from '../api/client.ts';
import { useRuns } from '../api/RunsProvider.tsx';
import { useCheckpoints } from '../checkpoints/use-checkpoints.ts';

interface ComparedRows {
  rows: ComparedRow[];
  /** What else could be a row. */
  known: Known;
  /** Why a reference is no row. */
  problems: string[];
  runs: RunRecord[];
  published: Published | undefined;
  loading: boolean;
  error: unknown;
}

const unchanging = { staleTime: Number.POSITIVE_INFINITY };

/** What references stand for now: it changes as runs and evaluations go on. */
export function useComparedRows(references: string[]): ComparedRows {
  const trpc = useTRPC();
  const { runs, loading } = useRuns();
  const checkpoints = useCheckpoints();
  const published = useQuery(trpc.exports.published.queryOptions(undefined, unchanging));
  const key = references.join();
  const known = useMemo(
    (): Known => ({
      runs,
      checkpoints: checkpoints.data ?? [],
      published: published.data,
      atCheckpoint: new Map(),
    }),
    [runs, checkpoints.data, published.data],
  );
  const first = useMemo(() => resolveAll(key, known), [key, known]);
  const wanted = first.rows.flatMap(({ kind, run, checkpoint }) =>
    kind === 'checkpoint' && run && checkpoint?.step != null
      ? [{ id: run.id, step: checkpoint.step, sha256: checkpoint.sha256 }]
      : [],
  );
  const points = useQueries({
    queries: wanted.map(({ id, step }) =>
      trpc.runs.points.queryOptions({ id, fromStep: step, toStep: step }, unchanging),
    ),
  });
  const measured = points.map(({ dataUpdatedAt }) => dataUpdatedAt).join();
  const resolved = useMemo(() => {
    const values = wanted.flatMap(({ sha256 }, index) => {
      const series = points[index]?.data?.series;
      return series ? [[sha256, valuesAtCheckpoint(series)] as const] : [];
    });
    return values.length === 0 ? first : resolveAll(key, { ...known, atCheckpoint: new Map(values) });
  }, [first, measured]);

  return {
    ...resolved,
    known,
    runs,
    published: published.data,
    loading: loading || checkpoints.isPending || published.isPending,
    error: checkpoints.error ?? published.error ?? points.find(({ error }) => error)?.error,
  };
}

function resolveAll(references: string, known: Known): Pick<ComparedRows, 'rows' | 'problems'> {
  const rows = new Map<string, ComparedRow>();
  const problems: string[] = [];
  for (const reference of references.split(',').filter(Boolean)) {
    try {
      const row = resolveRow(reference, known);
      if (row) rows.set(row.reference, row);
      else problems.push(`${reference} is not here, or in the trash.`);
    } catch (thrown) {
      const { message, cure } = asAppError(thrown);
      problems.push([message, cure].filter(Boolean).join(' '));
    }
  }
  return { rows: [...rows.values()], problems };
}
