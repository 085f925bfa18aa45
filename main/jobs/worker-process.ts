/** A worker as a process: how one is started is the door's business, what its end means is told here. */

export interface WorkerExit {
  code: number | null;
  signal: string | null;
}

export interface SpawnedWorker {
  pid: number;
  onExit(listener: (exit: WorkerExit) => void): void;
  kill(signal: 'SIGTERM' | 'SIGKILL'): void;
}

export interface SpawnOptions {
  /** The whole environment of the process. */
  environment: Record<string, string>;
  /** The process appends its stdout and stderr to this file. */
  outputFile: string;
}

/**
 * Starts `entry` with `args` as a process that outlives this one (in the desktop application: one that ends with it).
 * Electron tells the pid of a process only later, hence the promise.
 */
export type SpawnWorker = (
  entry: string,
  args: string[],
  options: SpawnOptions,
) => SpawnedWorker | Promise<SpawnedWorker>;
