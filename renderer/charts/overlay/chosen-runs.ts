import { type AppError, asAppError } from '../../../common/errors.ts';
import { parseFilter } from '../../../common/filter/filter.ts';
import { filterableRun, runFields } from '../../../common/filter/run-fields.ts';
import type { RunRecord } from '../../../common/records.ts';

/** More would be a carpet, and the page says how many there are. */
export const mostCurves = 200;

/** Runs that the filter (common/filter) matches, newest first; archived ones where it asks for them. */
export function chosenRuns(
  runs: readonly RunRecord[],
  filter: string,
): { runs: RunRecord[]; problem: AppError | null } {
  const listed = runs.filter(({ archived }) => !archived);
  try {
    const { matches, fields } = parseFilter(filter, runFields(runs));
    const asked = fields.includes('archived') ? runs : listed;
    return { runs: asked.filter((run) => matches(filterableRun(run))), problem: null };
  } catch (thrown) {
    return { runs: listed, problem: asAppError(thrown) };
  }
}
