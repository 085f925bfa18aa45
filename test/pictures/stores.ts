/** Workspaces that pages are looked at with: of no run, of a few real ones, and of ten thousand. */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JobKind } from '../../common/jobs/index.ts';
import { openStore } from '../../main/store/index.ts';
import { generateStore } from '../support/generated-store.ts';
import { makeDemoStore } from './demo-store.ts';

export const storeNames = ['none', 'three', 'many'] as const;
export type StoreName = (typeof storeNames)[number];

/** What pages of a workspace are called by. */
export interface Contents {
  /** Ids, the oldest first. */
  runs: (kind: JobKind) => string[];
  checkpoints: string[];
}

const make: Record<StoreName, (workspace: string) => void> = {
  none: (workspace) => mkdirSync(workspace),
  three: makeDemoStore,
  many: (workspace) => void generateStore(workspace, { runs: 10_000 }),
};

/** Made once; one that was not made to its end is made anew. @returns the workspace */
export function storeIn(folder: string, name: StoreName): string {
  const workspace = join(folder, name);
  const mark = `${workspace}.made`;
  if (existsSync(mark)) return workspace;
  console.log(`The workspace "${name}" is made.`);
  mkdirSync(folder, { recursive: true });
  // In its place: runs know files by their whole paths.
  rmSync(workspace, { recursive: true, force: true });
  make[name](workspace);
  writeFileSync(mark, '');
  return workspace;
}

/** To be asked after a studio has opened the workspace once. */
export function contentsOf(workspace: string): Contents {
  const store = openStore(join(workspace, 'studio.db'));
  try {
    const { rows } = store.runs.list({ limit: 10_000, offset: 0, sort: 'createdAt' });
    const trained = rows.filter(({ kind }) => kind === 'train' || kind === 'distill').slice(0, 20);
    return {
      runs: (kind) => rows.filter((run) => run.kind === kind).map(({ id }) => id),
      checkpoints: trained.flatMap(({ id }) =>
        store.runs.checkpoints(id).flatMap(({ sha256, removed }) => (removed ? [] : sha256)),
      ),
    };
  } finally {
    store.close();
  }
}
