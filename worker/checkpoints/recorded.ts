/** A checkpoint by its path, with what was recorded of it: by the run that wrote it, or by its import. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { type CheckpointRole, type ImportedFile, importedFile } from '../../common/checkpoints.ts';
import { AppError } from '../../common/errors.ts';
import { readLines } from '../../system/read-lines.ts';
import type { JobContext } from '../job.ts';
import { hashFile } from './file-source.ts';
import { automatic, type Choice } from './recognise.ts';

export interface RecordedCheckpoint {
  file: string;
  /** Undefined where nobody recorded it. */
  sha256: string | undefined;
  imported: ImportedFile | null;
}

/**
 * `path` is a file, or the folder of an imported one. Throws `not-found` where there is neither, and `checkpoint-invalid`
 * where a linked file is gone.
 */
export function findRecorded(path: string): RecordedCheckpoint {
  const folder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ? path : dirname(path);
  const imported = readImported(folder);
  if (folder === path) {
    if (!imported) {
      throw new AppError('checkpoint-invalid', `${path} is a folder without an import.json.`, {
        cure: 'Name the checkpoint file.',
      });
    }
    const file = resolve(folder, imported.file);
    if (existsSync(file)) return { file, sha256: imported.sha256, imported };
    throw new AppError('checkpoint-invalid', `"${imported.name}" is gone: there is no ${file} any more.`, {
      cure:
        imported.how === 'linked' ? 'It was linked: put it back there, or import it again.' : 'Import it once more.',
    });
  }
  if (!existsSync(path)) {
    throw new AppError('not-found', `There is no checkpoint ${path}.`, {
      cure: 'Check the path; "contrast checkpoint ls" lists those of the workspace.',
    });
  }
  if (imported && resolve(folder, imported.file) === resolve(path)) {
    return { file: path, sha256: imported.sha256, imported };
  }
  return { file: path, sha256: recordedByRun(path), imported: null };
}

function readImported(folder: string): ImportedFile | null {
  const path = join(folder, 'import.json');
  if (!existsSync(path)) return null;
  try {
    return importedFile.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    throw new AppError('checkpoint-invalid', `${path} is no record of an import.`, { cause });
  }
}

/** The run's log has the hash of each of its checkpoints; of one that was written twice the last counts. */
function recordedByRun(path: string): string | undefined {
  const run = dirname(dirname(resolve(path)));
  let sha256: string | undefined;
  for (const { text } of readLines(join(run, 'events.jsonl'))) {
    if (!text.includes('"type":"checkpoint"')) continue;
    const event = JSON.parse(text) as { path: string; sha256: string };
    const named = isAbsolute(event.path) ? event.path : join(run, event.path);
    if (named === resolve(path)) sha256 = event.sha256;
  }
  return sha256;
}

export interface UsedCheckpoint {
  file: string;
  sha256: string;
  /** As it was recognised when it was imported, unless that is chosen anew. */
  choice: Choice;
}

/**
 * Finds, hashes and verifies a checkpoint that a run takes weights from, and records the use. Throws
 * `checkpoint-invalid` with both hashes where it is not the file that was recorded.
 */
export async function takeCheckpoint(
  path: string,
  role: CheckpointRole,
  { report, wishes }: Pick<JobContext, 'report' | 'wishes'>,
  choice: Partial<Choice> = {},
): Promise<UsedCheckpoint> {
  report({ type: 'progress', stage: 'verifying the checkpoint', done: 0, total: null });
  const { file, sha256: expected, imported } = findRecorded(path);
  const sha256 = await hashFile(file, wishes.signal);
  if (expected !== undefined && sha256 !== expected) {
    throw new AppError(
      'checkpoint-invalid',
      `${file} is damaged: expected SHA-256 ${expected} (${imported ? 'import.json' : 'the log of its run'}), found ${sha256}.`,
      { cure: imported ? 'Import the file again, or restore it.' : 'Take another checkpoint of the run.', field: role },
    );
  }
  report({ type: 'used', role, path: resolve(file), sha256 });
  return { file, sha256, choice: chosen(imported, choice) };
}

/** How a file is to be recognised: as it was when it was imported, unless that is chosen anew. */
export function chosen(imported: ImportedFile | null, choice: Partial<Choice>): Choice {
  const given = Object.fromEntries(
    Object.entries(choice).filter(([, value]) => value !== undefined && value !== 'auto'),
  );
  const encoderChosen = given.encoder !== undefined && given.encoder !== 'q';
  const known = imported && {
    arch: imported.arch ?? 'auto',
    ...(!encoderChosen && { encoder: imported.encoder, prefix: imported.prefix }),
  };
  return { ...automatic, ...given, ...known, ...(given.arch && { arch: given.arch }) };
}
