/** Which runs the table shows: pure, so that typing never waits for the studio. */
import { type AppError, asAppError } from '../../common/errors.ts';
import { parseFilter } from '../../common/filter/filter.ts';
import { filterableRun, runFields } from '../../common/filter/run-fields.ts';
import type { RunRecord, RunState } from '../../common/records.ts';

/** States as people look for them: everything that waits or works, and how things ended. */
export const stateGroups = {
  all: { label: 'All', states: null },
  active: { label: 'Active', states: ['queued', 'preparing', 'running', 'pausing', 'stopping'] },
  resumable: { label: 'Can go on', states: ['paused', 'stopped', 'interrupted'] },
  finished: { label: 'Finished', states: ['finished'] },
  failed: { label: 'Failed', states: ['failed'] },
  archived: { label: 'Archived', states: null },
} as const satisfies Record<string, { label: string; states: readonly RunState[] | null }>;

export type StateGroup = keyof typeof stateGroups;

interface Found {
  runs: RunRecord[];
  /** Why the filter could not be read; then it filters nothing. */
  problem: AppError | null;
}

/**
 * Runs of the group that the filter (common/filter) matches. Those that are archived are left out unless the group or
 * the filter asks for them.
 */
export function filterRuns(runs: readonly RunRecord[], filter: string, group: StateGroup): Found {
  const states: readonly RunState[] | null = stateGroups[group].states;
  const inGroup = runs.filter((run) => !states || states.includes(run.state));
  const listed = inGroup.filter(({ archived }) => archived === (group === 'archived'));
  try {
    const { matches, fields } = parseFilter(filter, runFields(runs));
    const asked = group !== 'archived' && fields.includes('archived') ? inGroup : listed;
    return { runs: asked.filter((run) => matches(filterableRun(run))), problem: null };
  } catch (thrown) {
    return { runs: listed, problem: asAppError(thrown) };
  }
}
