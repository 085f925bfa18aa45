/** CIFAR's published files, unpacked once into a folder of images that everything here can read. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { AppError } from '../../common/errors.ts';
import { readPickle } from '../../engine/checkpoints/pickle.ts';
import { pythonGlobal } from '../../engine/checkpoints/pickle-globals.ts';
import { PickleRefusal, type PickleValue } from '../../engine/checkpoints/pickle-values.ts';
import {
  type CifarBatch,
  type CifarLayout,
  cifarBinary,
  cifarLayout,
  cifarNames,
  cifarPickle,
  cifarPicture,
  classesOf,
} from '../../engine/datasets/cifar.ts';
import { requireSpace } from '../checkpoints/atomic-files.ts';
import { openSource } from '../checkpoints/file-source.ts';
import type { JobContext } from '../job.ts';
import { lockFile } from '../lock-file.ts';

export interface FoundCifar extends CifarLayout {
  folder: string;
}

/** The folder itself, or the one that the archive unpacks to within it; undefined where neither is CIFAR. */
export async function findCifar(data: string): Promise<FoundCifar | undefined> {
  const inside = ['', 'cifar-10-batches-py', 'cifar-10-batches-bin', 'cifar-100-python', 'cifar-100-binary'];
  for (const folder of inside.map((name) => join(data, name))) {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    const layout = cifarLayout(new Set(entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name)));
    if (layout) return { ...layout, folder };
  }
  return undefined;
}

/** Written at once; few enough to stop quickly. */
const batchSize = 64;
/** What 60,000 small files take, with the rest of their blocks. */
const unpackedBytes = 300e6;
/** The pixels of CIFAR-100 are 150 MB in one pickle. */
const limits = { bytes: 2 ** 28, effort: 10_000_000 };

/**
 * `<cache>/datasets/<data set>-<key>/train/<class>/<number>.png` and `test/...`. Made where it is not there yet; it
 * appears at once when all is done. Throws `data-invalid` naming the file that is none of CIFAR's.
 */
export async function unpackCifar(found: FoundCifar, cache: string, context: JobContext): Promise<string> {
  const parent = join(cache, 'datasets');
  await mkdir(parent, { recursive: true });
  const target = join(parent, `${found.dataset}-${await keyOf(found)}`);
  if (existsSync(target)) return target;
  using _lock = await waitForLock(`${target}.lock`, context);
  if (existsSync(target)) return target; // another run has made it meanwhile
  const partial = `${target}.partial`;
  await rm(partial, { recursive: true, force: true });
  await requireSpace(partial, unpackedBytes);
  try {
    await unpack(found, partial, context);
    await rename(partial, target);
  } finally {
    await rm(partial, { recursive: true, force: true, maxRetries: 5 });
  }
  return target;
}

async function unpack(found: FoundCifar, target: string, { report, wishes }: JobContext): Promise<void> {
  const names = await classNames(found);
  for (const [split, files] of Object.entries(found.splits)) {
    for (const name of names) await mkdir(join(target, split, name), { recursive: true });
    let before = 0;
    for (const file of files) {
      const batch = await readBatch(found, file);
      const count = batch.labels.length;
      for (let first = 0; first < count; first += batchSize) {
        wishes.signal.throwIfAborted();
        const chosen = Array.from({ length: Math.min(batchSize, count - first) }, (_, place) => first + place);
        await Promise.all(chosen.map((index) => write(batch, index, before + index, split)));
        report({ type: 'progress', stage: `unpacking ${basename(found.folder)}/${file}`, done: first, total: count });
      }
      before += count;
    }
  }

  async function write(batch: CifarBatch, index: number, number: number, split: string): Promise<void> {
    const { data, width, height } = cifarPicture(batch, index);
    const name = `${String(number).padStart(5, '0')}.png`;
    await sharp(data, { raw: { width, height, channels: 3 } })
      .png({ compressionLevel: 3 })
      .toFile(join(target, split, names[batch.labels[index]!]!, name));
  }
}

async function readBatch({ folder, format, dataset }: FoundCifar, file: string): Promise<CifarBatch> {
  const path = join(folder, file);
  if (format === 'binary') return cifarBinary(path, await readFile(path), dataset);
  return cifarPickle(path, await readValue(path), classesOf(dataset));
}

/** As the data set names them; numbers where the file of names is missing. */
async function classNames({ folder, format, dataset, names }: FoundCifar): Promise<string[]> {
  const path = join(folder, names);
  const classes = classesOf(dataset);
  const numbers = Array.from({ length: classes }, (_, label) => String(label).padStart(2, '0'));
  if (!existsSync(path)) return numbers;
  const lines = async () => (await readFile(path, 'utf8')).split(/\r?\n/).filter(Boolean);
  const found = format === 'binary' ? await lines() : cifarNames(await readValue(path));
  const usable = found?.length === classes && new Set(found).size === classes && found.every(isFolderName);
  if (usable) return found;
  throw new AppError('data-invalid', `${path} does not name ${classes} classes.`, {
    cure: 'Unpack the published archive again, or remove that file: classes are then numbered.',
  });
}

const isFolderName = (name: string) => /^[\w -]+$/.test(name);

async function readValue(path: string): Promise<PickleValue> {
  const { source, close } = await openSource(path);
  try {
    const rules = {
      global: pythonGlobal,
      persistent(): PickleValue {
        throw new PickleRefusal('expected no objects outside of the file');
      },
    };
    return (await readPickle(source, 0, source.sizeBytes, rules, limits)).value;
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code !== 'checkpoint-invalid') throw thrown;
    throw new AppError('data-invalid', thrown.message, { cure: 'Unpack the published archive again.', cause: thrown });
  } finally {
    await close();
  }
}

/** Files that are written again have another one. */
async function keyOf({ folder, splits, names }: FoundCifar): Promise<string> {
  const hash = createHash('sha256').update(folder);
  for (const file of [...splits.train, ...splits.test, names]) {
    const status = await stat(join(folder, file)).catch(() => null);
    hash.update(`${file}\0${status?.size ?? -1}\0${status?.mtimeMs ?? 0}\n`);
  }
  return hash.digest('hex').slice(0, 16);
}

async function waitForLock(path: string, { report, wishes }: JobContext) {
  for (;;) {
    const lock = lockFile(path);
    if (lock.held) return lock;
    report({ type: 'progress', stage: 'waiting for another run that unpacks the same', done: 0, total: null });
    await sleep(500, undefined, { signal: wishes.signal });
  }
}
