/** What runs each kind of job of common/jobs. */
import type { JobKind } from '../../common/jobs/index.ts';
import type { Job } from '../job.ts';
import {
  checkpointExportJob,
  checkpointImportJob,
  checkpointPreviewJob,
  checkpointShowJob,
  checkpointVerifyJob,
} from './checkpoints.ts';
import { datasetCheckJob, datasetDemoJob, datasetFingerprintJob } from './datasets.ts';
import { distillJob } from './distill.ts';
import { driftJob } from './drift.ts';
import { dryRunJob } from './dry-run.ts';
import { embedJob } from './embed.ts';
import { instdiscJob } from './instdisc.ts';
import { runExportJob, runImportJob, tensorboardJob } from './interop.ts';
import { knnJob } from './knn.ts';
import { linearJob } from './linear.ts';
import { mlflowCheckJob, mlflowPushJob } from './mlflow.ts';
import { neighboursJob } from './neighbours.ts';
import { projectJob } from './project.ts';
import { statsJob } from './stats.ts';
import { trainJob } from './train.ts';
import { transferJob } from './transfer.ts';
import { viewsJob } from './views.ts';
import { viewsPreviewJob } from './views-preview.ts';

export const runners = {
  train: trainJob,
  distill: distillJob,
  knn: knnJob,
  linear: linearJob,
  transfer: transferJob,
  embed: embedJob,
  views: viewsJob,
  instdisc: instdiscJob,
  stats: statsJob,
  drift: driftJob,
  project: projectJob,
  neighbours: neighboursJob,
  'dataset-demo': datasetDemoJob,
  'dataset-check': datasetCheckJob,
  'dataset-fingerprint': datasetFingerprintJob,
  'checkpoint-preview': checkpointPreviewJob,
  'checkpoint-import': checkpointImportJob,
  'checkpoint-export': checkpointExportJob,
  'checkpoint-show': checkpointShowJob,
  'checkpoint-verify': checkpointVerifyJob,
  'views-preview': viewsPreviewJob,
  'run-import': runImportJob,
  'run-export': runExportJob,
  'mlflow-check': mlflowCheckJob,
  'mlflow-push': mlflowPushJob,
  tensorboard: tensorboardJob,
  'dry-run': dryRunJob,
} satisfies Record<JobKind, Job<never>>;
