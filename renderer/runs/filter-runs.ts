/** Which runs the table shows: pure, so that typing never waits for the studio. */
import { type AppError, asAppError } from '../../common/errors.ts';
import { parseFilter } from '../../common/filter/filter.ts';
import { filterableRun, runFields } from '../../common/filter/run-fields.ts';
import type { RunRecord, RunState } from '../../common/records.ts';
import { type StateGroup, stateGroups } from '../../common/runs-view.ts';

interface Found {
  runs: RunRecord[];
  /** Why the filter could not be read; then it filters nothing. */
  problem: AppError | null;
}

/**
 * Runs of the group that the filter (common/filter) matches. Those that are archived are left out unless the group or
 * the filter asks for them.
 *
 * @param known what `runFields` finds of all runs
 */
export function filterRuns(
  runs: readonly RunRecord[],
  filter: string,
  group: StateGroup,
  known: ReadonlySet<string> = runFields(runs),
): Found {
  const states: readonly RunState[] | null = stateGroups[group].states;
  const inGroup = runs.filter((run) => !states || states.includes(run.state));
  const listed = inGroup.filter(({ archived }) => archived === (group === 'archived'));
  try {
    const { matches, fields } = parseFilter(filter, known);
    const asked = group !== 'archived' && fields.includes('archived') ? inGroup : listed;
    return { runs: asked.filter((run) => matches(filterableRun(run))), problem: null };
  } catch (thrown) {
    return { runs: listed, problem: asAppError(thrown) };
  }
}
