/**
 * Workers as utility processes. Unlike the detached processes of the other doors they end with the application, which
 * is why it asks before it quits (quitting.ts) and what is lost otherwise is only the time since the last checkpoint.
 *
 * On Linux they may begin as copies of a process that Electron started earlier: libraries that are found through
 * LD_LIBRARY_PATH (CUDA) need it in the environment of the application itself, not only in theirs.
 */
import { createWriteStream } from 'node:fs';
import { utilityProcess } from 'electron';
import type { SpawnedWorker, SpawnOptions } from '../jobs/worker-process.ts';

export function spawnUtility(entry: string, args: string[], options: SpawnOptions): Promise<SpawnedWorker> {
  const child = utilityProcess.fork(entry, args, {
    env: options.environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    serviceName: 'Contrast Studio worker',
  });
  const output = createWriteStream(options.outputFile, { flags: 'a' });
  child.stdout?.pipe(output, { end: false });
  child.stderr?.pipe(output, { end: false });
  child.once('exit', () => output.end());

  return new Promise((resolve, reject) => {
    const failed = (code: number) => reject(new Error(`The worker ended with code ${code} before it began.`));
    child.once('exit', failed);
    child.once('spawn', () => {
      child.off('exit', failed);
      const { pid } = child; // gone once it has ended
      if (pid === undefined) return failed(-1);
      resolve({
        pid,
        // Electron gives one number: the exit code, or on POSIX the signal where one ended it.
        onExit: (listener) => child.once('exit', (code) => listener({ code, signal: null })),
        kill: (signal) => {
          if (child.pid !== undefined) process.kill(pid, signal);
        },
      });
    });
  });
}
