/** The studio as users start it for a browser: a process of its own, on any free port. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface ServedStudio {
  /** With the token. */
  url: string;
  process: ChildProcess;
  /** Ends it as Ctrl-C does. */
  stop(): Promise<void>;
}

const root = join(import.meta.dirname, '..', '..');
const patienceMs = 240_000;

export async function serveStudio(workspace: string): Promise<ServedStudio> {
  const entry = join(root, 'main', 'cli', 'index.ts');
  const child = spawn(process.execPath, [entry, 'serve', '--port', '0', '--no-open', '--workspace', workspace], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: string[] = [];
  child.stderr.on('data', (chunk) => said.push(String(chunk)));
  const url = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the studio was not ready in time: ${said.join('')}`)), patienceMs);
    child.once('exit', (code) => reject(new Error(`the studio ended with code ${code}: ${said.join('')}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      said.push(line);
      const [, found] = /ready: (\S+)/.exec(line) ?? [];
      if (!found) return;
      clearTimeout(timer);
      resolve(found);
    });
  });
  return {
    url,
    process: child,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGINT');
      await once(child, 'exit');
    },
  };
}
