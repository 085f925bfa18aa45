/** Every kind of job: its config, and how it is called. A new kind is a file here, one in worker/jobs, and this line. */
import type { z } from 'zod';
import {
  checkpointExportConfig,
  checkpointImportConfig,
  checkpointPreviewConfig,
  checkpointShowConfig,
  checkpointVerifyConfig,
} from './checkpoints.ts';
import { datasetCheckConfig, datasetDemoConfig, datasetFingerprintConfig } from './datasets.ts';
import { distillConfig } from './distill.ts';
import { driftConfig } from './drift.ts';
import { embedConfig } from './embed.ts';
import { mlflowCheckConfig, mlflowPushConfig, runExportConfig, runImportConfig, tensorboardConfig } from './interop.ts';
import { knnConfig } from './knn.ts';
import { linearConfig } from './linear.ts';
import { neighboursConfig } from './neighbours.ts';
import { projectConfig } from './project.ts';
import { instdiscConfig, statsConfig, viewsConfig } from './static-views.ts';
import { trainConfig } from './train.ts';
import { transferConfig } from './transfer.ts';
import { viewsPreviewConfig } from './views-preview.ts';

export interface JobDefinition {
  title: string;
  /** At the command line: `contrast <verb> <positional>`; empty for what only the pages ask for. */
  verb: string;
  positional: string;
  /** A second one behind it: `contrast views <data> <target>`. */
  secondPositional?: string;
  config: z.ZodObject;
  /** A run is recorded in the workspace and shown in the table; a task leaves only its result. */
  recorded: boolean;
}

const checkpointJob = <Config extends z.ZodObject>(title: string, verb: string, config: Config) => {
  return { title, verb: `checkpoint ${verb}`, positional: 'file', config, recorded: false };
};

export const jobs = {
  train: { title: 'Contrastive training', verb: 'train', positional: 'data', config: trainConfig, recorded: true },
  distill: { title: 'Distillation', verb: 'distill', positional: 'data', config: distillConfig, recorded: true },
  knn: { title: 'Nearest neighbours', verb: 'knn', positional: 'data', config: knnConfig, recorded: true },
  linear: { title: 'Linear evaluation', verb: 'linear', positional: 'data', config: linearConfig, recorded: true },
  transfer: { title: 'Transfer', verb: 'transfer', positional: 'data', config: transferConfig, recorded: true },
  embed: { title: 'Features', verb: 'embed', positional: 'data', config: embedConfig, recorded: true },
  views: {
    title: 'Static views',
    verb: 'views',
    positional: 'data',
    secondPositional: 'target',
    config: viewsConfig,
    recorded: true,
  },
  instdisc: {
    title: 'Instance discrimination',
    verb: 'instdisc',
    positional: 'data',
    config: instdiscConfig,
    recorded: true,
  },
  stats: { title: 'Alignment and uniformity', verb: 'stats', positional: 'data', config: statsConfig, recorded: true },
  neighbours: {
    title: 'Neighbours of an image',
    verb: 'neighbours',
    positional: 'data',
    config: neighboursConfig,
    recorded: false,
  },
  drift: { title: 'Representation drift', verb: 'drift', positional: 'data', config: driftConfig, recorded: true },
  project: { title: 'Projection', verb: 'project', positional: 'data', config: projectConfig, recorded: true },
  'dataset-demo': {
    title: 'Demo data',
    verb: 'dataset demo',
    positional: 'target',
    config: datasetDemoConfig,
    recorded: false,
  },
  'dataset-check': {
    title: 'Check of a data set',
    verb: 'dataset check',
    positional: 'data',
    config: datasetCheckConfig,
    recorded: false,
  },
  'dataset-fingerprint': {
    title: 'Fingerprint of a data set',
    verb: '',
    positional: '',
    config: datasetFingerprintConfig,
    recorded: false,
  },
  'checkpoint-preview': checkpointJob('Preview of a checkpoint', 'preview', checkpointPreviewConfig),
  'checkpoint-import': checkpointJob('Import of a checkpoint', 'import', checkpointImportConfig),
  'checkpoint-export': checkpointJob('Export of a checkpoint', 'export', checkpointExportConfig),
  'checkpoint-show': checkpointJob('Tensors of a checkpoint', 'show', checkpointShowConfig),
  'checkpoint-verify': checkpointJob('Check of checkpoints', 'verify', checkpointVerifyConfig),
  'views-preview': {
    title: 'Augmentation lab',
    verb: '',
    positional: '',
    config: viewsPreviewConfig,
    recorded: false,
  },
  'run-import': {
    title: 'Import of runs',
    verb: '',
    positional: '',
    config: runImportConfig,
    recorded: false,
  },
  'run-export': {
    title: 'Export of runs',
    verb: '',
    positional: '',
    config: runExportConfig,
    recorded: false,
  },
  'mlflow-check': {
    title: 'Test of the connection to MLflow',
    verb: '',
    positional: '',
    config: mlflowCheckConfig,
    recorded: false,
  },
  'mlflow-push': {
    title: 'Push to MLflow',
    verb: '',
    positional: '',
    config: mlflowPushConfig,
    recorded: false,
  },
  /** A record that was imported: nothing here runs it. */
  tensorboard: { title: 'TensorBoard log', verb: '', positional: '', config: tensorboardConfig, recorded: false },
  /** The first steps of a training run, for what the whole of it would cost. */
  'dry-run': { title: 'Dry run', verb: 'train --dry-run', positional: 'data', config: trainConfig, recorded: false },
} as const satisfies Record<string, JobDefinition>;

export type JobKind = keyof typeof jobs;
export type { DatasetCheckConfig, DatasetDemoConfig } from './datasets.ts';
export type { TrainConfig } from './train.ts';

export const jobKinds = Object.keys(jobs) as JobKind[];

/** Whether a job of this kind trains a net: it has steps, epochs and checkpoints. */
export const isTraining = (kind: string): boolean => kind === 'train' || kind === 'distill';
