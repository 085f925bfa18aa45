/** Checkpoints of the workspace: what there is, where each comes from, and the tasks that read and write them. */
import { existsSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import {
  type CheckpointDetail,
  type CheckpointSummary,
  type CheckpointVerdicts,
  checkpointIdLength,
  type ExportFormat,
  type ImportedFile,
} from '../../common/checkpoints.ts';
import { AppError } from '../../common/errors.ts';
import type { LaunchedTask } from '../../common/records.ts';
import { incomingName, removeAbandoned } from '../../system/incoming.ts';
import { writeLabel } from '../jobs/run-folder.ts';
import { checkpointTable, type TablePorts } from './checkpoint-table.ts';
import { deleteImported, syncImported } from './imported-folders.ts';
import type { TaskService } from './tasks.ts';

/** Left out: recognised. */
interface Recognition {
  arch?: string;
  prefix?: string;
  encoder?: string;
}

type Verdict = Pick<CheckpointVerdicts['checked'][number], 'file' | 'foundSha256' | 'stamp'>;

export interface CheckpointService {
  /** `<workspace>/checkpoints`. */
  folder: string;
  list(query: { trashed?: boolean }): CheckpointSummary[];
  /** By id, its first digits, or the whole hash. */
  get(id: string): CheckpointDetail;
  /** The path that a job is given for an id; what is no id of a checkpoint here stays as it is. */
  locate(checkpoint: string): string;
  /** Which net one of the workspace holds, by its path; null for files that are none, and for nets that none here fits. */
  netOf(checkpoint: string): { arch: string; stem: 'imagenet' | 'small' } | null;
  preview(request: Recognition & { file: string }): Promise<LaunchedTask>;
  import(request: Recognition & { file: string; name?: string; link?: boolean }): Promise<LaunchedTask>;
  export(
    request: Recognition & {
      file: string;
      /** With `download` the name of the file alone. */
      target: string;
      format: ExportFormat;
      overwrite?: boolean;
      download?: boolean;
    },
  ): Promise<LaunchedTask>;
  show(request: { file: string; tensor?: string }): Promise<LaunchedTask>;
  verify(request: { ids?: string[] }): Promise<LaunchedTask>;
  /** What was found by a command line that read the files itself; of files that are no checkpoints here, nothing is kept. */
  keepVerdicts(verdicts: Verdict[]): void;
  rename(id: string, name: string): CheckpointDetail;
  trash(ids: string[]): CheckpointDetail[];
  restore(ids: string[]): CheckpointDetail[];
  deleteForever(ids: string[]): void;
  discardUpload(file: string): void;
}

export interface CheckpointPorts extends TablePorts {
  tasks: TaskService;
  onWarning(message: string): void;
}

export function createCheckpointService(ports: CheckpointPorts): CheckpointService {
  const { store, tasks, folder, onWarning } = ports;
  removeAbandoned(folder);

  function list(query: { trashed?: boolean }) {
    syncImported(folder, store, onWarning);
    return checkpointTable(ports, query);
  }

  function search(id: string): CheckpointSummary | undefined {
    if (!isId(id)) return undefined;
    for (const trashed of [false, true]) {
      const found = list({ trashed }).filter(({ sha256 }) => sha256.startsWith(id.toLowerCase()));
      if (found.length > 1) {
        throw new AppError('usage', `${id} are the first digits of ${found.length} checkpoints.`, {
          cure: `Give more of them: ${found.map((one) => one.id).join(', ')}.`,
        });
      }
      if (found[0]) return found[0];
    }
    return undefined;
  }

  function find(id: string): CheckpointSummary {
    const found = search(id);
    if (found) return found;
    throw new AppError('not-found', `There is no checkpoint ${id}.`, {
      cure: 'The page Checkpoints and "contrast checkpoint ls" list those there are.',
    });
  }

  function get(id: string): CheckpointDetail {
    const summary = find(id);
    const row = store.checkpoints.imported().find(({ sha256 }) => sha256 === summary.sha256);
    const imported = row ? (JSON.parse(row.record) as ImportedFile) : null;
    const uses = store.checkpoints.uses();
    // A run's own start, where it is not the file's own origin.
    const started = uses.find((use) => use.runId === summary.run?.id && use.role !== 'pretrained');
    const parent = imported?.parent?.sha256 ?? started?.sha256;
    const usedBy = uses.filter((use) => use.sha256 === summary.sha256);
    return {
      ...summary,
      imported,
      lineage: {
        parent: parent
          ? { sha256: parent, id: parent.slice(0, checkpointIdLength), name: search(parent)?.name ?? null }
          : null,
        usedBy: usedBy.map(({ runId, runName, kind, role, at }) => {
          return { run: { id: runId, name: runName, kind }, role, at };
        }),
      },
    };
  }

  function locate(checkpoint: string): string {
    if (existsSync(checkpoint)) return resolve(checkpoint);
    return search(checkpoint)?.location ?? checkpoint;
  }

  function label(id: string, change: { name?: string; trashedAt?: string | null }): CheckpointDetail {
    const found = find(id);
    if (found.source !== 'imported') {
      throw new AppError('conflict', `${found.name} belongs to the run "${found.run?.name}".`, {
        cure: 'Change or remove the run; its checkpoints go with it.',
      });
    }
    const { name, trashedAt } = { name: found.name, trashedAt: found.trashedAt, ...change };
    writeLabel(found.location, { name, trashedAt });
    return get(found.sha256);
  }

  /** What verifying found is kept for the table. */
  async function keepVerdicts(task: LaunchedTask) {
    for await (const [, update] of tasks.watch(task.id, {})) {
      if (update.type === 'result') putVerdicts((update.values as unknown as CheckpointVerdicts).checked);
    }
  }

  function putVerdicts(checked: Verdict[]) {
    const at = new Date().toISOString();
    for (const { file, foundSha256, stamp } of checked) store.checkpoints.putVerdict({ file, foundSha256, stamp, at });
  }

  return {
    folder,
    list,
    get,
    locate,
    netOf(checkpoint) {
      const path = resolve(checkpoint);
      const found = list({}).find(({ location, file }) => location === path || file === path);
      return found?.arch ? { arch: found.arch, stem: found.stem === 'small' ? 'small' : 'imagenet' } : null;
    },
    preview: ({ file, ...more }) => tasks.start('checkpoint-preview', { file: locate(file), ...more }),
    import: ({ file, ...more }) => tasks.start('checkpoint-import', { file: resolve(file), ...more, into: folder }),
    export: ({ file, download = false, ...more }) =>
      tasks.startExport('checkpoint-export', { file: locate(file), ...more, notedIn: folder }, { download }),
    show: ({ file, ...more }) => tasks.start('checkpoint-show', { file: locate(file), ...more }),
    async verify({ ids }) {
      const chosen = ids ? ids.map(find) : list({});
      if (chosen.length === 0) throw new AppError('not-found', 'There are no checkpoints to verify.');
      const checkpoints = chosen.map(({ id, file, sha256 }) => ({ id, file, sha256 }));
      const task = await tasks.start('checkpoint-verify', { checkpoints });
      void keepVerdicts(task).catch((thrown) => onWarning(`verifying checkpoints: ${thrown}`));
      return task;
    },
    keepVerdicts(verdicts) {
      const known = new Set(list({}).map(({ file }) => file));
      putVerdicts(verdicts.filter(({ file }) => known.has(file)));
    },
    rename: (id, name) => label(id, { name }),
    trash: (ids) => ids.map((id) => label(id, { trashedAt: new Date().toISOString() })),
    restore: (ids) => ids.map((id) => label(id, { trashedAt: null })),
    deleteForever(ids) {
      const found = ids.map(find);
      for (const one of found) {
        if (!one.trashedAt || one.source !== 'imported') {
          throw new AppError('conflict', `${one.name} is not in the trash of checkpoints.`, {
            cure: 'Put it in the trash first.',
          });
        }
      }
      for (const one of found) deleteImported(one.location);
      syncImported(folder, store, onWarning);
    },
    discardUpload(file) {
      const upload = dirname(resolve(file));
      if (dirname(upload) !== join(folder, incomingName)) {
        throw new AppError('usage', `${basename(file)} is no file that was sent here.`);
      }
      rmSync(upload, { recursive: true, force: true });
    },
  };
}

function isId(text: string): boolean {
  return /^[0-9a-f]{4,64}$/i.test(text);
}
