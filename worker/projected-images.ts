/** The images of a projection: those of a folder, or the views of a static set, one listing for each view. */
import { AppError } from '../common/errors.ts';
import type { ProjectConfig } from '../common/jobs/project.ts';
import { type DatasetListing, listDataset } from '../engine/datasets/list.ts';
import { pickFiles } from '../engine/datasets/pick-files.ts';
import { listStaticViews } from '../engine/datasets/static-views.ts';
import { diskReader } from './datasets/folder-reader.ts';
import type { JobContext } from './job.ts';

export interface ProjectedImages {
  /** Of a static set by number; null for the images of a folder. */
  view: number | null;
  listing: DatasetListing;
}

export async function listProjected(
  { data, split, views, classes, limit }: ProjectConfig,
  { report, wishes }: JobContext,
): Promise<ProjectedImages[]> {
  const list = (name: string | undefined) =>
    listDataset(data, diskReader, {
      split: name,
      emptyClass: 'warn',
      signal: wishes.signal,
      onProgress: ({ files }) => report({ type: 'progress', stage: 'scanning images', done: files, total: null }),
    });
  const first = await list(split || undefined);
  const hasVal = first.splits.some((name) => /^(val|test)/.test(name));
  const listing = split === '' && hasVal ? await list('val') : first;
  const all = isStatic(listing)
    ? listStaticViews(listing, views).map((images, place) => ({ view: views[place]!, listing: images }))
    : [{ view: null, listing }];
  const each = Math.floor(limit / all.length);
  return all.map(({ view, listing }) => ({ view, listing: reduced(listing, classes, each) }));
}

/** Whether every image has an original, `<name>-0.<ending>`, as the images of static sets do. */
function isStatic(listing: DatasetListing): boolean {
  try {
    return listStaticViews(listing, [0])[0]!.files.length < listing.files.length;
  } catch (thrown) {
    if (thrown instanceof AppError) return false;
    throw thrown;
  }
}

/** The first classes, and no more images than the limit: those at even distances. */
function reduced(listing: DatasetListing, classes: number, limit: number): DatasetListing {
  const places = Array.from(listing.labels.keys()).filter((place) => classes === 0 || listing.labels[place]! < classes);
  if (places.length <= limit && places.length === listing.files.length) return listing;
  const count = Math.min(limit, places.length);
  return pickFiles(
    listing,
    Array.from({ length: count }, (_, at) => places[Math.floor((at * places.length) / count)]!),
  );
}
