/** The studio without a door: everything behind the router, composed in one place. */
import { appendFileSync, mkdirSync } from 'node:fs';
import { extname, join, resolve } from 'node:path';
import { createIndexer } from './jobs/indexer.ts';
import { createScheduler } from './jobs/scheduler.ts';
import { spawnDetached } from './jobs/spawn-detached.ts';
import { createWorkerLauncher, type SpawnWorker } from './jobs/worker-process.ts';
import { takeWorkspace } from './jobs/workspace-lock.ts';
import { createChainRecords, readChainFiles } from './services/chain-files.ts';
import { createChainService } from './services/chains.ts';
import { createCheckpointService } from './services/checkpoints.ts';
import { createComparisonService } from './services/comparisons.ts';
import { createDataSummarizer } from './services/data-summary.ts';
import { createDatasetService } from './services/datasets.ts';
import { createDurations } from './services/durations.ts';
import { createEvaluationService } from './services/evaluations.ts';
import { createExportService } from './services/exports.ts';
import type { Services } from './services/index.ts';
import { createInteropService } from './services/interop.ts';
import { createLaunchService } from './services/launch.ts';
import { backendInfo, deviceOf } from './services/machine.ts';
import { createMlflowService } from './services/mlflow.ts';
import { createQueueService } from './services/queue.ts';
import { createRecipeService } from './services/recipes.ts';
import { createReproductionService } from './services/reproductions.ts';
import { createRunViewService } from './services/run-views.ts';
import { createRunService } from './services/runs.ts';
import { createSweepService } from './services/sweeps.ts';
import { createSystemService } from './services/system.ts';
import { createTaskService } from './services/tasks.ts';
import { createViewPreviewService } from './services/view-previews.ts';
import { openStore } from './store/index.ts';
import { checkBeside } from './store/integrity.ts';

export interface ApplicationOptions {
  /** Created when it does not exist. */
  workspace: string;
  /** The file that a worker process runs: `worker/main.ts`, or what it was built to. */
  workerEntry: string;
  /** Left out: a detached process of this very Node. */
  spawn?: SpawnWorker;
  /** Folder with `recipes/`, ...; left out: that of the checkout. */
  resources?: string;
  /** Folder of the database's migrations; left out: that of the checkout. */
  migrations?: string;
  /** False: nothing is started from the queue, and every folder is read first; for a door that opens for one question. */
  runQueue?: boolean;
  /** What went wrong without stopping anything; left out: a line in `<workspace>/studio.log`. */
  onWarning?: (message: string) => void;
}

export interface Application {
  services: Services;
  workspace: string;
  /** Writes the address into the workspace's lock, so that a second start can name it (and `contrast` can ask for it). */
  announce(address: { url: string; token: string }): void;
  /** Workers go on unless told to save and end. */
  close(options?: { stopWorkers?: boolean }): Promise<void>;
}

/** Beside the sources, or beside what they were built to. */
const probeEntry = join(import.meta.dirname, '..', 'worker', `probe${extname(import.meta.filename)}`);

