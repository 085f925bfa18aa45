/** What must hold between the fields of a training config, and between them and the data: for the form and the worker. */
import type { Issue } from '../launch.ts';
import { hasBatchNorm, patchIssues } from './patch-rules.ts';
import type { TrainConfig } from './train.ts';
import { viewIssues } from './view-rules.ts';

/** `images` is null while nobody has counted them. An `error` keeps the run from starting, a `warning` does not. */
export function trainIssues(config: TrainConfig, images: number | null): Issue[] {
  return [
    ...batchIssues(config, images),
    ...queueIssues(config, images),
    ...partIssues(config),
    ...cropIssues(config),
    ...patchIssues(config),
    ...viewIssues(config),
    ...adviceOn(config),
  ];
}

type BatchFields = Pick<TrainConfig, 'batchSize' | 'bnSplits'>;

export function batchIssues({ batchSize, bnSplits }: BatchFields, images: number | null): Issue[] {
  const issues: Issue[] = [];
  if (batchSize % bnSplits !== 0) {
    const fitting = largestDivisor(batchSize, bnSplits);
    issues.push({
      field: 'batchSize',
      level: 'error',
      message: `A batch of ${batchSize} cannot be split into ${bnSplits} equal batch-norm groups.`,
      fix: { label: `Take ${fitting} groups`, config: { bnSplits: fitting } },
    });
  } else if (batchSize / bnSplits < 2) {
    issues.push({
      field: 'bnSplits',
      level: 'error',
      message: `With ${bnSplits} batch-norm groups each holds one image of the batch: it has no statistics.`,
      fix: { label: `Take ${batchSize / 2} groups`, config: { bnSplits: Math.max(1, Math.floor(batchSize / 2)) } },
    });
  }
  if (images !== null && batchSize > images) {
    issues.push({
      field: 'batchSize',
      level: 'error',
      message: `The batch (${batchSize}) is larger than the data (${images} images).`,
    });
  }
  return issues;
}

function queueIssues(config: TrainConfig, images: number | null): Issue[] {
  const { batchSize, queueLength } = config;
  if (images !== null && queueLength + batchSize > images) {
    const largest = Math.floor((images - batchSize) / batchSize) * batchSize;
    return [
      {
        field: 'queueLength',
        // As the reference, which trains all the same: the run starts with an alarm.
        level: 'warning',
        message: `Queue and batch (${queueLength} + ${batchSize}) are larger than the data (${images} images): images would be their own negatives.`,
        fix: largest > 0 ? { label: `Take ${largest}`, config: { queueLength: largest } } : undefined,
      },
      ...queueMultipleIssues(config),
    ];
  }
  return queueMultipleIssues(config);
}

type QueueFields = Pick<TrainConfig, 'batchSize' | 'queueLength'>;

export function queueMultipleIssues({ batchSize, queueLength }: QueueFields): Issue[] {
  if (queueLength % batchSize === 0) return [];
  const nearest = Math.max(1, Math.round(queueLength / batchSize)) * batchSize;
  return [
    {
      field: 'queueLength',
      level: 'error',
      message: `The queue (${queueLength}) must be a multiple of the batch (${batchSize}).`,
      fix: { label: `Take ${nearest}`, config: { queueLength: nearest } },
    },
  ];
}

type PartFields = Pick<TrainConfig, 'arch' | 'batchSize' | 'bnSplits' | 'accumulate'>;

/** Batch norm sees the groups, hence a part must hold whole ones. */
export function partIssues({ arch, batchSize, bnSplits, accumulate }: PartFields): Issue[] {
  if (batchSize % accumulate !== 0) {
    const parts = largestDivisor(batchSize, accumulate);
    const message = `A batch of ${batchSize} cannot be computed in ${accumulate} equal parts.`;
    return [
      { field: 'accumulate', level: 'error', message, fix: { label: `Take ${parts}`, config: { accumulate: parts } } },
    ];
  }
  if (!hasBatchNorm(arch) || bnSplits % accumulate === 0) return [];
  const groups = accumulate * Math.max(1, Math.round(bnSplits / accumulate));
  const message = `A batch that is computed in ${accumulate} parts is normalised in as many groups at least, or a multiple: not in ${bnSplits}.`;
  const fits = batchSize % groups === 0 && batchSize / groups >= 2;
  const fix = fits ? { label: `Take ${groups} groups`, config: { bnSplits: groups } } : undefined;
  return [{ field: 'accumulate', level: 'error', message, fix }];
}

type CropFields = Pick<TrainConfig, 'cropScaleMin' | 'cropScaleMax'>;

export function cropIssues({ cropScaleMin, cropScaleMax }: CropFields): Issue[] {
  if (cropScaleMin <= cropScaleMax) return [];
  const message = `The smallest crop (${cropScaleMin}) is larger than the largest (${cropScaleMax}).`;
  return [{ field: 'cropScaleMin', level: 'error', message }];
}

function adviceOn(config: TrainConfig): Issue[] {
  const issues: Issue[] = [];
  if (!hasBatchNorm(config.arch)) {
    if (config.bnSplits > 1) {
      const message = `${config.arch} has no batch norm: its groups only cost a shuffle.`;
      const fix = { label: 'Take 1 group', config: { bnSplits: 1 } };
      issues.push({ field: 'bnSplits', level: 'warning', message, fix });
    }
  } else if (config.bnSplits === 1) {
    issues.push({
      field: 'bnSplits',
      level: 'warning',
      message:
        'With one group the net can tell the positive by the batch statistics, and need not learn anything else.',
    });
  }
  if (config.cos && String(config.schedule) !== '120,160') {
    issues.push({ field: 'schedule', level: 'warning', message: 'Milestones are not used with the cosine schedule.' });
  }
  const usual = 0.03 * (config.batchSize / 256);
  if (config.learningRate > usual * 4) {
    issues.push({
      field: 'learningRate',
      level: 'warning',
      message: `${config.learningRate} is high for a batch of ${config.batchSize}: 0.03 belongs to 256 images, hence about ${usual.toPrecision(2)} here.`,
    });
  }
  if (config.imageSize <= 96 && config.imageSize > 40 && config.stem === 'imagenet' && hasBatchNorm(config.arch)) {
    issues.push({
      field: 'stem',
      level: 'warning',
      message: `At ${config.imageSize} px the ImageNet stem leaves a map of ${Math.ceil(config.imageSize / 32)} x ${Math.ceil(config.imageSize / 32)}: the small stem keeps more of the image, and takes longer.`,
    });
  }
  if (config.restart && config.resume === '') {
    issues.push({ field: 'restart', level: 'warning', message: 'There is no checkpoint to take weights from.' });
  }
  return issues;
}

function largestDivisor(number: number, limit: number): number {
  for (let divisor = Math.min(limit, number / 2); divisor > 1; divisor--) if (number % divisor === 0) return divisor;
  return 1;
}
