/** The machine that the studio runs on. */
import { accessSync, constants, readFileSync } from 'node:fs';
import { arch, cpus, freemem, hostname, release, totalmem } from 'node:os';
import type { DoctorCheck, FolderListing, SystemInfo } from '../../common/system.ts';
import type { Store } from '../store/index.ts';
import { browseFolder } from './browse.ts';
import { diskSpace } from './disk.ts';
import { backendInfo } from './machine.ts';

export interface SystemService {
  info(): Promise<SystemInfo>;
  doctor(): Promise<DoctorCheck[]>;
  /** Folders to choose from, for a page that has no native dialog. Reads only. */
  browse(path?: string): Promise<FolderListing>;
}

const packages = ['@tensorflow/tfjs', 'better-sqlite3', 'sharp', 'react'];
/** Room for a few checkpoints of a ResNet-18. */
const littleDiskBytes = 2 * 2 ** 30;
const littleMemoryBytes = 4 * 2 ** 30;

export function createSystemService(workspace: string, store: Store): SystemService {
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
      return [
        backendCheck(),
        workspaceCheck(workspace),
        await diskCheck(workspace),
        memoryCheck(),
        ...storeChecks(store),
      ];
    },

    browse: (path) => browseFolder(path, workspace),
  };
}

function backendCheck(): DoctorCheck {
  const { name, devices, tensorflow, reason, cure } = backendInfo();
  const what = name === 'native' ? `TensorFlow ${tensorflow ?? ''} on the ${devices[0]}` : 'WebAssembly';
  const message = name === null ? (reason ?? '') : [`Training runs on ${what}.`, reason].filter(Boolean).join(' ');
  return { name: 'Backend', level: name === 'native' && !reason ? 'ok' : 'warning', message, cure: cure ?? undefined };
}

function workspaceCheck(workspace: string): DoctorCheck {
  try {
    accessSync(workspace, constants.W_OK);
    return { name: 'Workspace', level: 'ok', message: `${workspace} can be written.` };
  } catch (thrown) {
    const message = `${workspace} cannot be written: ${thrown instanceof Error ? thrown.message : thrown}`;
    return { name: 'Workspace', level: 'error', message, cure: 'Name another folder with --workspace.' };
  }
}

async function diskCheck(workspace: string): Promise<DoctorCheck> {
  const disk = await diskSpace(workspace);
  if (!disk) return { name: 'Disk', level: 'warning', message: 'The system does not tell how much room there is.' };
  const message = `${gibibytes(disk.freeBytes)} GiB of ${gibibytes(disk.totalBytes)} GiB are free.`;
  if (disk.freeBytes > littleDiskBytes) return { name: 'Disk', level: 'ok', message };
  const cure = 'Empty the trash of runs, or keep fewer checkpoints.';
  return { name: 'Disk', level: 'warning', message, cure };
}

function memoryCheck(): DoctorCheck {
  const message = `${gibibytes(totalmem())} GiB, ${gibibytes(freemem())} GiB of them free.`;
  if (totalmem() >= littleMemoryBytes) return { name: 'Memory', level: 'ok', message };
  return { name: 'Memory', level: 'warning', message, cure: 'Take small batches and images.' };
}

function storeChecks(store: Store): DoctorCheck[] {
  const checks: DoctorCheck[] = [];
  const broken = store.runs.list({ search: 'broken-', limit: 1, offset: 0, states: ['failed'] });
  if (store.damagedFile) {
    const message = `The database was damaged and made anew from the run folders; the old file is ${store.damagedFile}.`;
    checks.push({ name: 'Database', level: 'warning', message, cure: 'Check the disk. The old file can be removed.' });
  } else checks.push({ name: 'Database', level: 'ok', message: 'The database is sound.' });
  const first = broken.rows.find((run) => run.id.startsWith('broken-'));
  if (first) {
    const message = first.error?.message ?? first.folder;
    checks.push({ name: 'Run folders', level: 'warning', message, cure: first.error?.cure });
  }
  return checks;
}

function gibibytes(bytes: number): string {
  return (bytes / 2 ** 30).toFixed(1);
}

interface Manifest {
  version: string;
  dependencies: Record<string, string>;
}

function readManifest(): Manifest {
  return JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as Manifest;
}
