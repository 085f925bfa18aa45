/** Jobs that leave a result and no run: they live in `<workspace>/cache/tasks` and are followed like runs. */
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { refuseWrongTypes } from '../../common/config-issues.ts';
import { AppError } from '../../common/errors.ts';
import { type JobKind, jobs } from '../../common/jobs/index.ts';
import type { LaunchedTask } from '../../common/records.ts';
import { exportedFolder, type TaskUpdate } from '../../common/updates.ts';
import { isFileName } from '../../system/file-name.ts';
import { readEvents } from '../jobs/follower.ts';
import { createRunFolder, isAlive, newRunId, readState, runFolderName, writeControl } from '../jobs/run-folder.ts';
import { endingOf, type StartedWorker, type WorkerEnd, type WorkerLauncher } from '../jobs/worker-process.ts';

export interface TaskService {
  /** `environment`: what only the worker is to know, a password above all; it is written nowhere. */
  start(kind: JobKind, config: Record<string, unknown>, environment?: Record<string, string>): Promise<LaunchedTask>;
  /** A task that writes `config.target`; `download`: in its own folder, to be fetched once from there. */
  startExport(
    kind: JobKind,
    config: Record<string, unknown> & { target: string },
    options: { download: boolean },
  ): Promise<LaunchedTask>;
  configOf(id: string): Record<string, unknown>;
  folderOf(id: string): string;
  /** Its worker is gone. */
  hasEnded(id: string): boolean;
  /** Everything that the task has reported after event `afterSeq`, then what it reports, to its end. */
  watch(id: string, options: { afterSeq?: number; signal?: AbortSignal }): AsyncGenerator<[seq: number, TaskUpdate]>;
  cancel(id: string): Promise<void>;
  /** All of a kind that are under way. */
  cancelKind(kind: JobKind): Promise<void>;
  close(): Promise<void>;
}

interface Task extends LaunchedTask {
  folder: string;
  config: Record<string, unknown>;
  worker: StartedWorker;
  end: WorkerEnd | null;
}

const followMs = 100;
/** A worker that is asked to stop ends at the next image; one that does not is ended. */
const patienceMs = 5000;

export function createTaskService(tasksFolder: string, launchWorker: WorkerLauncher): TaskService {
  removeEnded(tasksFolder);
  const tasks = new Map<string, Task>();

  function find(id: string): Task {
    const task = tasks.get(id);
    if (task) return task;
    throw new AppError('not-found', `There is no task ${id}.`, { cure: 'Tasks end with the studio; start it again.' });
  }

  async function cancel(task: Task) {
    if (task.end) return;
    writeControl(task.folder, 'stop');
    await Promise.race([task.worker.exited, sleep(patienceMs, undefined, { ref: false })]);
    if (task.end) return;
    task.worker.kill('SIGKILL');
    await task.worker.exited;
  }

  async function start(
    kind: JobKind,
    valuesIn: (exported: string) => Record<string, unknown>,
    { download = false, environment }: { download?: boolean; environment?: Record<string, string> } = {},
  ): Promise<LaunchedTask> {
    const about = { id: newRunId(), name: kind, createdAt: new Date().toISOString() };
    const { id } = about;
    const exported = join(tasksFolder, runFolderName(about), exportedFolder);
    const values = valuesIn(exported);
    refuseWrongTypes(kind, values);
    const config = jobs[kind].config.parse(values);
    const file = { ...about, kind, recipe: null, parent: null, config };
    const folder = createRunFolder(tasksFolder, { file, command: '', state: 'preparing' });
    if (download) mkdirSync(exported);
    const worker = await launchWorker(folder, environment);
    const task: Task = { id, kind, folder, config, worker, end: null };
    tasks.set(id, task);
    void worker.exited.then((end) => {
      task.end = end;
    });
    return { id, kind };
  }

  return {
    start: (kind, values, environment) => start(kind, () => values, { environment }),
    startExport: (kind, config, { download }) =>
      start(
        kind,
        (exported) => {
          if (!download) return { ...config, target: resolve(config.target) };
          if (isFileName(config.target)) return { ...config, target: join(exported, config.target) };
          throw new AppError('usage', `${JSON.stringify(config.target)} is no name of a file.`, { field: 'target' });
        },
        { download },
      ),

    configOf: (id) => find(id).config,
    folderOf: (id) => find(id).folder,
    hasEnded: (id) => find(id).end !== null,

    async *watch(id, { afterSeq = -1, signal }) {
      const task = find(id);
      const events = join(task.folder, 'events.jsonl');
      let offset = 0;
      let last = afterSeq;
      while (!signal?.aborted) {
        // Asked before reading: what was written before the end is read after it.
        const { end } = task;
        const chunk = await readEvents(events, offset);
        offset = chunk.offset;
        for (const event of chunk.events) {
          if (event.seq <= last) continue;
          last = event.seq;
          if (isTaskUpdate(event)) yield [event.seq, event];
          if (event.type === 'ended') return;
        }
        if (chunk.more) continue;
        if (end) {
          const { state, error } = endingOf(end, task.folder);
          const said = readState(task.folder)?.error ?? error;
          if (said) yield [last + 1, { type: 'failed', code: 'job-failed', message: said.message, cure: said.cure }];
          yield [last + 2, { type: 'ended', state: state === 'interrupted' ? 'interrupted' : 'failed' }];
          return;
        }
        await sleep(followMs, undefined, { signal }).catch(() => {});
      }
    },

    cancel: async (id) => cancel(find(id)),

    async cancelKind(kind) {
      await Promise.all([...tasks.values()].filter((task) => task.kind === kind).map(cancel));
    },

    async close() {
      const left = [...tasks.values()].filter((task) => !task.end);
      for (const { worker } of left) worker.kill('SIGKILL');
      await Promise.all(left.map((task) => task.worker.exited));
    },
  };
}

/** Results of an earlier time, which nobody can ask for any more; not those that a command line is waiting for. */
function removeEnded(tasksFolder: string) {
  mkdirSync(tasksFolder, { recursive: true });
  for (const name of readdirSync(tasksFolder)) {
    const folder = join(tasksFolder, name);
    const state = readState(folder);
    if (!state || !isAlive(state)) rmSync(folder, { recursive: true, force: true });
  }
}

const reported = new Set(['progress', 'log', 'result', 'failed', 'ended']);

function isTaskUpdate<Event extends { type: string }>(event: Event): event is Event & TaskUpdate {
  return reported.has(event.type);
}
