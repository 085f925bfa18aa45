/** Which runs the table shows: pure, so that typing never waits for the studio. */
import type { RunRecord, RunState } from '../../common/records.ts';

/** States as people look for them: everything that waits or works, and how things ended. */
export const stateGroups = {
  all: { label: 'All', states: null },
  active: { label: 'Active', states: ['queued', 'preparing', 'running', 'pausing', 'stopping'] },
  resumable: { label: 'Can go on', states: ['paused', 'stopped', 'interrupted'] },
  finished: { label: 'Finished', states: ['finished'] },
  failed: { label: 'Failed', states: ['failed'] },
} as const satisfies Record<string, { label: string; states: readonly RunState[] | null }>;

export type StateGroup = keyof typeof stateGroups;

/** Runs of the group in which every word of the search occurs: in name, id, kind, recipe, state, device or a setting. */
export function filterRuns(runs: readonly RunRecord[], search: string, group: StateGroup): RunRecord[] {
  const states: readonly RunState[] | null = stateGroups[group].states;
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return runs.filter((run) => {
    if (states && !states.includes(run.state)) return false;
    if (words.length === 0) return true;
    const text = textOf(run);
    return words.every((word) => text.includes(word));
  });
}

function textOf(run: RunRecord): string {
  const settings = Object.entries(run.config).map(([key, value]) => `${key}=${String(value)}`);
  return [run.name, run.id, run.kind, run.recipe, run.state, run.device, ...settings].join('\n').toLowerCase();
}
