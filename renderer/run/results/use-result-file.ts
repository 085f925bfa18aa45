import { useQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import { AppError } from '../../../common/errors.ts';
import type { RunRecord } from '../../../common/records.ts';
import { runFileUrl } from '../../api/client.ts';
import { type ProjectedPoint, readPoints } from './projection-points.ts';

/** A file that a finished run's result names, e.g. `results/confusion.json`. Nothing is read where it names none. */
export function useResultFile<Schema extends z.ZodType>(run: RunRecord | undefined, path: unknown, schema: Schema) {
  return useQuery(resultFileQuery(run, path, schema));
}

/** The same as a query, for those of several runs. */
export function resultFileQuery<Schema extends z.ZodType>(run: RunRecord | undefined, path: unknown, schema: Schema) {
  const named = run !== undefined && typeof path === 'string' ? path : undefined;
  return {
    queryKey: ['result-file', run?.id, named, run?.endedAt],
    enabled: named !== undefined,
    ...unchanging,
    queryFn: async (): Promise<z.infer<Schema>> => schema.parse(await (await fileOf(run, named)).json()),
  };
}

/** The points of a projection. */
export function projectionQuery(run: RunRecord | undefined) {
  return {
    queryKey: ['projection', run?.id, run?.endedAt],
    enabled: run !== undefined,
    ...unchanging,
    queryFn: async (): Promise<ProjectedPoint[]> =>
      readPoints(await (await fileOf(run, 'results/projection.csv')).text()),
  };
}

const unchanging = { staleTime: Number.POSITIVE_INFINITY, retry: false } as const;

async function fileOf(run: RunRecord | undefined, path: string | undefined): Promise<Response> {
  const answer = await fetch(runFileUrl(run?.id ?? '', path ?? ''));
  if (answer.ok) return answer;
  throw new AppError('not-found', `${path} is not in the folder of "${run?.name}" any more.`);
}
