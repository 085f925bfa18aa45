/** Training and validation images with their labels, for evaluations. */
import { type DatasetListing, listDataset } from '../engine/datasets/list.ts';
import { diskReader } from './datasets/folder-reader.ts';
import type { JobContext } from './job.ts';
import { requireLabels, requireSameClasses } from './probe-set.ts';

/** `train`, and `val` by any of its names. Throws `data-invalid` where they have other classes. */
export async function listTrainAndVal(
  data: string,
  context: JobContext,
): Promise<{ train: DatasetListing; val: DatasetListing }> {
  const train = await listLabelled(data, 'train', context);
  const val = await listLabelled(data, 'val', context);
  requireSameClasses(data, train, val);
  return { train, val };
}

/** Throws `data-invalid` where there is no such split, or its images have no labels. */
async function listLabelled(data: string, split: string, { report, wishes }: JobContext): Promise<DatasetListing> {
  const listing = await listDataset(data, diskReader, {
    split,
    signal: wishes.signal,
    onProgress: ({ files }) => report({ type: 'progress', stage: 'scanning images', done: files, total: null }),
  });
  requireLabels(listing);
  return listing;
}
