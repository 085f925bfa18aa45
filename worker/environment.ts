/** `environment.json`: on what a segment of a run was computed. */
import { readFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { writeAtomically } from '../system/write-atomically.ts';
import type { OpenedBackend } from './backends.ts';

export interface Environment {
  backend: OpenedBackend['name'];
  device: OpenedBackend['device'];
  versions: Record<string, string>;
  note: string | null;
  application: string;
  node: string;
  platform: string;
  processor: string;
  cores: number;
  memoryMiB: number;
}

/** Also written to the run folder; `more` is what else a number depends on, such as the data's fingerprint. */
export function recordEnvironment(folder: string, backend: OpenedBackend, more: object): Environment {
  const environment: Environment = {
    backend: backend.name,
    device: backend.device,
    versions: backend.versions,
    note: backend.note ?? null,
    application: applicationVersion(),
    node: process.versions.node,
    platform: `${process.platform} ${release()} ${process.arch}`,
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryMiB: Math.round(totalmem() / 2 ** 20),
  };
  writeAtomically(join(folder, 'environment.json'), `${JSON.stringify({ ...environment, ...more }, null, 2)}\n`);
  return environment;
}

function applicationVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
  return manifest.version;
}
