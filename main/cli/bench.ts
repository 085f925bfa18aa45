/** `contrast bench`: the measurements of a checkout. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { AppError } from '../../common/errors.ts';
import { places } from './checkout.ts';

export function addBench(program: Command): void {
  program
    .command('bench')
    .description('Measure the speed of this machine (npm run bench)')
    .argument('[arguments...]', 'what to measure and how; nothing lists what there is')
    .passThroughOptions()
    .allowUnknownOption()
    .action(bench);
}

async function bench(args: string[]): Promise<void> {
  if (!existsSync(join(places.root, 'test', 'bench'))) {
    throw new AppError('not-found', 'The benchmarks are part of a checkout, not of the installed application.');
  }
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const child = spawn(npm, ['run', '--silent', 'bench', '--', ...args], { cwd: places.root, stdio: 'inherit' });
  process.exitCode = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}
