import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { isActive, isResumable, type RunRecord, type RunState } from '../../common/records.ts';
import { useTRPC } from '../api/client.ts';
import { showError } from '../api/errors.ts';
import { showUndo } from './show-undo.tsx';
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
  const refresh = () => queryClient.invalidateQueries({ queryKey: trpc.runs.list.queryKey() });

  async function moveToTrash(run: RunRecord) {
    await trash.mutateAsync({ ids: [run.id] });
    await refresh();
    showUndo({
      title: 'Moved to the trash',
      name: run.name,
      undo: async () => {
        await restore.mutateAsync({ ids: [run.id] });
        await refresh();
      },
    });
  }

  return {
    stop: (run: RunRecord) => stop.mutate({ id: run.id }),
    pause: (run: RunRecord) => pause.mutate({ id: run.id }),
    resume: (run: RunRecord) => resume.mutate({ id: run.id }),
    duplicate: (run: RunRecord) => navigate(`/launch/again/${run.id}`),
    archive: (run: RunRecord) => archive([run], !run.archived),
    trash: (run: RunRecord) => moveToTrash(run).catch(() => undefined),
    pending: stop.isPending || pause.isPending || resume.isPending || trash.isPending,
  };
}
