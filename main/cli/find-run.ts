/** A run as people name it at the command line: by its id or the beginning of it. */
import { AppError } from '../../common/errors.ts';
import type { RunRecord } from '../../common/records.ts';
import type { Connection } from './connect.ts';

export async function findRun(api: Connection['api'], run: string): Promise<RunRecord> {
  const lists = await Promise.all(
    [false, true].map((trashed) => api.runs.list.query({ search: run, limit: 10_000, trashed })),
  );
  const rows = lists.flatMap((page) => page.rows);
  const exact = rows.find(({ id }) => id === run);
  if (exact) return exact;
  const starting = rows.filter(({ id }) => id.startsWith(run));
  if (starting.length === 1) return starting[0]!;
  if (starting.length > 1)
    throw new AppError(
      'not-found',
      `"${run}" fits ${starting.length} runs: ${starting.map(({ id }) => id).join(', ')}.`,
    );
  throw new AppError('not-found', `There is no run "${run}".`, { cure: '"contrast runs ls" lists them.' });
}
