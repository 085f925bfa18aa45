import { AppError } from '../../common/errors.ts';
import { compareCodePoints } from './names.ts';
import { readFolder, type Scan } from './scan.ts';

/** `val` and its like, also with more behind: `val-unseen-artist`. */
const splitName = /^(?:train|val|valid|validation|test)(?:[-_.].+)?$/;
const validationNames = ['val', 'valid', 'validation', 'test'];

/**
 * Which of the root's `folders` are splits, training first; none where it holds classes or images itself.
 *
 * `train` is also a thing to take pictures of: a folder with that name among classes is a split only if it holds
 * folders itself.
 */
export async function findSplits(root: string, folders: readonly string[], scan: Scan): Promise<string[]> {
  const splits = folders.filter((name) => splitName.test(name)).sort(bySplitOrder);
  if (splits.length === 0 || splits.length === folders.length) return splits;
  const isSplit = splits.includes('train') && (await readFolder(`${root}/train`, scan)).folders.length > 0;
  return isSplit ? splits : [];
}

/**
 * The split to list: without a wish the training split, or the first there is. `val` is satisfied by its other usual
 * names; `train` by a root without splits. Throws `data-invalid` where the split is not there.
 */
export function resolveSplit(root: string, splits: readonly string[], wanted?: string): string | undefined {
  if (wanted === undefined) return splits[0];
  if (splits.includes(wanted)) return wanted;
  if (wanted === 'val') {
    const other = validationNames.find((name) => splits.includes(name));
    if (other !== undefined) return other;
  }
  if (wanted === 'train' && splits.length === 0) return undefined;
  const found = splits.length === 0 ? 'no split folders' : `only ${splits.join(', ')}`;
  throw new AppError('data-invalid', `${root} has no ${wanted}/ folder: there are ${found}`, {
    cure:
      wanted === 'val'
        ? 'Put labelled images that training does not see into a folder val/ (or test/), one folder for each class.'
        : `Make a folder ${wanted}/, or choose another split.`,
  });
}

function bySplitOrder(a: string, b: string): number {
  return rank(a) - rank(b) || compareCodePoints(a, b);
}

function rank(name: string): number {
  if (name.startsWith('train')) return name === 'train' ? 0 : 1;
  const place = validationNames.indexOf(name);
  return place >= 0 ? 2 + place : 2 + validationNames.length;
}
