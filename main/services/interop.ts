/** Runs from elsewhere and for elsewhere, as tasks: bundles, log folders of TensorBoard. */
import { basename, dirname, join, resolve } from 'node:path';
import type { RunExport, RunImport } from '../../common/interop.ts';
import type { LaunchedTask } from '../../common/records.ts';
import { incomingName } from '../../system/incoming.ts';
import type { RunService } from './runs.ts';
import type { TaskService } from './tasks.ts';

interface RunExportRequest {
  ids: string[];
  format: RunExport['format'];
  /** A zip file, or a folder; with `download` the name of the file alone. */
  target: string;
  checkpoints?: boolean;
  overwrite?: boolean;
  download?: boolean;
}

export interface InteropService {
  /** What a bundle or a log folder holds; nothing is written. */
  preview(source: string): Promise<LaunchedTask>;
  import(source: string): Promise<LaunchedTask>;
  export(request: RunExportRequest): Promise<LaunchedTask>;
}

interface InteropPorts {
  tasks: TaskService;
  runs: RunService;
  runsFolder: string;
  checkpointsFolder: string;
  /** Reads what is new in the folder of a run. */
  refresh(id: string): Promise<void>;
  onWarning(message: string): void;
}

export function createInteropService(ports: InteropPorts): InteropService {
  const { tasks, runs, runsFolder } = ports;
  const bring = (named: string, preview: boolean) => {
    const source = resolve(named);
    // Where it was sent to is no place that anybody knows.
    const sent = dirname(dirname(source)) === join(ports.checkpointsFolder, incomingName);
    const called = sent ? { called: basename(source) } : {};
    return tasks.start('run-import', { source, ...called, into: runsFolder, preview });
  };

  /** A log that grew is a run that is here already: nobody looks at one at rest so soon. */
  async function showGrown(task: LaunchedTask) {
    for await (const [, update] of tasks.watch(task.id, {})) {
      if (update.type !== 'result') continue;
      const grown = (update.values as unknown as RunImport).runs.filter(({ newPoints }) => newPoints > 0);
      for (const { id } of grown) await ports.refresh(id);
    }
  }

  return {
    preview: (source) => bring(source, true),
    async import(source) {
      const task = await bring(source, false);
      void showGrown(task).catch((thrown) => ports.onWarning(`importing runs: ${thrown}`));
      return task;
    },
    export: ({ ids, download = false, ...more }) =>
      tasks.startExport('run-export', { runs: ids.map((id) => runs.get(id).folder), ...more }, { download }),
  };
}
