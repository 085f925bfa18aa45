import { AppError } from '../../common/errors.ts';
import { type FileTable, FileTableBuilder } from './file-table.ts';
import type { FolderReader, ScanProgress } from './folder-reader.ts';
import { compareCodePoints } from './names.ts';
import { danglingLink, readFolder, type Scan, scanTree, type Tree } from './scan.ts';
import { findSplits, resolveSplit } from './splits.ts';

export interface DatasetListing {
  /** `image-folder`: one folder a class, labels in `labels`; `flat`: images without labels. */
  kind: 'image-folder' | 'flat';
  root: string;
  /** The split that was listed; undefined where the root itself holds the classes or the images. */
  split: string | undefined;
  /** All splits beside it, training first. */
  splits: string[];
  /** Class names in the order of their labels: sorted by code point, as torchvision's ImageFolder does. */
  classes: string[];
  /** Paths below `root`, in ImageFolder's order. */
  files: FileTable;
  /** Class index of each file, -1 without labels. [files.length] */
  labels: Int32Array;
  /** What was seen and left out, for people. */
  warnings: string[];
}

export interface ListOptions {
  /** `train`, `val` (also found as `valid`, `validation` or `test`), or the name of a split's folder. */
  split?: string;
  /** A class folder without images: an error by default, as in ImageFolder; `warn` keeps the class and says so. */
  emptyClass?: 'refuse' | 'warn';
  onProgress?: (progress: ScanProgress) => void;
  signal?: AbortSignal;
}

/**
 * Finds the images of a dataset and their labels. Layouts: `<split>/<class>/**`, `<class>/**`, `<split>/*`, or a flat
 * folder of images. Folders within a class count as part of it. Names that begin with a dot are left out.
 *
 * Throws `data-invalid`, naming the folder and the cure, where a folder is missing, is a file, may not be read, holds no
 * images, or a class is empty, and where the asked split is not there.
 */
export async function listDataset(
  root: string,
  reader: FolderReader,
  options: ListOptions = {},
): Promise<DatasetListing> {
  const { emptyClass = 'refuse', onProgress, signal } = options;
  const scan: Scan = { reader, progress: { folders: 0, files: 0 }, onProgress, signal };
  const top = await readFolder(root, scan);
  const splits = await findSplits(root, top.folders, scan);
  const split = resolveSplit(root, splits, options.split);
  const base = split === undefined ? root : `${root}/${split}`;
  const prefix = split ?? '';
  const { folders: classes, images: stray, dangling } = split === undefined ? top : await readFolder(base, scan);

  const warnings = dangling.map((name) => danglingLink(base, name));
  const builder = new FileTableBuilder();
  const emptyClasses: string[] = [];
  const ancestors = new Set([await reader.identity(base)]);
  for (const [label, name] of classes.entries()) {
    const tree = await scanTree(`${base}/${name}`, scan, ancestors);
    if (tree.folders.length === 0) emptyClasses.push(name);
    addTree(builder, tree, join(prefix, name), label);
    warnings.push(...tree.warnings);
  }

  if (builder.length === 0) {
    if (stray.length === 0) throw noImages(base);
    // Images beside folders without any: the folders are no classes.
    builder.addFolder(prefix, -1, stray);
    return finish('flat', []);
  }
  if (stray.length > 0) {
    warnings.push(`${stray.length} images lie beside the class folders of ${base} and are left out, e.g. ${stray[0]}`);
  }
  if (emptyClasses.length > 0) {
    if (emptyClass === 'refuse') throw noImagesInClass(base, emptyClasses);
    for (const name of emptyClasses) warnings.push(`The class folder ${base}/${name} holds no images`);
  }
  return finish('image-folder', classes);

  function finish(kind: DatasetListing['kind'], classes: string[]): DatasetListing {
    const files = builder.build();
    return { kind, root, split, splits, classes, files, labels: files.labels(), warnings };
  }
}

function addTree(builder: FileTableBuilder, tree: Tree, prefix: string, label: number): void {
  // ImageFolder goes through sorted(os.walk(class)): by the whole path of the folder, then by file name.
  const folders = tree.folders.map(({ path, images }) => ({ path: join(prefix, path), images }));
  for (const { path, images } of folders.sort((a, b) => compareCodePoints(a.path, b.path))) {
    builder.addFolder(path, label, images);
  }
}

function join(folder: string, name: string): string {
  return folder === '' || name === '' ? folder + name : `${folder}/${name}`;
}

function noImages(folder: string): AppError {
  return new AppError('data-invalid', `There are no images in ${folder}`, {
    cure: 'Give a folder that holds jpg, png, webp, gif, tiff or bmp files, one folder for each class or all in one.',
  });
}

function noImagesInClass(folder: string, names: string[]): AppError {
  const rest = names.length > 1 ? ` (and ${names.length - 1} more classes)` : '';
  return new AppError('data-invalid', `The class folder ${folder}/${names[0]} holds no images${rest}`, {
    cure: 'Put images into it, or remove the empty folder.',
  });
}
