/** Runs from elsewhere and for elsewhere, as tasks: bundles, log folders of TensorBoard. */
import { resolve } from 'node:path';
import type { RunExport } from '../../common/interop.ts';
import type { LaunchedTask } from '../../common/records.ts';
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
}

export function createInteropService({ tasks, runs, runsFolder }: InteropPorts): InteropService {
  const bring = (source: string, preview: boolean) =>
    tasks.start('run-import', { source: resolve(source), into: runsFolder, preview });
  return {
    preview: (source) => bring(source, true),
    import: (source) => bring(source, false),
    export: ({ ids, download = false, ...more }) =>
      tasks.startExport('run-export', { runs: ids.map((id) => runs.get(id).folder), ...more }, { download }),
  };
}
