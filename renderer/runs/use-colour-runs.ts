import type { RunRecord } from '../../common/records.ts';
import { showUndo } from '../ui/show-undo.tsx';
import { useMarkRuns } from './use-mark-runs.ts';

/** Gives runs a colour, or back the one that they have by themselves (null), and offers to undo that. */
export function useColourRuns() {
  const { mutateAsync } = useMarkRuns();
  return async (runs: readonly Pick<RunRecord, 'id' | 'name' | 'colour'>[], colour: string | null) => {
    const changed = runs.filter((run) => run.colour !== colour);
    if (changed.length === 0) return;
    try {
      await mutateAsync({ ids: changed.map(({ id }) => id), colour });
    } catch {
      return; // said by useMarkRuns
    }
    showUndo({
      title: colour ? 'Colour given' : 'Back to its own colour',
      name: changed.length === 1 ? changed[0]!.name : `${changed.length} runs`,
      undo: async () => {
        for (const [before, those] of Map.groupBy(changed, (run) => run.colour)) {
          await mutateAsync({ ids: those.map(({ id }) => id), colour: before }).catch(() => undefined);
        }
      },
    });
  };
}
