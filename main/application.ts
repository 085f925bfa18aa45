/** The studio without a door: everything behind the router, composed in one place. */
import type { SpawnWorker } from './jobs/worker-process.ts';
import type { Services } from './services/index.ts';

export interface ApplicationOptions {
  /** Created when it does not exist. */
  workspace: string;
  /** The file that a worker process runs: `worker/main.ts`, or what it was built to. */
  workerEntry: string;
  /** Left out: a detached process of this very Node. */
  spawn?: SpawnWorker;
  /** Folder with `recipes/`, ...; left out: that of the checkout. */
  resources?: string;
  /** False for a command that only looks or orders: nothing that is queued is started. Left out: true. */
  startsRuns?: boolean;
}

export interface Application {
  services: Services;
  workspace: string;
  /** Writes the address into the workspace's lock, so that a second start can name it (and `contrast` can ask for it). */
  announce(address: { url: string; token: string }): void;
  /** Workers go on unless told to save and end. */
  close(options?: { stopWorkers?: boolean }): Promise<void>;
}

/** Throws AppError('conflict') naming pid and address when another studio has the workspace. */
export declare function openApplication(options: ApplicationOptions): Promise<Application>;