/** Throws AppError('conflict') naming pid and address when another studio has the workspace. */
export async function openApplication(options: ApplicationOptions): Promise<Application> {
  const workspace = resolve(options.workspace);
  const runsFolder = join(workspace, 'runs');
  const datasetsFolder = join(workspace, 'datasets');
  const checkpointsFolder = join(workspace, 'checkpoints');
  for (const folder of [runsFolder, datasetsFolder, checkpointsFolder, join(workspace, 'cache')]) {
    mkdirSync(folder, { recursive: true });
  }
  const warn = options.onWarning ?? ((message) => logWarning(workspace, message));
  const resources = options.resources ?? join(import.meta.dirname, '..', 'resources');

  const lock = takeWorkspace(workspace);
  try {
    const { migrations } = options;
    const database = join(workspace, 'studio.db');
    const store = openStore(database, { migrations });
    if (store.damagedFile) warn(`The database was damaged; it is made anew. The old file is ${store.damagedFile}.`);

    // Only after an end that was none: it reads the whole file.
    const endCheck = lock.takenOver
      ? checkBeside(database, (verdict) =>
          warn(`The database is damaged and is made anew at the next start: ${verdict}`),
        )
      : async () => {};

    const launchWorker = createWorkerLauncher(options.spawn ?? spawnDetached, options.workerEntry);
    const indexer = createIndexer({ store, runsFolder, onWarning: warn });
    const scheduler = createScheduler({ store, indexer, launchWorker, runsFolder, deviceOf });
    const summarize = createDataSummarizer();

    const recipes = createRecipeService({
      shipped: join(resources, 'recipes'),
      own: join(workspace, 'recipes'),
      onWarning: warn,
    });
    const tasks = createTaskService(join(workspace, 'cache', 'tasks'), launchWorker);
    const checkpoints = createCheckpointService({
      store,
      tasks,
      runsFolder,
      folder: checkpointsFolder,
      onWarning: warn,
    });
    const launch = createLaunchService({
      store,
      recipes,
      tasks,
      deviceOf,
      summarize,
      backend: backendInfo,
      workspace,
      locate: checkpoints.locate,
      netOf: checkpoints.netOf,
    });
    const durations = createDurations({ store, checkpoints, summarize });
    const recipeTitle = async (id: string) => (await recipes.get(id)).title;
    const runs = createRunService({
      store,
      indexer,
      scheduler,
      launch,
      tasks,
      recipeTitle,
      runsFolder,
    });
    const chains = createChainService({
      store,
      indexer,
      runs,
      launch,
      durations,
      records: createChainRecords(join(workspace, 'chains'), warn),
      readShipped: () => readChainFiles(join(resources, 'chains')),
      onWarning: warn,
    });
    const exports = createExportService({
      runs,
      publishedFile: join(resources, 'published.json'),
      folder: join(workspace, 'results'),
      onWarning: warn,
    });
    const services: Services = {
      system: createSystemService({ workspace, store, probeEntry }),
      recipes,
      datasets: createDatasetService(datasetsFolder, store, summarize),
      checkpoints,
      tasks,
      launch,
      viewPreviews: createViewPreviewService({ tasks, locate: checkpoints.locate }),
      runs,
      runViews: createRunViewService({ store, folder: join(workspace, 'views'), onWarning: warn }),
      evaluations: createEvaluationService({ store, checkpoints, runs, tasks, summarize }),
      queue: createQueueService({ store, scheduler, indexer, launch, durations }),
      sweeps: createSweepService({ durations, launch, runs, recipeTitle }),
      chains,
      reproductions: createReproductionService({ runs, tasks }),
      comparisons: createComparisonService({
        runs,
        checkpoints,
        exports,
        folder: join(workspace, 'comparisons'),
        onWarning: warn,
      }),
      exports,
      interop: createInteropService({
        ...{ tasks, runs, runsFolder, checkpointsFolder },
        refresh: indexer.refresh,
        onWarning: warn,
      }),
      mlflow: createMlflowService({ tasks, runs, environment: process.env }),
    };

    scheduler.recover(); // before the indexer takes a run that was about to start for one that was cut off
    await indexer.start();
    if (options.runQueue ?? true) {
      scheduler.start();
      chains.follow();
    } else await indexer.scan();

    return {
      services,
      workspace,
      announce: lock.announce,
      async close({ stopWorkers = false } = {}) {
        await chains.close();
        await scheduler.close(stopWorkers);
        await tasks.close();
        await indexer.close();
        await endCheck();
        store.close();
        lock.release();
      },
    };
  } catch (thrown) {
    lock.release();
    throw thrown;
  }
}

function logWarning(workspace: string, message: string) {
  appendFileSync(join(workspace, 'studio.log'), `${new Date().toISOString()} ${message}\n`);
}
