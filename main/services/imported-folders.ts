/** `<workspace>/checkpoints/<id>-<slug>/`: the folders are the truth, the database their index. */
import { readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { importedFile } from '../../common/checkpoints.ts';
import { fileStamp } from '../../system/file-stamp.ts';
import { readLabel } from '../jobs/run-folder.ts';
import type { Store } from '../store/index.ts';

/** Brings the index up to date: new, changed and vanished folders. One that cannot be read is told of once a change. */
export function syncImported(checkpoints: string, store: Store, onWarning: (message: string) => void): void {
  const names = readdirSync(checkpoints, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => name);
  const known = new Map(store.checkpoints.imported().map((row) => [row.folder, row]));
  store.transaction(() => {
    for (const folder of known.keys()) if (!names.includes(folder)) store.checkpoints.removeImported(folder);
    for (const folder of names) {
      const path = join(checkpoints, folder);
      const stamp = `${fileStamp(join(path, 'import.json'))} ${fileStamp(join(path, 'label.json'))}`;
      if (known.get(folder)?.stamp === stamp) continue;
      try {
        const record = importedFile.parse(JSON.parse(readFileSync(join(path, 'import.json'), 'utf8')));
        const label = readLabel(path);
        store.checkpoints.putImported({
          sha256: record.sha256,
          folder,
          stamp,
          record: JSON.stringify(record),
          name: label?.name ?? record.name,
          createdAt: record.createdAt,
          trashedAt: label?.trashedAt ?? null,
        });
      } catch (thrown) {
        store.checkpoints.removeImported(folder);
        onWarning(`${path}: import.json cannot be read: ${thrown instanceof Error ? thrown.message : thrown}`);
      }
    }
  });
}

/** In two steps, so that a folder that is half gone is not taken for a checkpoint. */
export function deleteImported(folder: string): void {
  const going = join(dirname(folder), `.${basename(folder)}.deleted`);
  renameSync(folder, going);
  rmSync(going, { recursive: true, force: true, maxRetries: 3 });
}
