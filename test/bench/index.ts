/**
 * `npm run bench -- NAME [options]`: measures one thing, in a process of its own so that nothing before it warms or
 * burdens it. Options go to the benchmark as they are (`--peer-python PATH`: the same work in a Python, side by side).
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

const folder = import.meta.dirname;
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.ts') && file !== basename(import.meta.filename))
  .map((file) => basename(file, '.ts'));
const [name, ...options] = process.argv.slice(2);

if (name && names.includes(name)) {
  const { status } = spawnSync(process.execPath, [join(folder, `${name}.ts`), ...options], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
} else {
  if (name) console.error(`There is no benchmark called "${name}".`);
  console.error(`npm run bench -- ${names.join(' | ')} [--peer-python PATH]`);
  process.exitCode = 2;
}
