import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Of the disk that a path is on, or will be on once it is made. Null where the system does not tell. */
export async function diskSpace(path: string): Promise<{ totalBytes: number; freeBytes: number } | null> {
  try {
    const { bsize, blocks, bavail } = await statfs(path);
    return { totalBytes: bsize * blocks, freeBytes: bsize * bavail };
  } catch {
    const parent = dirname(path);
    return parent === path ? null : diskSpace(parent);
  }
}
