/** Features, labels and paths of all images of a folder, as files. */
import { constants } from 'node:fs';
import { copyFile, mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { EmbedConfig } from '../../common/jobs/embed.ts';
import { type DatasetListing, listDataset } from '../../engine/datasets/list.ts';
import { compareCodePoints } from '../../engine/datasets/names.ts';
import { writeAtomically } from '../../system/write-atomically.ts';
import { diskReader } from '../datasets/folder-reader.ts';
import { openEvaluation } from '../evaluation.ts';
import type { StoredFeatures } from '../feature-store.ts';
import type { Job, JobContext } from '../job.ts';
import { joinNpyRows, writeNpyIntegers } from '../npy.ts';

export const embedJob: Job<EmbedConfig> = async (config, context) => {
  const { folder } = context;
  const evaluation = await openEvaluation(config, context);
  const listings = await listSplits(config, context);
  const classes = [...new Set(listings.flatMap((listing) => listing.classes))].sort(compareCodePoints);

  const found: StoredFeatures[] = [];
  try {
    for (const listing of listings) found.push(await evaluation.features(listing));

    const target = config.output || join(folder, 'features');
    await mkdir(target, { recursive: true });
    const files = {
      features: join(target, 'features.npy'),
      labels: join(target, 'labels.npy'),
      paths: join(target, 'paths.json'),
    };
    await writeFeatures(files.features, found, context);
    const numberOf = new Map(classes.map((name, label) => [name, label]));
    const labels = found.flatMap(({ labels }, place) =>
      Array.from(labels, (label) => numberOf.get(listings[place]!.classes[label] ?? '') ?? -1),
    );
    await writeNpyIntegers(files.labels, Int32Array.from(labels));
    const paths = found.flatMap(({ images }, place) => {
      const { root, files } = listings[place]!;
      return Array.from(images, (index) => `${root}/${files.path(index)}`);
    });
    writeAtomically(files.paths, `${JSON.stringify(paths, null, 1)}\n`);

    const broken = found.flatMap(({ broken }) => broken.map(({ path, reason }) => ({ path, why: reason })));
    const values = { ...files, images: paths.length, dimension: evaluation.dimension, classes, broken };
    evaluation.record('embed', values, { measure: 'features', ...evaluation.protocol });
    return 'finished';
  } finally {
    for (const { rows } of found) await rows.close();
  }
};

/** The asked-for split, or all there are. */
async function listSplits({ data, split }: EmbedConfig, { report, wishes }: JobContext): Promise<DatasetListing[]> {
  const list = (name: string | undefined) =>
    listDataset(data, diskReader, {
      split: name,
      emptyClass: 'warn',
      signal: wishes.signal,
      onProgress: ({ files }) => report({ type: 'progress', stage: 'scanning images', done: files, total: null }),
    });
  const first = await list(split || undefined);
  const listings = [first];
  if (split === '') for (const name of first.splits.slice(1)) listings.push(await list(name));
  for (const message of listings.flatMap(({ warnings }) => warnings)) {
    report({ type: 'log', level: 'warning', message });
  }
  return listings;
}

/** One split's file is copied (where the file system can, without taking room again); several are joined. */
async function writeFeatures(path: string, found: StoredFeatures[], { report, wishes }: JobContext): Promise<void> {
  const [only] = found;
  if (found.length === 1 && only) {
    await copyFile(only.rows.path, `${path}.partial`, constants.COPYFILE_FICLONE);
    return rename(`${path}.partial`, path);
  }
  await joinNpyRows(
    path,
    found.map(({ rows }) => rows),
    {
      signal: wishes.signal,
      onProgress: (done, total) => report({ type: 'progress', stage: 'writing features', done, total }),
    },
  );
}
