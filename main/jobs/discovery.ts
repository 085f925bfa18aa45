/** A run folder that the database does not know yet, as a row; one that cannot be read is a row that says so. */
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { type JobKind, jobKinds } from '../../common/jobs/index.ts';
import { labelColumns } from '../store/rows.ts';
import type { NewRun } from '../store/runs.ts';
import { readConfig, readLabel, readState } from './run-folder.ts';

export function rowOfFolder(folder: string): NewRun {
  try {
    const file = readConfig(folder);
    const kind = jobKinds.find((one) => one === file.kind);
    if (!kind) return brokenRow(folder, `Its kind of job, "${file.kind}", is not known to this version.`);
    const label = readLabel(folder);
    const state = readState(folder);
    return {
      id: file.id,
      folder: basename(folder),
      kind,
      name: file.name,
      state: state?.state ?? 'interrupted',
      recipe: file.recipe,
      parent: file.parent,
      sweep: file.sweep ?? null,
      config: JSON.stringify(file.config),
      createdAt: file.createdAt,
      ...(label && labelColumns(label)),
    };
  } catch (thrown) {
    return brokenRow(folder, `config.json: ${thrown instanceof Error ? thrown.message : thrown}`);
  }
}

export function brokenRow(folder: string, why: string): NewRun {
  const name = basename(folder);
  const kind: JobKind = 'train';
  return {
    // The same each time, so that the row can be found again.
    id: `${brokenPrefix}${createHash('sha256').update(name).digest('hex').slice(0, 8)}`,
    folder: name,
    kind,
    name,
    state: 'failed',
    recipe: null,
    parent: null,
    config: '{}',
    createdAt: (statSync(folder, { throwIfNoEntry: false })?.mtime ?? new Date(0)).toISOString(),
    error: JSON.stringify({
      code: 'data-invalid',
      message: `The run folder ${name} cannot be read. ${why}`,
      cure: 'Repair the file or remove the folder; nothing else is affected.',
    }),
  };
}

const brokenPrefix = 'broken-';

export function isBroken(id: string): boolean {
  return id.startsWith(brokenPrefix);
}
