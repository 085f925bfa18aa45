/** Unit features of the views of a static set, in one order. */
import { AppError } from '../common/errors.ts';
import type { DatasetListing } from '../engine/datasets/list.ts';
import { listDataset } from '../engine/datasets/list.ts';
import { listStaticViews } from '../engine/datasets/static-views.ts';
import { inSpace } from '../engine/evaluations/feature-space.ts';
import { checkedRows } from '../engine/evaluations/neighbours.ts';
import { heldWithin, pickedRows, type Rows } from '../engine/evaluations/rows.ts';
import { diskReader } from './datasets/folder-reader.ts';
import type { Evaluation } from './evaluation.ts';
import type { StoredFeatures } from './feature-store.ts';
import type { JobContext } from './job.ts';

export interface StaticFeatures {
  /** Unit features of the asked-for views, in their order, [images, dimension] each. */
  views: Rows[];
  /** Of each image. */
  labels: Int32Array;
  classes: string[];
  broken: { path: string; why: string }[];
}

/**
 * Calls `measure` with the features of some views of a static set. An image of which one of these views is broken is
 * left out. Originals (view 0) are prepared as the config says, views are taken as they are. Throws `data-invalid` where
 * a feature is not finite.
 */
export async function withStaticFeatures<Result>(
  root: string,
  numbers: readonly number[],
  { samplesPerClass }: { samplesPerClass: number },
  evaluation: Evaluation,
  { report, wishes }: JobContext,
  measure: (features: StaticFeatures) => Promise<Result>,
): Promise<Result> {
  const listing = await listDataset(root, diskReader, {
    emptyClass: 'warn',
    signal: wishes.signal,
    onProgress: ({ files }) => report({ type: 'progress', stage: 'scanning images', done: files, total: null }),
  });
  const listings = listStaticViews(listing, numbers);
  if (samplesPerClass > 0) requireCounts(listings[0]!, samplesPerClass);

  const found: StoredFeatures[] = [];
  try {
    for (const [place, images] of listings.entries()) {
      const named = { ...images, split: `view ${numbers[place]}` };
      found.push(await evaluation.features(named, numbers[place] === 0 ? undefined : 'whole'));
    }
    const broken = found.flatMap(({ broken }) => broken.map(({ path, reason }) => ({ path, why: reason })));
    const lost = new Set(found.flatMap(({ broken }) => broken.map(({ index }) => index)));
    const { heldBytes, blockBytes } = evaluation.memory(numbers.length);
    const labels = listings[0]!.labels.filter((_, index) => !lost.has(index));
    const views: Rows[] = [];
    for (const [place, { rows, images }] of found.entries()) {
      const kept = Int32Array.from(images.keys()).filter((row) => !lost.has(images[row]!));
      if (kept.length === 0) throw new AppError('data-invalid', `Of every image of ${root} a view is broken.`);
      const whole = kept.length === rows.count ? rows : pickedRows(rows, kept);
      const features = await heldWithin(whole, heldBytes);
      const checked = await checkedRows(`view ${numbers[place]}`, { features, labels }, evaluation.dimension);
      views.push(await inSpace(checked, 'norm', { blockBytes }));
    }
    return await measure({ views, labels, classes: listing.classes, broken });
  } finally {
    for (const { rows } of found) await rows.close();
  }
}

function requireCounts({ root, labels, classes }: DatasetListing, expected: number): void {
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  for (const [label, count] of counts) {
    if (count === expected) continue;
    const name = label < 0 ? root : `${root}/${classes[label]}`;
    throw new AppError('data-invalid', `${name} has ${count} images, not ${expected}.`, {
      cure: 'Leave --sample-per-class out: each class then counts with the images that it has.',
      field: 'samplesPerClass',
    });
  }
}
