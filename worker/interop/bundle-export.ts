/** Runs as one zip that another studio imports: their folders as they are, with the hash of each file. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { AppError } from '../../common/errors.ts';
import { type BundleFile, bundleList } from '../../common/interop.ts';
import { crc32 } from '../../engine/checkpoints/crc32.ts';
import { planZip, type ZipPart } from '../../engine/checkpoints/zip-writer.ts';
import { writeAtomically } from '../checkpoints/atomic-files.ts';
import { type BundledFile, bundledFiles, restingRun } from './bundled-run.ts';

interface Options {
  checkpoints: boolean;
  overwrite: boolean;
  signal: AbortSignal;
  onBytes(stage: string, done: number, total: number): void;
}

export async function exportBundle(runs: readonly string[], target: string, options: Options): Promise<number> {
  if (existsSync(target) && !options.overwrite) {
    throw new AppError('conflict', `There is a file ${target} already.`, {
      cure: 'Choose another name, or replace it with --force.',
      field: 'target',
    });
  }
  const found = runs.map((folder) => ({
    folder,
    run: restingRun(folder),
    found: bundledFiles(folder, { checkpoints: options.checkpoints }),
  }));
  const total = found.reduce((sum, { found }) => sum + found.reduce((all, file) => all + file.sizeBytes, 0), 0);
  const parts: ZipPart[] = [];
  const list: BundleFile = { format: 'contrast-bundle', version: 1, runs: [] };
  let hashed = 0;
  for (const { folder, run, found: bundled } of found) {
    const { id, name, kind } = run;
    const files: BundleFile['runs'][number]['files'] = [];
    for (const file of bundled) {
      const { path, chunks } = file;
      const { sizeBytes, sha256, checksum } = await sumsOf(file, options.signal);
      requireCarried(name, file, sha256);
      files.push({ path, sizeBytes, sha256 });
      parts.push({ name: `${basename(folder)}/${path}`, sizeBytes, checksum, chunks });
      hashed += sizeBytes;
      options.onBytes('hashing', hashed, total);
    }
    list.runs.push({ id, name, kind, folder: basename(folder), files });
  }
  const bytes = Buffer.from(`${JSON.stringify(list, null, 2)}\n`);
  const plan = planZip([{ name: bundleList, sizeBytes: bytes.length, bytes: () => bytes }, ...parts], crc32);
  let written = 0;
  await writeAtomically(target, plan.sizeBytes, (append) =>
    plan.write(async (chunk) => {
      options.signal.throwIfAborted();
      await append(chunk);
      written += chunk.length;
      options.onBytes('writing', written, plan.sizeBytes);
    }),
  );
  return plan.sizeBytes;
}

/** A folder that several runs wrote to may hold another run's checkpoint by now. */
function requireCarried(run: string, { path, expectedSha256 }: BundledFile, sha256: string): void {
  if (expectedSha256 === undefined || expectedSha256 === sha256) return;
  const message = `${basename(path)} is not what "${run}" saved: expected SHA-256 ${expectedSha256}, found ${sha256}.`;
  throw new AppError('checkpoint-invalid', message, {
    cure: 'It lies outside of the run folder and was changed there. Put it back, or export without checkpoints.',
  });
}

async function sumsOf(file: BundledFile, signal: AbortSignal) {
  const hash = createHash('sha256');
  let checksum = 0;
  let sizeBytes = 0;
  for await (const chunk of file.chunks()) {
    signal.throwIfAborted();
    hash.update(chunk);
    checksum = crc32(chunk, checksum);
    sizeBytes += chunk.length;
  }
  return { sizeBytes, checksum, sha256: hash.digest('hex') };
}
