import type { RunRecord } from '../../common/records.ts';
import { showUndo } from '../ui/show-undo.tsx';
import { useMarkRuns } from './use-mark-runs.ts';

/** Puts runs into the archive or takes them out of it, and offers to undo that; true where it was done. */
export function useArchive() {
  const { mutateAsync } = useMarkRuns();
  return async (runs: readonly RunRecord[], archived: boolean): Promise<boolean> => {
    const changed = runs.filter((run) => run.archived !== archived);
    const ids = changed.map(({ id }) => id);
    try {
      await mutateAsync({ ids, archived });
    } catch {
      return false; // said by useMarkRuns
    }
    showUndo({
      title: archived ? 'Archived' : 'Back from the archive',
      name: changed.length === 1 ? changed[0]!.name : `${changed.length} runs`,
      undo: () => mutateAsync({ ids, archived: !archived }).catch(() => undefined),
    });
    return true;
  };
}
