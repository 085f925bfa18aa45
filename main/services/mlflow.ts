/** Runs to a server of MLflow, as tasks. Who asks is told to the worker alone, and kept in memory at most. */
import { mlflowExperiment } from '../../common/interop.ts';
import { type MlflowAddress, mlflowAddress } from '../../common/mlflow.ts';
import type { LaunchedTask } from '../../common/records.ts';
import type { RunService } from './runs.ts';
import type { TaskService } from './tasks.ts';

export type MlflowUser = { name: string; password: string } | { token: string };

export interface MlflowTarget {
  /** http(s)://host[:port][/path]; a user in it counts where none is given beside it. */
  server: string;
  experiment?: string;
  /** Left out: the one that was kept for this server, or that of the studio's environment. */
  user?: MlflowUser;
  /** Until the studio ends; in memory alone. */
  keepUser?: boolean;
}

export interface MlflowService {
  /** What a page begins with, by the environment of the studio (MLFLOW_TRACKING_URI, MLFLOW_EXPERIMENT_NAME). */
  usual(): { server: string; experiment: string };
  /** Whom the studio would ask this server as; null: as nobody. */
  knownUser(server: string): { name: string; from: 'kept' | 'environment' } | null;
  forgetUser(server: string): void;
  /** Asks, and changes nothing there. */
  check(target: MlflowTarget): Promise<LaunchedTask>;
  push(ids: string[], target: MlflowTarget): Promise<LaunchedTask>;
}

interface MlflowPorts {
  tasks: TaskService;
  runs: RunService;
  environment: NodeJS.ProcessEnv;
}

export function createMlflowService({ tasks, runs, environment }: MlflowPorts): MlflowService {
  const kept = new Map<string, MlflowUser>();
  const usual = {
    server: addressOf(environment.MLFLOW_TRACKING_URI)?.server ?? '',
    experiment: environment.MLFLOW_EXPERIMENT_NAME || mlflowExperiment,
  };
  const surroundings = userIn(environment);

  /** That of the environment is for the server that stands beside it: another one must not learn it. */
  function userOf(server: string): { user: MlflowUser; from: 'kept' | 'environment' } | null {
    const own = kept.get(server);
    if (own) return { user: own, from: 'kept' };
    return surroundings && server === usual.server ? { user: surroundings, from: 'environment' } : null;
  }

  async function start(kind: 'mlflow-check' | 'mlflow-push', target: MlflowTarget, more: { runs?: string[] } = {}) {
    const { server, user: named } = mlflowAddress(target.server);
    const given = target.user ?? named;
    const user = given ?? userOf(server)?.user ?? null;
    const experiment = target.experiment?.trim() || mlflowExperiment;
    const task = await tasks.start(kind, { server, experiment, ...more }, environmentOf(user));
    if (given && target.keepUser) kept.set(server, given);
    return task;
  }

  return {
    usual: () => usual,
    knownUser(server) {
      const known = userOf(addressOf(server)?.server ?? '');
      return known && { name: 'token' in known.user ? 'a token' : known.user.name, from: known.from };
    },
    forgetUser: (server) => void kept.delete(mlflowAddress(server).server),
    check: (target) => start('mlflow-check', target),
    push: (ids, target) => start('mlflow-push', target, { runs: ids.map((id) => runs.get(id).folder) }),
  };
}

function addressOf(text: string | undefined): MlflowAddress | null {
  try {
    return text ? mlflowAddress(text) : null;
  } catch {
    return null; // MLFLOW_TRACKING_URI may be a folder or a database: no server
  }
}

function userIn(environment: NodeJS.ProcessEnv): MlflowUser | null {
  const inAddress = addressOf(environment.MLFLOW_TRACKING_URI)?.user;
  if (inAddress) return inAddress;
  const { MLFLOW_TRACKING_USERNAME: name, MLFLOW_TRACKING_PASSWORD: password, MLFLOW_TRACKING_TOKEN } = environment;
  if (name && password !== undefined) return { name, password };
  return MLFLOW_TRACKING_TOKEN ? { token: MLFLOW_TRACKING_TOKEN } : null;
}

/** All of them are set, so that none of the studio's own stands in for one that was not given. */
function environmentOf(user: MlflowUser | null): Record<string, string> {
  const { name, password } = user && 'name' in user ? user : { name: '', password: '' };
  return {
    MLFLOW_TRACKING_USERNAME: name,
    MLFLOW_TRACKING_PASSWORD: password,
    MLFLOW_TRACKING_TOKEN: user && 'token' in user ? user.token : '',
  };
}
