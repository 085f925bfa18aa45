import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { extname, join } from 'node:path';
import { AppError } from '../../common/errors.ts';
import type { ScanProgress } from '../../engine/datasets/folder-reader.ts';
import { type DatasetListing, listDataset } from '../../engine/datasets/list.ts';
import { compareCodePoints } from '../../engine/datasets/names.ts';
import { type DecodeMode, decodeImage, reasonInWords } from '../images/decode.ts';
import { diskReader } from './folder-reader.ts';
import { formatByExtension, formatOf } from './formats.ts';

export interface DatasetCheck {
  /** Files that decode, over all splits. */
  images: number;
  /** Number of classes of the training split, or of the root; 0 without labels. */
  classes: number;
  /** How many files each split holds, broken ones too; '' stands for a root without splits. */
  files: Record<string, number>;
  /** Files that do not decode. `path` is below the root. */
  broken: { path: string; why: string }[];
  /** What is odd but usable, for people. */
  warnings: string[];
}

export type CheckProgress =
  | { stage: 'listing'; files: number }
  | { stage: 'decoding'; done: number; total: number; broken: number };

export interface CheckOptions {
  decode?: DecodeMode;
  onProgress?: (progress: CheckProgress) => void;
  signal?: AbortSignal;
}

/** Files of another format than their name says that are named one by one; the rest is counted. */
const mislabelledShown = 20;
const reportEvery = 100;

/**
 * Decodes every image of a dataset, in all its splits, as training would.
 *
 * Empty, cut off and unreadable files, and files that hold no image whatever their name, are `broken`. An image whose
 * name says another format (a PNG named .jpg) decodes, here as in Pillow: it counts as an image, with a warning.
 *
 * Throws `data-invalid` where the folder cannot be listed (see `listDataset`; an empty class is a warning here) and
 * where not one file decodes. Rejects with the signal's reason when it is aborted.
 */
export async function checkDataset(root: string, options: CheckOptions = {}): Promise<DatasetCheck> {
  const { decode = 'pil', onProgress, signal } = options;
  const listings = await listEverySplit(root, signal, ({ files }) => onProgress?.({ stage: 'listing', files }));
  const total = listings.reduce((sum, { files }) => sum + files.length, 0);
  const broken: DatasetCheck['broken'] = [];
  const mislabelled: string[] = [];
  let done = 0;

  for (const { files } of listings) await forEachFile(files.paths(), checkFile);
  // libvips keeps one buffer of messages for all its threads, so that files which fail at the same time may get each
  // other's reasons: decoded again, one by one, they get their own.
  for (const file of broken) file.why = (await findFault(file.path)) ?? file.why;
  onProgress?.({ stage: 'decoding', done, total, broken: broken.length });

  broken.sort((a, b) => compareCodePoints(a.path, b.path)); // files are done in any order
  if (broken.length === total) {
    const { path, why } = broken[0]!;
    throw new AppError('data-invalid', `None of the ${total} images in ${root} can be used; ${path}: ${why}`, {
      cure: 'Check that the files were copied or unpacked completely.',
    });
  }
  return {
    images: total - broken.length,
    classes: listings[0]!.classes.length,
    files: Object.fromEntries(listings.map(({ split, files }) => [split ?? '', files.length])),
    broken,
    warnings: [
      ...listings.flatMap((listing) => listing.warnings),
      ...classWarnings(listings),
      ...mislabelledWarnings(),
    ],
  };

  async function checkFile(path: string): Promise<void> {
    signal?.throwIfAborted();
    const why = await findFault(path, noteFormat);
    if (why !== undefined) broken.push({ path, why });
    if (++done % reportEvery === 0) onProgress?.({ stage: 'decoding', done, total, broken: broken.length });
  }

  async function findFault(
    path: string,
    onDecoded?: (path: string, bytes: Buffer) => void,
  ): Promise<string | undefined> {
    try {
      const bytes = await readFile(join(root, path));
      await decodeImage(bytes, decode);
      onDecoded?.(path, bytes);
    } catch (thrown) {
      // What decodeImage throws has the decoder's own error as its cause.
      return reasonInWords(thrown instanceof AppError ? thrown.cause : thrown);
    }
  }

  function noteFormat(path: string, bytes: Buffer): void {
    const [said, held] = [formatByExtension(extname(path)), formatOf(bytes)];
    if (held !== undefined && said !== held) mislabelled.push(`${path} is named as ${said} but holds ${held}`);
  }

  function mislabelledWarnings(): string[] {
    mislabelled.sort();
    const rest = mislabelled.length - mislabelledShown;
    return rest > 0
      ? [...mislabelled.slice(0, mislabelledShown), `and ${rest} more files named as another format`]
      : mislabelled;
  }
}

/** The listings of all splits of a folder, the training split first; the folder's own where it has none. */
export async function listEverySplit(
  root: string,
  signal: AbortSignal | undefined,
  onProgress: (progress: ScanProgress) => void,
): Promise<DatasetListing[]> {
  const first = await listDataset(root, diskReader, { emptyClass: 'warn', signal, onProgress });
  const listings = [first];
  for (const split of first.splits.slice(1)) {
    listings.push(await listDataset(root, diskReader, { split, emptyClass: 'warn', signal, onProgress }));
  }
  return listings;
}

/** Labels are places in the sorted class list: a split with other classes has other labels. */
function classWarnings([first, ...others]: DatasetListing[]): string[] {
  return others.flatMap(({ split, classes }) => {
    const lacking = first!.classes.filter((name) => !classes.includes(name));
    const foreign = classes.filter((name) => !first!.classes.includes(name));
    const warning = (names: string[], what: string) =>
      names.length === 0 ? [] : [`${split}/ ${what} ${names.length} of the classes, e.g. ${names[0]}`];
    return [...warning(lacking, 'lacks'), ...warning(foreign, `has what ${first!.split}/ lacks:`)];
  });
}

/** As many files at once as keep the decoders busy while others are read. */
async function forEachFile(paths: Iterable<string>, visit: (path: string) => Promise<void>): Promise<void> {
  const left = paths[Symbol.iterator]();
  const lanes = Array.from({ length: availableParallelism() + 2 }, async () => {
    for (let next = left.next(); !next.done; next = left.next()) await visit(next.value);
  });
  await Promise.all(lanes);
}
