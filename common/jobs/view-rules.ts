/** What must hold between the fields that make the views of contrastive training. */
import type { Issue } from '../launch.ts';
import type { CropPairs, TrainConfig } from './train.ts';
import { viewFields } from './training-fields.ts';

/** Intersection over union of a pair's crops, least and most; they must not lie within each other. */
export const overlapLimits: Partial<Record<CropPairs, readonly [number, number]>> = {
  'super-hard': [1e-4, 0.05],
  hard: [0.05, 0.25],
  easy: [0.25, 1],
};

/** Shares of an image that the crops of a published pipeline take at least, where they are not MoCo's. */
const publishedCrops: Partial<Record<TrainConfig['views'], number>> = { simclr: 0.08, swav: 0.14 };

export function viewIssues(config: TrainConfig): Issue[] {
  return [...cropPairIssues(config), ...viewAdvice(config), ...unusedColours(config)];
}

function cropPairIssues({ cropPairs, cropPairShare, cropScaleMin }: TrainConfig): Issue[] {
  const most = overlapLimits[cropPairs]?.[1];
  // Two crops of a share s of the image have at least 2s - 1 of it in common, of at most all of it together.
  const least = 2 * cropScaleMin - 1;
  if (most === undefined || cropPairShare === 0 || least <= most) return [];
  const message = `Crops of at least ${cropScaleMin} of the image share more than ${most}: there are no ${cropPairs} pairs.`;
  return [
    { field: 'cropScaleMin', level: 'error', message, fix: { label: 'Take 0.2', config: { cropScaleMin: 0.2 } } },
  ];
}

/** What the published pipelines set themselves. */
const ownColours = [
  ['jitter', 'the colour jitter'],
  ['greyProbability', 'how often a view is grey'],
  ['blurProbability', 'how often a view is blurred'],
] as const;

function unusedColours(config: TrainConfig): Issue[] {
  if (config.views === 'ssl-small') return [];
  return ownColours
    .filter(([key]) => config[key] !== viewFields[key].parse(undefined))
    .map(([field, what]) => ({
      field,
      level: 'warning',
      message: `The ${config.views} pipeline sets ${what} itself: this is not used.`,
    }));
}

function viewAdvice(config: TrainConfig): Issue[] {
  const { views, cropScaleMin, cropPairs, cropPairShare, overlap, hideAndSeek, hideProbability } = config;
  const issues: Issue[] = [];
  const warn = (field: keyof TrainConfig, message: string, fix?: Issue['fix']) =>
    issues.push({ field, level: 'warning', message, ...(fix && { fix }) });
  const published = publishedCrops[views];
  if (published !== undefined && cropScaleMin !== published) {
    const fix = { label: `Take ${published}`, config: { cropScaleMin: published } };
    warn('cropScaleMin', `The published ${views} pipeline takes crops of ${published} of the image or more.`, fix);
  }
  if (cropPairs === 'independent' && cropPairShare !== 1) {
    warn('cropPairShare', 'All crops are independent: there are no pairs to mix with.');
  }
  if (cropPairs === 'nointer' && cropPairShare === 1 && overlap !== 'keep') {
    const message = 'Crops of different quarters share nothing that could be replaced.';
    warn('overlap', message, { label: 'Keep the overlap', config: { overlap: 'keep' } });
  }
  if (hideAndSeek && hideProbability > 0.9) {
    warn('hideProbability', `With ${hideProbability} of the cells hidden, three views of four show next to nothing.`);
  }
  return issues;
}
