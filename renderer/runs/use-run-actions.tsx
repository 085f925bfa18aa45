import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { isActive, isResumable, type RunRecord, type RunState } from '../../common/records.ts';
import { useTRPC } from '../api/client.ts';
import { showError } from '../api/errors.ts';
import { showUndo } from '../ui/show-undo.tsx';
import { useArchive } from './use-archive.ts';

/** What may be asked of a run in its state: the worker's, not what the page guesses. */
export function allowedActions(state: RunState) {
  return {
    stop: state === 'queued' || state === 'preparing' || state === 'running',
    pause: state === 'preparing' || state === 'running',
    resume: isResumable(state),
    trash: !isActive(state),
  };
}

/** What the page of the trash asks for. */
export const trashedRuns = { trashed: true, limit: 10_000, sort: 'trashedAt', descending: true };

/** Asks the studio to do something with a run; the answer arrives as a change of its state. */
export function useRunActions() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [, navigate] = useLocation();
  const failed = (title: string) => ({ onError: (error: unknown) => showError(title, error) });
  const stop = useMutation(trpc.runs.stop.mutationOptions(failed('The run could not be stopped')));
  const pause = useMutation(trpc.runs.pause.mutationOptions(failed('The run could not be paused')));
  const resume = useMutation(trpc.runs.resume.mutationOptions(failed('The run could not be resumed')));
  const restore = useMutation(trpc.runs.restore.mutationOptions(failed('The run could not be brought back')));
  const trash = useMutation(trpc.runs.trash.mutationOptions(failed('The run could not be moved to the trash')));
  const archive = useArchive();
  const trashChanged = () => queryClient.invalidateQueries({ queryKey: trpc.runs.list.queryKey(trashedRuns) });

  async function moveToTrash(runs: readonly RunRecord[]) {
    const ids = runs.map(({ id }) => id);
    await trash.mutateAsync({ ids });
    await trashChanged();
    showUndo({
      title: 'Moved to the trash',
      name: runs.length === 1 ? runs[0]!.name : `${runs.length} runs`,
      undo: () => restore.mutateAsync({ ids }).then(trashChanged, () => undefined),
    });
  }

  return {
    stop: (run: RunRecord) => stop.mutate({ id: run.id }),
    pause: (run: RunRecord) => pause.mutate({ id: run.id }),
    resume: (run: RunRecord) => resume.mutate({ id: run.id }),
    duplicate: (run: RunRecord) => navigate(`/launch/again/${run.id}`),
    archive: (run: RunRecord) => archive([run], !run.archived),
    /** True where it was done. */
    trash: (runs: readonly RunRecord[]) =>
      moveToTrash(runs).then(
        () => true,
        () => false,
      ),
    pending: stop.isPending || pause.isPending || resume.isPending || trash.isPending,
  };
}
