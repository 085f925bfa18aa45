/** Jobs that leave a result and no run, in the foreground: imports, exports, checks. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type JobKind, jobs } from '../../common/jobs/index.ts';
import { createRunFolder, newRunId } from '../jobs/run-folder.ts';
import { workspaceFolder } from '../workspace-folder.ts';
import { errorRecord } from './endings.ts';
import { runWorker } from './foreground.ts';
import { createOutcome } from './outcome.ts';
import { createProgress } from './progress.ts';
import { tell } from './results.ts';

export interface TaskOptions {
  workspace?: string;
  json?: boolean;
  quiet?: boolean;
}

/** Runs a task here, to its end; nothing of it stays but what it was for. Sets the exit code. Returns what it said. */
export async function runTask(
  kind: JobKind,
  config: Record<string, unknown>,
  options: TaskOptions,
  words: (said: Record<string, unknown>) => string,
): Promise<Record<string, unknown>> {
  const tasks = join(workspaceFolder(options.workspace), 'cache', 'tasks');
  mkdirSync(tasks, { recursive: true });
  const createdAt = new Date().toISOString();
  const about = { id: newRunId(), kind, name: jobs[kind].title, createdAt, recipe: null, parent: null };
  const folder = createRunFolder(tasks, { file: { ...about, config }, command: '', state: 'preparing' });
  try {
    const outcome = createOutcome(kind, folder);
    const progress = createProgress(process.stderr, { quiet: options.quiet });
    const { state, failure, exitCode, elapsedSeconds } = await runWorker(folder, outcome, progress);
    process.exitCode = exitCode;
    if (failure) console.error(`error: ${failure.message}${failure.cure ? `\n${failure.cure}` : ''}`);
    const { protocol: _none, ...said } = outcome.values();
    const record = { state, ...said, elapsedSeconds, ...(failure && { error: errorRecord(failure) }) };
    tell(options, record, state === 'finished' ? words(said) : '');
    return said;
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
