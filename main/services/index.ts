/** What a user can ask for, behind every door. */
import type { ChainService } from './chains.ts';
import type { CheckpointService } from './checkpoints.ts';
import type { ComparisonService } from './comparisons.ts';
import type { DatasetService } from './datasets.ts';
import type { EvaluationService } from './evaluations.ts';
import type { ExportService } from './exports.ts';
import type { InteropService } from './interop.ts';
import type { LaunchService } from './launch.ts';
import type { MlflowService } from './mlflow.ts';
import type { QueueService } from './queue.ts';
import type { RecipeService } from './recipes.ts';
import type { ReproductionService } from './reproductions.ts';
import type { RunViewService } from './run-views.ts';
import type { RunService } from './runs.ts';
import type { SweepService } from './sweeps.ts';
import type { SystemService } from './system.ts';
import type { TaskService } from './tasks.ts';
import type { ViewPreviewService } from './view-previews.ts';

export interface Services {
  system: SystemService;
  recipes: RecipeService;
  datasets: DatasetService;
  checkpoints: CheckpointService;
  tasks: TaskService;
  launch: LaunchService;
  viewPreviews: ViewPreviewService;
  runs: RunService;
  runViews: RunViewService;
  evaluations: EvaluationService;
  queue: QueueService;
  sweeps: SweepService;
  chains: ChainService;
  comparisons: ComparisonService;
  reproductions: ReproductionService;
  exports: ExportService;
  interop: InteropService;
  mlflow: MlflowService;
}
