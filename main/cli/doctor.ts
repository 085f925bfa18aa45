/** `contrast doctor`: what works on this machine, what does not, and what to do about it. */
import type { Command } from 'commander';
import { examine } from '../services/doctor.ts';
import { workspaceFolder } from '../workspace-folder.ts';
import { places, version } from './checkout.ts';
import { printJson } from './endings.ts';

interface DoctorOptions {
  workspace?: string;
  json?: boolean;
}

const marks = { ok: 'ok   ', warning: 'note ', error: 'ERROR' } as const;

export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('Try out what this machine can do, and say what to do about the rest')
    .option('--workspace <folder>', 'where runs and data are kept')
    .option('--json', 'print the result as one JSON object')
    .action(doctor);
}

async function doctor({ workspace, json }: DoctorOptions): Promise<void> {
  const checks = await examine({
    workspace: workspaceFolder(workspace),
    probeEntry: places.probe,
    pagesFolder: places.pages,
  });
  const healthy = checks.every(({ level }) => level !== 'error');
  process.exitCode = healthy ? 0 : 4;
  if (json) {
    printJson({ version: version(), healthy, checks });
    return;
  }
  const width = Math.max(...checks.map(({ name }) => name.length));
  for (const { name, level, message, cure } of checks) {
    console.log(`${marks[level]}  ${name.padEnd(width)}  ${message}`);
    if (cure) console.log(`${' '.repeat(width + 9)}-> ${cure}`);
  }
}
