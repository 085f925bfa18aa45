/** Takes a checkpoint file into `<workspace>/checkpoints`: whole, under its hash, or not at all. */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, resolve } from 'node:path';
import {
  type CheckpointPreview,
  checkpointIdLength,
  exportedLine,
  type ImportedFile,
  importedFile,
} from '../../common/checkpoints.ts';
import { AppError } from '../../common/errors.ts';
import { labelFile } from '../../common/records.ts';
import { incomingName, newIncoming } from '../../system/incoming.ts';
import { readLines } from '../../system/read-lines.ts';
import { writeAtomically } from '../../system/write-atomically.ts';
import { requireSpace } from './atomic-files.ts';

export interface ImportOptions {
  /** `<workspace>/checkpoints`. */
  into: string;
  /** Empty: the file's own. */
  name: string;
  link: boolean;
  signal: AbortSignal;
  onProgress(stage: string, done: number, total: number): void;
}

export interface Imported {
  folder: string;
  record: ImportedFile;
  /** It was here before. */
  existing: boolean;
}

/** The file is copied while it is hashed; one that was sent here is moved. */
export async function importFile(file: string, preview: CheckpointPreview, options: ImportOptions): Promise<Imported> {
  const { into, link, signal } = options;
  await mkdir(into, { recursive: true });
  const source = resolve(file);
  const sent = !relative(join(into, incomingName), source).startsWith('..');
  const copy = !link && !sent;
  const incoming = newIncoming(into);
  try {
    const staged = join(incoming, safeName(basename(source)));
    const hashed = await hashWhileCopying(source, copy ? staged : null, options);
    signal.throwIfAborted();
    const known = await findImported(into, hashed.sha256);
    if (known) {
      takeOutOfTrash(known.folder);
      if (sent) await rm(dirname(source), { recursive: true, force: true });
      return { ...known, existing: true };
    }
    if (sent) await rename(source, staged);
    // Where a file was sent from is not known here, and the place that it was sent to is gone by now.
    const record = recordOf(sent ? basename(source) : source, hashed, preview, options);
    writeAtomically(join(incoming, 'import.json'), `${JSON.stringify(record, null, 2)}\n`);
    const folder = join(
      into,
      [hashed.sha256.slice(0, checkpointIdLength), slugOf(record.name)].filter(Boolean).join('-'),
    );
    await placeFolder(incoming, folder);
    if (sent) await rm(dirname(source), { recursive: true, force: true });
    return { folder, record, existing: false };
  } finally {
    await rm(incoming, { recursive: true, force: true, maxRetries: 3 });
  }
}

interface Hashed {
  sha256: string;
  sizeBytes: number;
}

async function hashWhileCopying(source: string, target: string | null, options: ImportOptions): Promise<Hashed> {
  const { size: total } = await stat(source);
  if (target) await requireSpace(target, total);
  const hash = createHash('sha256');
  let sizeBytes = 0;
  const copy = target ? await open(target, 'wx') : null;
  try {
    for await (const chunk of createReadStream(source, { highWaterMark: 4 << 20, signal: options.signal })) {
      hash.update(chunk);
      for (let done = 0; copy && done < chunk.length; ) done += (await copy.write(chunk, done)).bytesWritten;
      sizeBytes += chunk.length;
      options.onProgress(target ? 'copying' : 'hashing', sizeBytes, total);
    }
    await copy?.sync();
  } catch (cause) {
    const full = cause instanceof Error && 'code' in cause && (cause.code === 'ENOSPC' || cause.code === 'EDQUOT');
    if (!full) throw cause;
    throw new AppError('environment', `The disk has no room for a copy of ${source} (${total} bytes).`, {
      cure: 'Free some space, or link the file instead of copying it.',
      cause,
    });
  } finally {
    await copy?.close();
  }
  return { sha256: hash.digest('hex'), sizeBytes };
}

/** Also one in the trash: its bytes are here. */
async function findImported(into: string, sha256: string): Promise<Omit<Imported, 'existing'> | null> {
  for (const name of await readdir(into)) {
    if (!name.startsWith(sha256.slice(0, checkpointIdLength))) continue;
    const folder = join(into, name);
    const record = importedFile.safeParse(
      JSON.parse(await readFile(join(folder, 'import.json'), 'utf8').catch(() => '{}')),
    );
    if (record.data?.sha256 === sha256) return { folder, record: record.data };
  }
  return null;
}

/** Who imports it again wants it back. */
function takeOutOfTrash(folder: string): void {
  const path = join(folder, 'label.json');
  if (!existsSync(path)) return;
  const label = labelFile.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data;
  if (label?.trashedAt) writeAtomically(path, `${JSON.stringify({ ...label, trashedAt: null }, null, 2)}\n`);
}

function recordOf(source: string, hashed: Hashed, preview: CheckpointPreview, options: ImportOptions): ImportedFile {
  const { format, layout, arch, stem, head, dim, imageSize, encoder, prefix, facts } = preview;
  const { matched, missing, unexpected, mismatched } = preview;
  return {
    formatVersion: 1,
    name: options.name || nameOf(source),
    original: source,
    how: options.link ? 'linked' : 'copied',
    file: options.link ? source : safeName(basename(source)),
    ...hashed,
    ...{ format, layout, arch, stem, head, dim, imageSize, encoder, prefix, facts },
    createdAt: new Date().toISOString(),
    parent: parentOf(options.into, hashed.sha256),
    counts: {
      matched: matched.length,
      missing: missing.length,
      unexpected: unexpected.length,
      mismatched: mismatched.length,
    },
  };
}

/** What was exported from this workspace is known by its hash. */
function parentOf(into: string, sha256: string): ImportedFile['parent'] {
  for (const { text } of readLines(join(into, 'exports.jsonl'))) {
    if (!text.includes(sha256)) continue;
    const line = exportedLine.safeParse(JSON.parse(text)).data;
    if (line?.sha256 === sha256) return { sha256: line.parentSha256, run: line.run };
  }
  return null;
}

/** The rename is what makes it there; a folder of that name that is none of an import (see above) is in the way. */
async function placeFolder(from: string, to: string): Promise<void> {
  await rename(from, to).catch((cause) => {
    throw new AppError('conflict', `${to} is in the way: it is no imported checkpoint.`, {
      cure: 'Remove or rename that folder.',
      cause,
    });
  });
  if (process.platform === 'win32') return;
  await using handle = await open(dirname(to), 'r');
  await handle.sync();
}

/** `import.json` and `label.json` are the folder's own. */
function safeName(name: string): string {
  return /^(import|label)\.json$/i.test(name) || name.startsWith('.') ? `checkpoint-${name}` : name;
}

function nameOf(source: string): string {
  const name = basename(source);
  const stem = name.endsWith('.pth.tar')
    ? name.slice(0, -'.pth.tar'.length)
    : name.slice(0, name.length - extname(name).length);
  return stem || name;
}

function slugOf(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 40);
}
