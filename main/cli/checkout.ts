/** Where the parts of the program are. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

export const places = {
  root,
  /** What a worker process runs. */
  worker: join(root, 'worker', 'main.ts'),
  probe: join(root, 'worker', 'probe.ts'),
  pages: join(root, 'out', 'renderer'),
  resources: join(root, 'resources'),
};

export function version(): string {
  return (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version;
}
