/** What runs each kind of job of common/jobs. */
import type { JobKind } from '../../common/jobs/index.ts';
import type { Job } from '../job.ts';
import { datasetCheckJob, datasetDemoJob } from './datasets.ts';
import { distillJob } from './distill.ts';
import { dryRunJob } from './dry-run.ts';
import { embedJob } from './embed.ts';
import { knnJob } from './knn.ts';
import { trainJob } from './train.ts';

export const runners = {
  train: trainJob,
  distill: distillJob,
  knn: knnJob,
  embed: embedJob,
  'dataset-demo': datasetDemoJob,
  'dataset-check': datasetCheckJob,
  'dry-run': dryRunJob,
} satisfies Record<JobKind, Job<never>>;
