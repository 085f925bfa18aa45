/** A static set of views (ssl-small's sample-augs). */
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { AppError } from '../../common/errors.ts';
import type { ViewsConfig } from '../../common/jobs/static-views.ts';
import { stringifyNumbers } from '../../common/numbers.ts';
import { type DatasetListing, listDataset } from '../../engine/datasets/list.ts';
import type { Picture } from '../../engine/views/picture.ts';
import { createStaticViews, staticViewCount } from '../../engine/views/static-views.ts';
import { writeAtomically } from '../../system/write-atomically.ts';
import { diskReader } from '../datasets/folder-reader.ts';
import { loaderThreads } from '../features.ts';
import { decodeImage } from '../images/decode.ts';
import type { Job } from '../job.ts';

export const viewsJob: Job<ViewsConfig> = async (config, { folder, report, segment, wishes }) => {
  const { signal } = wishes;
  report({ type: 'segment', segment, epoch: 0, step: 0, resumedFrom: null, environment: {} });
  // Only what a stopped run of this very job left may be there.
  if (segment === 0) await requireEmpty(config.target);
  const listing = await listDataset(config.data, diskReader, {
    split: config.split || undefined,
    emptyClass: 'warn',
    signal,
    onProgress: ({ files }) => report({ type: 'progress', stage: 'scanning images', done: files, total: null }),
  });
  for (const message of listing.warnings) report({ type: 'log', level: 'warning', message });
  const samples = firstOfEachClass(listing, config.imagesPerClass);
  for (const name of new Set(samples.map(({ className }) => className))) {
    await mkdir(join(config.target, name), { recursive: true });
  }

  const count = staticViewCount(config.aug);
  const viewsOf = createStaticViews(config.aug, config.imageSize, config.seed);
  const broken: { path: string; why: string }[] = [];
  let [done, failedCrops, next] = [0, 0, 0];
  async function work() {
    for (let sample = samples[next++]; sample; sample = samples[next++]) {
      signal.throwIfAborted();
      try {
        const picture = await decodeImage(sample.path, config.decode);
        const { views, within } = viewsOf(picture, sample.label + 1, sample.place);
        if (!within) failedCrops++;
        await writeViews(
          join(config.target, sample.className, sample.name),
          [picture, ...squares(views, config)],
          config,
        );
      } catch (thrown) {
        if (!(thrown instanceof AppError && thrown.code === 'data-invalid')) throw thrown;
        report({ type: 'log', level: 'warning', message: `left out: ${thrown.message}` });
        broken.push({ path: sample.path, why: thrown.message });
      }
      report({ type: 'progress', stage: 'making views', done: ++done, total: samples.length });
    }
  }
  await Promise.all(Array.from({ length: loaderThreads(config.workers) }, work));

  const images = samples.length - broken.length;
  if (images === 0) throw new AppError('data-invalid', `All ${samples.length} images of ${config.data} are broken.`);
  const { aug, imageSize, imagesPerClass, quality, decode, seed } = config;
  const values = {
    classes: listing.classes.length,
    images,
    views: images * count,
    failedCrops,
    target: config.target,
    broken,
  };
  const protocol = { aug, imageSize, imagesPerClass, quality, decode, seed };
  await mkdir(join(folder, 'results'), { recursive: true });
  writeAtomically(join(folder, 'results/views.json'), `${stringifyNumbers({ values, protocol }, 2)}\n`);
  report({ type: 'result', name: 'views', values, protocol });
  return 'finished';
};

async function requireEmpty(target: string): Promise<void> {
  if (!existsSync(target) || (await readdir(target)).length === 0) return;
  throw new AppError('conflict', `${target} is not empty.`, {
    cure: 'Choose another folder, or empty this one.',
    field: 'target',
  });
}

interface Sample {
  path: string;
  className: string;
  label: number;
  /** Place within its class. */
  place: number;
  /** What its files are called, without number and ending. */
  name: string;
}

function firstOfEachClass({ root, split, files, classes }: DatasetListing, most: number): Sample[] {
  const samples: Sample[] = [];
  const counts = new Map<number, number>();
  const taken = new Set<string>();
  for (let index = 0; index < files.length; index++) {
    const label = files.label(index);
    const place = counts.get(label) ?? 0;
    if (place >= most) continue;
    counts.set(label, place + 1);
    const path = files.path(index);
    const className = classes[label] ?? '';
    const within = path.slice([split, className].filter(Boolean).join('/').length).replace(/^\//, '');
    const name = freeName(taken, className, within);
    samples.push({ path: `${root}/${path}`, className, label, place, name });
  }
  return samples;
}

/** The file's name without its ending; with it where another file has the same. Folders within a class become a part. */
function freeName(taken: Set<string>, className: string, path: string): string {
  const flat = path.replaceAll('/', '_');
  const plain = flat.replace(/\.[^.]+$/, '');
  const candidates = [plain, flat.replaceAll('.', '_')];
  for (let number = 2; ; number++) {
    const name = candidates.shift() ?? `${plain}_${number}`;
    if (taken.has(`${className}/${name}`)) continue;
    taken.add(`${className}/${name}`);
    return name;
  }
}

function squares(views: Uint8Array[], { imageSize }: ViewsConfig): Picture[] {
  return views.map((data) => ({ width: imageSize, height: imageSize, data }));
}

async function writeViews(base: string, pictures: Picture[], { quality }: ViewsConfig): Promise<void> {
  for (const [number, { data, width, height }] of pictures.entries()) {
    const bytes = await sharp(data, { raw: { width, height, channels: 3 } })
      .jpeg({ quality, chromaSubsampling: '4:2:0' })
      .toBuffer();
    // A killed process leaves whole files only.
    await writeFile(`${base}-${number}.partial`, bytes);
    await rename(`${base}-${number}.partial`, `${base}-${number}.jpeg`);
  }
}
