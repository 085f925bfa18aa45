/** `contrast runs reproduce`: a run once more, and how far apart the two came out. */
import { AppError } from '../../common/errors.ts';
import { reproductionWords } from '../../common/reproduction.ts';
import { preparingState, readState, writeState } from '../jobs/run-folder.ts';
import { workspaceFolder } from '../workspace-folder.ts';
import { withRouter } from './connect.ts';
import { findRun } from './find-run.ts';
import { runWorker } from './foreground.ts';
import { createOutcome } from './outcome.ts';
import { createProgress } from './progress.ts';
import { report, tell } from './results.ts';

interface ReproduceOptions {
  workspace?: string;
  json?: boolean;
  quiet?: boolean;
  queue?: boolean;
  anyway?: boolean;
}

/** A studio that is open runs it; without one it runs here. */
export async function reproduce(words: string, options: ReproduceOptions): Promise<void> {
  const workspace = workspaceFolder(options.workspace);
  const progress = createProgress(process.stderr, { quiet: options.quiet });
  const here = await withRouter(workspace, async ({ api, live }) => {
    const { id } = await findRun(api, words);
    if (!options.anyway) progress.say('Looking through the images');
    const started = await api.reproductions.start.mutate({ id, anyway: options.anyway });
    if (started.state !== 'launched') {
      throw new AppError('conflict', started.message, { cure: '--anyway runs it with the images that are there now.' });
    }
    const { run } = started;
    if (live || options.queue) {
      const record = { run: run.id, folder: run.folder, state: run.state, reproduces: id };
      tell(options, record, `${run.id}: ${run.state}; "contrast runs show ${run.id}" tells how far apart they are.`);
      return null;
    }
    // Before anybody can take it for one that waits.
    writeState(run.folder, preparingState(process.pid, readState(run.folder)));
    return run;
  });
  if (!here) return;
  const { id, kind, folder } = here;
  const outcome = createOutcome(kind, folder);
  progress.say(`Run ${id} in ${folder}`);
  const finished = await runWorker(folder, outcome, progress);
  const reproduction = await withRouter(workspace, ({ api }) => api.reproductions.get.query({ id }));
  report(kind, here, finished, { ...outcome, values: () => ({ ...outcome.values(), reproduction }) }, options);
  if (reproduction && !options.json) console.log(reproductionWords(reproduction));
}
