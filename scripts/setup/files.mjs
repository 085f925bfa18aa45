// Files that are either whole or not there.
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import path from 'node:path';

export function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined; // missing or half-written: the caller makes it anew
  }
}

/** Written to a neighbour, then renamed over the target. */
export function writeJson(file, value) {
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, `${JSON.stringify(value, null, 2)}\n`);
  renameSync(temporary, file);
}

/**
 * Makes `folder` with `fill(temporaryFolder)` and renames it into place, so that a folder with this name is always
 * complete. What earlier, interrupted attempts left beside it is removed.
 */
export async function makeFolder(folder, fill) {
  const parent = path.dirname(folder);
  const prefix = `.${path.basename(folder)}-`;
  await mkdir(parent, { recursive: true });
  for (const entry of readdirSync(parent)) {
    if (entry.startsWith(prefix)) await rm(path.join(parent, entry), { recursive: true, force: true });
  }
  const temporary = await mkdtemp(path.join(parent, prefix));
  try {
    await fill(temporary);
    await rm(folder, { recursive: true, force: true });
    await rename(temporary, folder);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** Bytes of all files below a folder; 0 where it is missing. Files may come and go meanwhile. */
export function folderBytes(folder) {
  if (!existsSync(folder)) return 0;
  let bytes = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const full = path.join(folder, entry.name);
    try {
      bytes += entry.isDirectory() ? folderBytes(full) : statSync(full).size;
    } catch {
      // renamed or removed between listing and looking
    }
  }
  return bytes;
}
