import { useQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import { AppError } from '../../../common/errors.ts';
import type { RunRecord } from '../../../common/records.ts';
import { runFileUrl } from '../../api/client.ts';

/** A file that a finished run's result names, e.g. `results/confusion.json`. Nothing is read where it names none. */
export function useResultFile<Schema extends z.ZodType>(run: RunRecord | undefined, path: unknown, schema: Schema) {
  const named = run !== undefined && typeof path === 'string' ? path : undefined;
  return useQuery({
    queryKey: ['result-file', run?.id, named, run?.endedAt],
    enabled: named !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    queryFn: async (): Promise<z.infer<Schema>> => {
      const answer = await fetch(runFileUrl(run?.id ?? '', named ?? ''));
      if (!answer.ok) throw new AppError('not-found', `${named} is not in the folder of "${run?.name}" any more.`);
      return schema.parse(await answer.json());
    },
  });
}
