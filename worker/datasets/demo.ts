import { createHash } from 'node:crypto';
import { mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import sharp from 'sharp';
import { AppError } from '../../common/errors.ts';
import { type DemoPicture, type DemoPlan, defaultDemoPlan, picturesOf } from './demo-plan.ts';
import { describeDemo } from './demo-readme.ts';
import { type DemoRecord, differenceFromPlan, readDemoRecord, recordDemo } from './demo-record.ts';
import { type Drawing, placeDrawing, readDrawings } from './emoji-art.ts';

export interface DemoOptions extends Partial<DemoPlan> {
  onProgress?: (done: number, total: number) => void;
  signal?: AbortSignal;
}

export interface DemoDataset extends DemoRecord {
  path: string;
  /** False where the same dataset was there already, and was left as it was. */
  made: boolean;
}

/** Pictures in the making at once: enough to keep sharp's thread pool busy, few enough to stop quickly. */
const batchSize = 64;

/**
 * Draws the demo dataset: emoji by four artists, placed at random on white, as `train/<class>/*.png` and
 * `val/<class>/*.png`, and by a fifth artist, whom training never sees, as `val-unseen-artist/<class>/*.png`.
 * The same plan gives the same pixels on every machine (`pixelsSha256` tells); only their PNG compression may differ.
 *
 * The folder appears at once when all is done; a stopped or failed run leaves nothing. A complete dataset of the same
 * plan is kept. Throws `conflict` where `target` holds anything else, `environment` where the drawings are not
 * installed; rejects with the signal's reason when it is aborted.
 */
export async function makeDemoDataset(target: string, options: DemoOptions = {}): Promise<DemoDataset> {
  const { onProgress, signal, ...wishes } = options;
  const plan: DemoPlan = { ...defaultDemoPlan, ...wishes };
  const path = resolve(target);

  const existing = await existingDemo(path, plan);
  if (existing !== undefined) return { ...existing, path, made: false };

  await removeLeftovers(path);
  const partial = `${path}.partial-${process.pid}`;
  try {
    const pixelsSha256 = await drawAll(partial, plan, onProgress, signal);
    const record = await recordDemo(partial, plan, pixelsSha256);
    await writeFile(join(partial, 'README.md'), describeDemo(record));
    await writeFile(join(partial, 'dataset.json'), `${JSON.stringify(record, null, 2)}\n`);
    signal?.throwIfAborted();
    await rmdir(path).catch(() => undefined); // where an empty folder stands; what else stands there stops the rename
    await rename(partial, path);
    return { ...record, path, made: true };
  } finally {
    // A draw that failed leaves its neighbours writing for a moment.
    await rm(partial, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Returns the SHA-256 of all pixels, in the order of the plan. */
async function drawAll(
  folder: string,
  plan: DemoPlan,
  onProgress: DemoOptions['onProgress'],
  signal: AbortSignal | undefined,
): Promise<string> {
  const pictures = picturesOf(plan);
  const drawings = new Map<string, Map<string, Drawing>>();
  for (const artist of new Set(pictures.map((picture) => picture.artist))) {
    drawings.set(artist.id, await readDrawings(artist, plan.classes));
  }
  for (const subfolder of new Set(pictures.map((picture) => dirname(picture.path)))) {
    await mkdir(join(folder, subfolder), { recursive: true });
  }
  const hash = createHash('sha256');
  for (let start = 0; start < pictures.length; start += batchSize) {
    signal?.throwIfAborted();
    onProgress?.(start, pictures.length);
    for (const pixels of await Promise.all(pictures.slice(start, start + batchSize).map(draw))) hash.update(pixels);
  }
  onProgress?.(pictures.length, pictures.length);
  return hash.digest('hex');

  async function draw({ path, className, artist, placement }: DemoPicture): Promise<Buffer> {
    const svg = placeDrawing(drawings.get(artist.id)!.get(className)!, placement, plan.sizePixels);
    const { data, info } = await sharp(Buffer.from(svg)).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    await sharp(data, { raw: info }).png().toFile(join(folder, path));
    return data; // [height, width, 3] bytes
  }
}

/** The dataset that stands at `path`, if it is the planned one and complete; undefined where the place is free. */
async function existingDemo(path: string, plan: DemoPlan): Promise<DemoRecord | undefined> {
  const names = await readdir(path).catch((thrown) => {
    if (thrown.code === 'ENOENT') return [];
    throw new AppError('conflict', `No dataset can be made at ${path}: ${thrown.message}`, {
      cure: 'Choose a new or empty folder.',
      cause: thrown,
    });
  });
  if (names.length === 0) return undefined;
  const record = await readDemoRecord(path);
  if (record === undefined) {
    throw new AppError('conflict', `${path} is not empty, and what it holds is no demo dataset`, {
      cure: 'Choose a new or empty folder.',
    });
  }
  const difference = await differenceFromPlan(path, record, plan);
  if (difference === undefined) return record;
  throw new AppError('conflict', `${path} holds a demo dataset that ${difference}`, {
    cure: 'Remove that folder, or choose another place.',
  });
}

/** Removes unfinished folders of runs that were killed: those whose process is gone. */
async function removeLeftovers(path: string): Promise<void> {
  const prefix = `${basename(path)}.partial-`;
  for (const name of await readdir(dirname(path)).catch(() => [])) {
    if (!name.startsWith(prefix) || isAlive(Number(name.slice(prefix.length)))) continue;
    await rm(join(dirname(path), name), { recursive: true, force: true });
  }
}

function isAlive(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM';
  }
}
