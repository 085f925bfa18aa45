/** Static data sets of views: `<class>/<name>-0.jpeg` is an image, `<name>-1.jpeg` and so on are views of it. */
import { AppError } from '../../common/errors.ts';
import { FileTableBuilder } from './file-table.ts';
import type { DatasetListing } from './list.ts';

const viewName = /^(.*)-(\d+)(\.[^.]+)$/s;

interface Sample {
  folder: string;
  /** The name that its files have in common; it may itself hold dashes, spaces and numbers. */
  name: string;
  label: number;
  /** File name by number. */
  files: Map<number, string>;
}

/**
 * The files of some views of every image of a static set, one listing for each view, all in the same order.
 *
 * Throws `data-invalid` where a name carries no number of a view, an image lacks one of the views, or has it twice: it
 * names the file.
 */
export function listStaticViews(listing: DatasetListing, views: readonly number[]): DatasetListing[] {
  const samples = [...samplesOf(listing).values()];
  for (const view of views) {
    const missing = samples.find(({ files }) => !files.has(view));
    if (missing) throw missingView(listing.root, missing, view, !samples.some(({ files }) => files.has(view)));
  }
  return views.map((view) => {
    const builder = new FileTableBuilder();
    for (const [first, last] of runsOf(samples)) {
      const { folder, label } = samples[first]!;
      builder.addFolder(
        folder,
        label,
        samples.slice(first, last).map(({ files }) => files.get(view)!),
      );
    }
    const files = builder.build();
    return { ...listing, files, labels: files.labels() };
  });
}

function samplesOf({ root, files }: DatasetListing): Map<string, Sample> {
  const samples = new Map<string, Sample>();
  for (let index = 0; index < files.length; index++) {
    const path = files.path(index);
    const slash = path.lastIndexOf('/');
    const [folder, file] = [path.slice(0, Math.max(0, slash)), path.slice(slash + 1)];
    const [, name, number] = viewName.exec(file) ?? [];
    if (name === undefined) throw notAView(`${root}/${path}`);
    const key = `${folder}/${name}`;
    let sample = samples.get(key);
    if (!sample) {
      sample = { folder, name, label: files.label(index), files: new Map() };
      samples.set(key, sample);
    }
    const other = sample.files.get(Number(number));
    if (other !== undefined) {
      throw new AppError('data-invalid', `${root}/${path} is the same view as ${other} beside it.`, {
        cure: 'Remove one of the two.',
      });
    }
    sample.files.set(Number(number), file);
  }
  return samples;
}

/** Stretches of samples of one folder, as [first, last (exclusive)]. */
function runsOf(samples: readonly Sample[]): [number, number][] {
  const runs: [number, number][] = [];
  for (const [index, { folder }] of samples.entries()) {
    const run = runs.at(-1);
    if (run && samples[run[0]]!.folder === folder) run[1] = index + 1;
    else runs.push([index, index + 1]);
  }
  return runs;
}

function notAView(path: string): AppError {
  return new AppError('data-invalid', `${path} carries no number of a view in its name.`, {
    cure: 'Give a static set as "contrast views" makes it: <class>/<name>-0.jpeg, <name>-1.jpeg, ...',
  });
}

function missingView(root: string, { folder, name }: Sample, view: number, everywhere: boolean): AppError {
  const path = [root, folder, `${name}-${view}.jpeg`].filter(Boolean).join('/');
  const message = everywhere ? `No image of ${root} has a view ${view}; ${path} is missing.` : `${path} is missing.`;
  const cure = everywhere
    ? 'Views 3 to 10 are made by "contrast views --aug super-hard", hard or easy.'
    : 'Make the static set again, or remove the other views of that image.';
  return new AppError('data-invalid', message, { cure });
}
