/** Keeps the store of features from growing for ever: what was not used for longest goes first; it can be made again. */
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** About two sets of ImageNet's size with 2,048 numbers each. */
const featureStoreBytes = 20 * 2 ** 30;
/** A partial file that nobody went on with for so long was given up. */
const partialLifetimeMs = 14 * 24 * 3600 * 1000;

/** Removes entries until the store takes no more than `limitBytes`, but never the one called `newest`. */
export function cleanFeatureStore(folder: string, newest: string, limitBytes = featureStoreBytes): void {
  const entries: { key: string; sizeBytes: number; usedMs: number }[] = [];
  for (const name of readdirSync(folder)) {
    const status = statSync(join(folder, name), { throwIfNoEntry: false });
    if (!status) continue;
    if (name.startsWith('.') && Date.now() - status.mtimeMs > partialLifetimeMs) remove(join(folder, name));
    if (!name.endsWith('.npy')) continue;
    const key = name.slice(0, -'.npy'.length);
    const about = statSync(join(folder, `${key}.json`), { throwIfNoEntry: false }); // touched at each use
    entries.push({ key, sizeBytes: status.size, usedMs: about?.mtimeMs ?? 0 });
  }
  let total = entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  for (const { key, sizeBytes } of entries.sort((left, right) => left.usedMs - right.usedMs)) {
    if (total <= limitBytes) return;
    if (key === newest) continue;
    remove(join(folder, `${key}.npy`));
    remove(join(folder, `${key}.json`));
    total -= sizeBytes;
  }
}

function remove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // In use by another process, on a system that minds.
  }
}
