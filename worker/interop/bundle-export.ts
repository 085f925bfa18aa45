/** Runs as one zip that another studio imports: their folders as they are, with the hash of each file. */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { AppError } from '../../common/errors.ts';
import { type BundleFile, bundleList } from '../../common/interop.ts';
import { isActive, runConfigFile, runStateFile } from '../../common/records.ts';
import { crc32 } from '../../engine/checkpoints/crc32.ts';
import { planZip, type ZipPart } from '../../engine/checkpoints/zip-writer.ts';
import { writeAtomically } from '../checkpoints/atomic-files.ts';
import { isBundled } from './bundle-names.ts';

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
  const found = runs.map((folder) => ({ folder, paths: filesOf(folder, options.checkpoints) }));
  const total = found.reduce(
    (sum, { folder, paths }) => sum + paths.reduce((s, path) => s + sizeOf(folder, path), 0),
    0,
  );
  const parts: ZipPart[] = [];
  const list: BundleFile = { format: 'contrast-bundle', version: 1, runs: [] };
  let hashed = 0;
  for (const { folder, paths } of found) {
    const { id, name, kind } = restingRun(folder);
    const files: BundleFile['runs'][number]['files'] = [];
    for (const path of paths) {
      options.signal.throwIfAborted();
      const file = await sumsOf(join(folder, path), options.signal);
      files.push({ path, sizeBytes: file.sizeBytes, sha256: file.sha256 });
      parts.push({
        name: `${basename(folder)}/${path}`,
        sizeBytes: file.sizeBytes,
        checksum: file.checksum,
        chunks: () => createReadStream(join(folder, path)),
      });
      hashed += file.sizeBytes;
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

/** A run that a worker may change at any moment would be bundled half. */
function restingRun(folder: string) {
  const config = runConfigFile.parse(JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')));
  const path = join(folder, 'state.json');
  const state = existsSync(path) ? runStateFile.parse(JSON.parse(readFileSync(path, 'utf8'))).state : 'interrupted';
  if (!isActive(state)) return config;
  throw new AppError('conflict', `"${config.name}" is ${state}: a bundle is made of a run at rest.`, {
    cure: 'Pause or stop it first.',
  });
}

/** In the order of their names; links and what is not the run's own are left. */
function filesOf(folder: string, checkpoints: boolean, below = ''): string[] {
  const entries = readdirSync(join(folder, below), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = below ? `${below}/${entry.name}` : entry.name;
    if (!isBundled(path) || (!checkpoints && path === 'checkpoints')) return [];
    if (entry.isDirectory()) return filesOf(folder, checkpoints, path);
    return entry.isFile() ? [path] : [];
  });
}

const sizeOf = (folder: string, path: string) => statSync(join(folder, path)).size;

async function sumsOf(path: string, signal: AbortSignal) {
  const hash = createHash('sha256');
  let checksum = 0;
  let sizeBytes = 0;
  for await (const chunk of createReadStream(path, { signal, highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    checksum = crc32(chunk, checksum);
    sizeBytes += chunk.length;
  }
  return { sizeBytes, checksum, sha256: hash.digest('hex') };
}
