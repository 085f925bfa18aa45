/** A part of a listing, in its order. */
import { FileTableBuilder } from './file-table.ts';
import type { DatasetListing } from './list.ts';

/** The files at some places, which rise. */
export function pickFiles(listing: DatasetListing, places: ArrayLike<number>): DatasetListing {
  const builder = new FileTableBuilder();
  let [folder, label, names] = ['', -1, [] as string[]];
  const flush = () => {
    if (names.length > 0) builder.addFolder(folder, label, names);
    names = [];
  };
  for (const index of Array.from(places)) {
    const path = listing.files.path(index);
    const slash = path.lastIndexOf('/');
    const [own, ownLabel] = [path.slice(0, Math.max(0, slash)), listing.labels[index]!];
    if (own !== folder || ownLabel !== label) flush();
    [folder, label] = [own, ownLabel];
    names.push(path.slice(slash + 1));
  }
  flush();
  const files = builder.build();
  return { ...listing, files, labels: files.labels() };
}
