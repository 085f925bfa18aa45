/** A training and a test split of images that come without: so many of each class by the seed, and the rest. */
import { AppError } from '../../common/errors.ts';
import { randomAt } from '../random.ts';
import { FileTableBuilder } from './file-table.ts';
import type { DatasetListing } from './list.ts';

interface SplitOptions {
  /** Images of each class to train on. */
  trainPerClass: number;
  seed: number;
  /** Classes that belong to neither. */
  without: readonly string[];
}

/** Throws `data-invalid` naming the first class that would have no image left to test. */
export function splitByClass(
  listing: DatasetListing,
  { trainPerClass, seed, without }: SplitOptions,
): { train: DatasetListing; test: DatasetListing } {
  const classes = listing.classes.filter((name) => !without.includes(name));
  const builders = { train: new FileTableBuilder(), test: new FileTableBuilder() };
  const byClass = new Map<number, number[]>();
  for (const [index, label] of listing.labels.entries()) {
    const members = byClass.get(label);
    if (members) members.push(index);
    else byClass.set(label, [index]);
  }
  for (const [label, name] of classes.entries()) {
    const members = byClass.get(listing.classes.indexOf(name)) ?? [];
    if (members.length <= trainPerClass) {
      throw new AppError(
        'data-invalid',
        `${listing.root}/${name} has ${members.length} images: with ${trainPerClass} to train on none is left to test.`,
        { cure: 'Take fewer with --train-per-class.', field: 'trainPerClass' },
      );
    }
    const chosen = new Set(randomAt(seed, 'split', label).permutation(members.length).subarray(0, trainPerClass));
    for (const [place, index] of members.entries()) {
      const path = listing.files.path(index);
      const slash = path.lastIndexOf('/');
      const builder = chosen.has(place) ? builders.train : builders.test;
      builder.addFolder(path.slice(0, Math.max(0, slash)), label, [path.slice(slash + 1)]);
    }
  }
  const finished = (split: 'train' | 'test'): DatasetListing => {
    const files = builders[split].build();
    return { ...listing, split, classes, files, labels: files.labels() };
  };
  return { train: finished('train'), test: finished('test') };
}
