import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTRPC } from '../api/client.ts';
import { showError } from '../api/errors.ts';
import { useTask, type WatchedTask } from './use-task.ts';

/** Names that the studio gives to demo data in its workspace. */
const demoName = /^demo(-\d+)?$/;

export interface DemoData {
  /** Null where it was not made yet. */
  folder: string | null;
  loading: boolean;
  making: WatchedTask;
  make: () => void;
}

/** The demo data set: where it is, and how to have it made; `onMade` is told its folder. */
export function useDemoData(wanted: boolean, onMade: (folder: string) => void): DemoData {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const list = useQuery(trpc.datasets.list.queryOptions(undefined, { enabled: wanted }));
  const info = useQuery(trpc.system.info.queryOptions(undefined, { enabled: wanted }));
  const workspace = info.data?.workspace;
  const entry = list.data?.find(
    ({ name, path, probe }) => demoName.test(name) && probe && workspace && path.startsWith(workspace),
  );

  const making = useTask('task', (task) => {
    queryClient.invalidateQueries({ queryKey: trpc.datasets.list.queryKey() });
    const path = task.result?.path;
    if (task.ended === 'finished' && typeof path === 'string') onMade(path);
  });
  const demo = useMutation(
    trpc.datasets.demo.mutationOptions({
      onSuccess: ({ id }) => making.follow(id),
      onError: (error) => showError('The demo data could not be made', error),
    }),
  );
  return {
    folder: entry?.path ?? null,
    loading: list.isPending || info.isPending,
    making,
    make: () => demo.mutate({}),
  };
}
