/** Everything that a door can ask for. No logic here: an input's shape, then the service. */
import { chainsRouter } from './chains.ts';
import { checkpointsRouter } from './checkpoints.ts';
import { comparisonsRouter } from './comparisons.ts';
import { datasetsRouter } from './datasets.ts';
import { desktopRouter } from './desktop.ts';
import { evaluationsRouter } from './evaluations.ts';
import { exportsRouter } from './exports.ts';
import { interopRouter } from './interop.ts';
import { launchRouter } from './launch.ts';
import { mlflowRouter } from './mlflow.ts';
import { createCallerFactory, router } from './procedure.ts';
import { queueRouter } from './queue.ts';
import { recipesRouter } from './recipes.ts';
import { reproductionsRouter } from './reproductions.ts';
import { runViewsRouter } from './run-views.ts';
import { runsRouter } from './runs.ts';
import { sweepsRouter } from './sweeps.ts';
import { systemRouter } from './system.ts';
import { tasksRouter } from './tasks.ts';
import { viewPreviewsRouter } from './view-previews.ts';

export const appRouter = router({
  system: systemRouter,
  recipes: recipesRouter,
  datasets: datasetsRouter,
  checkpoints: checkpointsRouter,
  tasks: tasksRouter,
  launch: launchRouter,
  viewPreviews: viewPreviewsRouter,
  runs: runsRouter,
  runViews: runViewsRouter,
  evaluations: evaluationsRouter,
  queue: queueRouter,
  sweeps: sweepsRouter,
  chains: chainsRouter,
  comparisons: comparisonsRouter,
  reproductions: reproductionsRouter,
  exports: exportsRouter,
  interop: interopRouter,
  mlflow: mlflowRouter,
  desktop: desktopRouter,
});

export type AppRouter = typeof appRouter;

/** The router called in this process: `createCaller({ services }).runs.list({})`. */
export const createCaller = createCallerFactory(appRouter);
