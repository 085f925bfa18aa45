/** Data sets in the workspace and the ones that runs have used. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { DatasetEntry } from '../../common/system.ts';
import type { Store } from '../store/index.ts';
import type { DataSummarizer } from './data-summary.ts';

export interface DatasetService {
  list(): Promise<DatasetEntry[]>;
  /** Where the demo data is put when no folder is named. */
  demoFolder(): string;
}

const mostUsed = 20;

export function createDatasetService(datasetsFolder: string, store: Store, summarize: DataSummarizer): DatasetService {
  return {
    async list() {
      const used = new Map<string, string>();
      for (const { value, lastUsedAt } of [...store.runs.usedValues('data'), ...store.runs.usedValues('probe')]) {
        if (!used.has(value) || used.get(value)! < lastUsedAt) used.set(value, lastUsedAt);
      }
      const recent = [...used.keys()].sort((a, b) => used.get(b)!.localeCompare(used.get(a)!)).slice(0, mostUsed);
      const own = (await readdir(datasetsFolder, { withFileTypes: true }))
        .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
        .map((entry) => join(datasetsFolder, entry.name));
      const paths = [...new Set([...recent, ...own])];
      return Promise.all(paths.map((path) => describe(path, used.get(path) ?? null, summarize)));
    },
    demoFolder() {
      for (let i = 1; ; i++) {
        const folder = join(datasetsFolder, i === 1 ? 'demo' : `demo-${i}`);
        if (!existsSync(folder)) return folder;
      }
    },
  };
}

async function describe(path: string, lastUsedAt: string | null, summarize: DataSummarizer): Promise<DatasetEntry> {
  const { images, atLeast, classes, probe, problem } = await summarize(path);
  const gone = problem !== null && problem !== 'empty';
  return { path, name: basename(path), images: gone ? null : images, atLeast, classes, probe, lastUsedAt };
}
