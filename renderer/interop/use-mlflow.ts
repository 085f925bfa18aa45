import { useLocalStorage } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import type { MlflowCheck, MlflowPush } from '../../common/interop.ts';
import { mlflowAddress } from '../../common/mlflow.ts';
import type { LaunchedTask } from '../../common/records.ts';
import { useTRPC, useTRPCClient } from '../api/client.ts';
import { runTask, type TaskProgress } from '../api/run-task.ts';

export interface SignIn {
  by: 'nobody' | 'password' | 'token';
  name: string;
  password: string;
  token: string;
  keep: boolean;
}

const nobody: SignIn = { by: 'nobody', name: '', password: '', token: '', keep: false };

/**
 * A server of MLflow: asked, and pushed to. The browser keeps its address and the experiment once it has answered, and
 * nothing of who signs in.
 */
export function useMlflow(ids: string[]) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queryClient = useQueryClient();
  const [known, setKnown] = useLocalStorage<{ server: string; experiment: string } | null>({
    key: 'mlflow',
    defaultValue: null,
    getInitialValueInEffect: false,
  });
  const usual = useQuery(trpc.mlflow.usual.queryOptions());
  const [typed, setTyped] = useState<{ server?: string; experiment?: string }>({});
  const [signIn, setSignIn] = useState(nobody);
  const [progress, setProgress] = useState<TaskProgress | null>(null);
  const working = useRef<AbortController>(null);
  const server = typed.server ?? known?.server ?? usual.data?.server ?? '';
  const experiment = typed.experiment ?? known?.experiment ?? usual.data?.experiment ?? '';
  // Asked without the user that the address may name: a question stands in the address of a request.
  const plain = plainAddress(server);
  const user = useQuery({ ...trpc.mlflow.knownUser.queryOptions({ server: plain }), enabled: plain !== '' });

  const target = () => {
    const { by, name, password, token, keep } = signIn;
    const given = by === 'password' ? { name, password } : by === 'token' ? { token } : undefined;
    return { server, experiment, keepUser: keep, ...(given && { user: given }) };
  };

  async function work<Result extends { server: string }>(start: () => Promise<LaunchedTask>): Promise<Result> {
    const abort = new AbortController();
    working.current = abort;
    setProgress(null);
    const result = await runTask<Result>(client, start, { signal: abort.signal, onProgress: setProgress });
    setKnown({ server: result.server, experiment });
    await queryClient.invalidateQueries({ queryKey: trpc.mlflow.knownUser.queryKey() });
    return result;
  }

  const check = useMutation({ mutationFn: () => work<MlflowCheck>(() => client.mlflow.check.mutate(target())) });
  const push = useMutation({
    mutationFn: () => work<MlflowPush>(() => client.mlflow.push.mutate({ ids, target: target() })),
    onMutate: check.reset,
  });
  const forget = useMutation({
    mutationFn: () => client.mlflow.forgetUser.mutate({ server: plain }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: trpc.mlflow.knownUser.queryKey() }),
  });

  /** What was said of it before no longer holds. */
  function changed() {
    check.reset();
    push.reset();
  }

  const cancelled = working.current?.signal.aborted ?? false;
  return {
    ...{ server, experiment, signIn, progress, check, push },
    knownUser: user.data ?? null,
    forget: () => forget.mutate(),
    ready: server.trim() !== '' && isWhole(signIn),
    change(next: typeof typed) {
      changed();
      setTyped((before) => ({ ...before, ...next }));
    },
    changeSignIn(next: Partial<SignIn>) {
      changed();
      setSignIn((before) => ({ ...before, ...next }));
    },
    /** Null where it was cancelled. */
    error: cancelled ? null : (push.error ?? check.error),
    cancelled: cancelled && (push.isError || check.isError),
    cancel: () => working.current?.abort(new DOMException('Cancelled', 'AbortError')),
  };
}

function isWhole({ by, name, token }: SignIn): boolean {
  return by === 'nobody' || (by === 'password' ? name.trim() !== '' : token.trim() !== '');
}

/** Empty where it is none yet. */
function plainAddress(text: string): string {
  try {
    return mlflowAddress(text).server;
  } catch {
    return '';
  }
}
