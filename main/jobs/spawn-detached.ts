/** A worker as a process of this very Node, in a group of its own: it goes on when the application ends. */
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { SpawnedWorker, SpawnOptions } from './worker-process.ts';

export function spawnDetached(entry: string, args: string[], options: SpawnOptions): Promise<SpawnedWorker> {
  const output = openSync(options.outputFile, 'a');
  const child = spawn(process.execPath, [entry, ...args], {
    detached: true,
    stdio: ['ignore', output, output],
    env: options.environment,
    windowsHide: true,
  });
  closeSync(output);
  child.unref();
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('spawn', () => {
      child.off('error', reject);
      resolve({
        pid: child.pid!,
        onExit: (listener) => {
          if (child.exitCode !== null || child.signalCode !== null) {
            listener({ code: child.exitCode, signal: child.signalCode });
          } else child.once('exit', (code, signal) => listener({ code, signal }));
        },
        kill: (signal) => child.kill(signal),
      });
    });
  });
}
