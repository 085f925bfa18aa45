/** The labelled images that a backbone is judged on during training: a bank, and one or more sets that are looked up in it. */
import { AppError } from '../common/errors.ts';
import type { FileTable } from '../engine/datasets/file-table.ts';
import { type DatasetListing, listDataset } from '../engine/datasets/list.ts';
import { diskReader } from './datasets/folder-reader.ts';

export interface LabelledFiles {
  /** The split's name, e.g. `val`. */
  name: string;
  files: string[];
  labels: Int32Array;
}

export interface ProbeSet {
  classes: string[];
  bank: LabelledFiles;
  /** The first is `val`; others have names that begin with it, e.g. `val-unseen-artist`. */
  probes: LabelledFiles[];
}

export interface ProbeSetOptions {
  /** Most images of a split; they are taken at even distances, hence from all classes. 0: all. */
  limit: number;
  onFolders?: (files: number) => void;
  signal?: AbortSignal;
}

/** Throws `data-invalid` where the folder has no labelled `train` and `val`, or they name different classes. */
export async function openProbeSet(root: string, options: ProbeSetOptions): Promise<ProbeSet> {
  const list = (split: string) =>
    listDataset(root, diskReader, {
      split,
      signal: options.signal,
      onProgress: ({ files }) => options.onFolders?.(files),
    });
  const bank = await list('train');
  requireLabels(bank);
  const extra = bank.splits.filter((name) => /^val[-_.]/.test(name));
  const probes: LabelledFiles[] = [];
  for (const split of ['val', ...extra]) {
    const listing = await list(split);
    requireLabels(listing);
    requireSameClasses(root, bank, listing);
    probes.push(labelled(listing, options.limit));
  }
  return { classes: bank.classes, bank: labelled(bank, options.limit), probes };
}

function labelled(listing: DatasetListing, limit: number): LabelledFiles {
  const indices = evenly(listing.files.length, limit);
  return {
    name: listing.split ?? 'train',
    files: indices.map((index) => absolute(listing.root, listing.files, index)),
    labels: Int32Array.from(indices, (index) => listing.labels[index]!),
  };
}

function absolute(root: string, files: FileTable, index: number): string {
  return `${root}/${files.path(index)}`;
}

function evenly(length: number, limit: number): number[] {
  const count = limit === 0 ? length : Math.min(limit, length);
  return Array.from({ length: count }, (_, position) => Math.floor((position * length) / count));
}

/** Throws `data-invalid` where the splits name different classes. */
export function requireSameClasses(root: string, bank: DatasetListing, probe: DatasetListing) {
  const known = new Set(bank.classes);
  const strange = probe.classes.find((name) => !known.has(name));
  const missing = bank.classes.find((name) => !probe.classes.includes(name));
  if (strange === undefined && missing === undefined) return;
  const message =
    strange !== undefined
      ? `The class "${strange}" of ${root}/${probe.split} is not among those of ${root}/${bank.split}.`
      : `The class "${missing}" of ${root}/${bank.split} is missing from ${root}/${probe.split}.`;
  throw new AppError('data-invalid', message, { cure: 'Both must hold the same class folders.', field: 'probe' });
}

/** Throws `data-invalid` where the images of a split have no labels. */
export function requireLabels({ kind, root, split }: DatasetListing): void {
  if (kind === 'image-folder') return;
  const folder = split === undefined ? root : `${root}/${split}`;
  throw new AppError('data-invalid', `${folder} has no class folders, so its images have no labels.`, {
    cure: 'Give a folder with train/<class>/* and val/<class>/*, or leave the probe set empty.',
    field: 'probe',
  });
}
