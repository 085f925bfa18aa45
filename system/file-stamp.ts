/** Two versions of a file told apart without reading them. */
import { statSync } from 'node:fs';

/** Renaming gives a file a new inode: together with time and size it tells two versions apart. `none`: no file. */
export function fileStamp(path: string): string {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat ? `${stat.ino} ${stat.mtimeNs} ${stat.size}` : 'none';
}
