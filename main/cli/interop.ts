/** `contrast import`, and whole runs by `contrast export`: event folders of TensorBoard, bundles. */
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import type { FoundRun, RunExport, RunImport } from '../../common/interop.ts';
import { workspaceFolder } from '../workspace-folder.ts';
import { runTask, type TaskOptions } from './task.ts';
import { bytes, table } from './words.ts';

export const runFormats = ['tensorboard', 'bundle'] as const;
export type RunFormat = (typeof runFormats)[number];

export function addImport(program: Command): void {
  program
    .command('import')
    .description('Take runs in: a log folder of TensorBoard, or a bundle that "export --format bundle" made')
    .argument('<source>', 'the folder, or the zip file')
    .option('--preview', 'only say what is there')
    .option('--workspace <folder>', 'where runs and data are kept')
    .option('--json', 'print the result as one JSON object')
    .option('--quiet', 'say nothing while it goes on')
    .action(async (source: string, options: TaskOptions & { preview?: boolean }) => {
      const into = join(workspaceFolder(options.workspace), 'runs');
      const config = { source: resolve(source), into, preview: options.preview ?? false };
      await runTask('run-import', config, options, (said) => importWords(said as unknown as RunImport));
    });
}

interface ExportRunsOptions extends TaskOptions {
  format: RunFormat;
  output: string;
  checkpoints: boolean;
  force?: boolean;
}

export async function exportRuns(runs: string[], options: ExportRunsOptions): Promise<void> {
  const { format, output, checkpoints, force = false } = options;
  const config = { runs, format, target: resolve(output), checkpoints, overwrite: force };
  await runTask('run-export', config, options, (said) => {
    const { target, sizeBytes } = said as unknown as RunExport;
    return `${runs.length} ${runs.length === 1 ? 'run' : 'runs'} in ${target} (${bytes(sizeBytes)})`;
  });
}

function importWords({ runs, imported }: RunImport): string {
  const state = ({ existing, newPoints }: FoundRun) => {
    if (newPoints > 0) return imported ? `${newPoints} points added` : `${newPoints} new points`;
    return existing ? 'here already' : imported ? 'imported' : 'found';
  };
  const rows = runs.map((run) => [
    ...[run.id, run.name, run.kind, state(run), bytes(run.sizeBytes)],
    ...[run.tags === null ? '-' : String(run.tags.length), run.points === null ? '-' : String(run.points)],
  ]);
  const remarks = runs.flatMap(({ name, remarks }) => remarks.map((remark) => `${name}: ${remark}`));
  return [table(['run', 'name', 'kind', 'state', 'size', 'tags', 'points'], rows), ...remarks].join('\n');
}
