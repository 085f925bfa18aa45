/** The machine that the studio runs on. */
import { readFileSync } from 'node:fs';
import { arch, cpus, freemem, hostname, release, totalmem } from 'node:os';
import type { DoctorCheck, FolderListing, SystemInfo } from '../../common/system.ts';
import type { Store } from '../store/index.ts';
import { type BrowseOptions, browseFolder } from './browse.ts';
import { diskSpace } from './disk.ts';
import { examine } from './doctor.ts';
import { backendInfo } from './machine.ts';

export interface SystemService {
  info(): Promise<SystemInfo>;
  doctor(): Promise<DoctorCheck[]>;
  /** Folders to choose from, for a page that has no native dialog. Reads only. */
  browse(path?: string, options?: BrowseOptions): Promise<FolderListing>;
}

const packages = ['@tensorflow/tfjs', 'better-sqlite3', 'sharp', 'react'];

export interface SystemOptions {
  workspace: string;
  store: Store;
  /** `worker/probe.ts`, or what it was built to. */
  probeEntry: string;
}

export function createSystemService({ workspace, store, probeEntry }: SystemOptions): SystemService {
  return {
    async info() {
      const manifest = readManifest();
      const disk = await diskSpace(workspace);
      return {
        version: manifest.version,
        workspace,
        platform: `${process.platform} ${release()}`,
        architecture: arch(),
        hostname: hostname(),
        versions: {
          node: process.versions.node,
          electron: process.versions.electron ?? null,
          packages: Object.fromEntries(packages.map((name) => [name, manifest.dependencies[name] ?? 'unknown'])),
        },
        cpu: { model: cpus()[0]?.model ?? 'unknown', cores: cpus().length },
        memory: { totalBytes: totalmem(), freeBytes: freemem() },
        disk: disk ?? { totalBytes: 0, freeBytes: 0 },
        backend: backendInfo(),
      };
    },

    async doctor() {
      const found = await examine({ workspace, probeEntry });
      const known = storeChecks(store);
      // What this application met when it opened the database says more than a look at the file that it made anew.
      return [...found.filter(({ name }) => !known.some((check) => check.name === name)), ...known];
    },

    browse: (path, options) => browseFolder(path, workspace, options),
  };
}

function storeChecks(store: Store): DoctorCheck[] {
  const checks: DoctorCheck[] = [];
  const broken = store.runs.list({ search: 'broken-', limit: 1, offset: 0, states: ['failed'] });
  if (store.damagedFile) {
    const message = `The database was damaged and made anew from the run folders; the old file is ${store.damagedFile}.`;
    checks.push({ name: 'Database', level: 'warning', message, cure: 'Check the disk. The old file can be removed.' });
  }
  const first = broken.rows.find((run) => run.id.startsWith('broken-'));
  if (first) {
    const message = first.error?.message ?? first.folder;
    checks.push({ name: 'Run folders', level: 'warning', message, cure: first.error?.cure });
  }
  return checks;
}

interface Manifest {
  version: string;
  dependencies: Record<string, string>;
}

function readManifest(): Manifest {
  return JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as Manifest;
}
