/** Looks at everything that the studio needs of this machine, and says what to do about what is missing. */
import { accessSync, constants, existsSync, mkdirSync, statfsSync, statSync } from 'node:fs';
import { freemem, totalmem } from 'node:os';
import { join } from 'node:path';
import type { DoctorCheck } from '../../common/system.ts';
import { readSetup } from '../../system/setup-record.ts';
import { holderOf } from '../jobs/workspace-lock.ts';
import { examineDatabase } from '../store/database.ts';
import { probeBackends } from './doctor-backends.ts';
import { electronCheck } from './doctor-electron.ts';

export interface DoctorOptions {
  workspace: string;
  /** `worker/probe.ts`, or what it was built to. */
  probeEntry: string;
  /** Left out where whoever asks has the pages before them. */
  pagesFolder?: string;
}

/** Each check by itself: what one of them throws is its own result. */
export async function examine(options: DoctorOptions): Promise<DoctorCheck[]> {
  const checks: [name: string, look: () => Found | DoctorCheck[] | Promise<DoctorCheck[]>][] = [
    ['Node', nodeCheck],
    ['Set-up', setupCheck],
    ['Backend', () => probeBackends(options.probeEntry)],
    ['Desktop window', electronCheck],
    ['Pages', () => pagesCheck(options.pagesFolder)],
    ['Workspace', () => workspaceCheck(options.workspace)],
    ['Database', () => databaseCheck(options.workspace)],
    ['Disk', () => diskCheck(options.workspace)],
    ['Memory', memoryCheck],
  ];
  const results = await Promise.all(
    checks.map(async ([name, look]): Promise<DoctorCheck[]> => {
      try {
        const found = await look();
        return Array.isArray(found) ? found : [{ name, ...found }];
      } catch (error) {
        return [{ name, level: 'error', message: (error as Error).message }];
      }
    }),
  );
  return results.flat();
}

type Found = Omit<DoctorCheck, 'name'>;

function nodeCheck(): Found {
  const { node, electron } = process.versions;
  const [major = 0, minor = 0] = node.split('.').map(Number);
  const message = electron ? `${node} in Electron ${electron}` : `${node} (${process.execPath})`;
  if (major > 22 || (major === 22 && minor >= 18)) return { level: 'ok', message };
  return {
    level: 'error',
    message,
    cure: 'Node 22.18 or newer is needed; "npm start" installs one with the packages.',
  };
}

function setupCheck(): Found {
  const setup = readSetup();
  if (!setup) return { level: 'warning', message: 'It has not run here.', cure: 'Run "npm run setup".' };
  const what =
    setup.variant === 'none' ? 'WebAssembly only' : `TensorFlow ${setup.tensorflow} for the ${setup.variant}`;
  const message = `${what}, set up ${setup.madeAt.slice(0, 10)}`;
  if (!setup.reason) return { level: 'ok', message };
  return { level: 'warning', message: `${message}. ${setup.reason}`, cure: setup.cure ?? undefined };
}

function pagesCheck(folder: string | undefined): Found | [] {
  if (folder === undefined) return [];
  if (existsSync(join(folder, 'index.html'))) return { level: 'ok', message: `built, in ${folder}` };
  return { level: 'warning', message: 'The pages are not built.', cure: 'Run "npm run build:pages".' };
}

function workspaceCheck(workspace: string): Found {
  mkdirSync(workspace, { recursive: true });
  accessSync(workspace, constants.W_OK | constants.R_OK);
  const holder = holderOf(workspace);
  const open = holder ? `, open in process ${holder.pid}${holder.url ? ` at ${holder.url}` : ''}` : '';
  return { level: 'ok', message: `${workspace}${open}` };
}

function databaseCheck(workspace: string): Found {
  const file = join(workspace, 'studio.db');
  if (!existsSync(file)) return { level: 'ok', message: 'none yet; it is made at the first start' };
  const damage = examineDatabase(file);
  if (damage === null) return { level: 'ok', message: `sound, ${(statSync(file).size / 1e6).toFixed(1)} MB` };
  const cure = 'The next start sets it aside and makes it anew from the run folders; nothing is lost.';
  return { level: 'error', message: `${file} is damaged: ${damage}`, cure };
}

/** A run of the demo takes well under the first, checkpoints of larger ones soon fill the second. */
const [leastBytes, comfortableBytes] = [500e6, 5e9];

function diskCheck(workspace: string): Found {
  const { bavail, bsize } = statfsSync(workspace);
  const free = bavail * bsize;
  const message = `${(free / 1e9).toFixed(1)} GB free for the workspace`;
  if (free >= comfortableBytes) return { level: 'ok', message };
  const cure = 'Delete old checkpoints, or put the workspace on another disk with --workspace.';
  return { level: free < leastBytes ? 'error' : 'warning', message, cure };
}

function memoryCheck(): Found {
  const message = `${(freemem() / 1e9).toFixed(1)} of ${(totalmem() / 1e9).toFixed(1)} GB free`;
  if (freemem() >= 1.5e9) return { level: 'ok', message };
  return {
    level: 'warning',
    message,
    cure: 'Training at 224 px needs some GB: close other programs or take a smaller batch.',
  };
}
