/** How many images are in a folder, quickly: names are looked at, no file is opened. The worker looks properly. */
import { opendir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface DataSummary {
  /** Images that training would see. */
  images: number;
  /** The time was up: there are more. */
  atLeast: boolean;
  /** Folders with images in the training part; null for a flat folder. */
  classes: number | null;
  /** There is a labelled part to train on and one to validate on. */
  probe: boolean;
  /** Why nothing can be taken from it; null when all is well. */
  problem: 'missing' | 'not-a-folder' | 'unreadable' | 'empty' | null;
}

export type DataSummarizer = (folder: string) => Promise<DataSummary>;

const timeLimitMs = 2000;
/** What changes deep inside a folder does not show in its own time stamp. */
const freshMs = 60_000;
const mostKept = 200;
/** Time stamps come in ticks, of some milliseconds or two seconds (FAT): a change within one tick does not show. */
const tickMs = 2000;

const isImage = /^[^.].*\.(?:jpe?g|png|webp|gif|tiff?|bmp)$/i;
const isTrain = /^train(?:[-_.].+)?$/;
const isValidation = /^(?:val|valid|validation|test)(?:[-_.].+)?$/;

export function createDataSummarizer(limitMs = timeLimitMs): DataSummarizer {
  const kept = new Map<string, { stamp: string; changedMs: number; at: number; summary: Promise<DataSummary> }>();
  return async (folder) => {
    const at = Date.now();
    const { stamp, changedMs } = await stampOf(folder);
    const before = kept.get(folder);
    const isSure = before && before.at - before.changedMs > tickMs;
    if (isSure && before.stamp === stamp && at - before.at < freshMs) return before.summary;
    if (kept.size >= mostKept) kept.delete(kept.keys().next().value!);
    const summary = summarize(folder, limitMs);
    kept.set(folder, { stamp, changedMs, at, summary });
    return summary;
  };
}

async function stampOf(folder: string): Promise<{ stamp: string; changedMs: number }> {
  const times = [folder, join(folder, 'train')].map((path) =>
    stat(path).then(
      ({ mtimeMs, ino }) => ({ stamp: `${ino} ${mtimeMs}`, changedMs: mtimeMs }),
      () => ({ stamp: '-', changedMs: 0 }),
    ),
  );
  const found = await Promise.all(times);
  return {
    stamp: found.map(({ stamp }) => stamp).join(),
    changedMs: Math.max(...found.map(({ changedMs }) => changedMs)),
  };
}

async function summarize(folder: string, limitMs: number): Promise<DataSummary> {
  const nothing = { images: 0, atLeast: false, classes: null, probe: false };
  try {
    const rows = await countRows(folder);
    if (rows) return { ...nothing, ...rows, problem: null };
    if (!(await stat(folder)).isDirectory()) return { ...nothing, problem: 'not-a-folder' };
    const until = Date.now() + limitMs;
    const root = await look(folder, until);
    const train = root.folders.filter((name) => isTrain.test(name)).sort()[0];
    const validation = root.folders.find((name) => isValidation.test(name));
    const base = train ? join(folder, train) : folder;
    const top = train ? await look(base, until) : root;
    const counted = await count(base, top, until);
    const validated = train && validation ? await look(join(folder, validation), until) : null;
    return {
      ...counted,
      probe: validated !== null && validated.folders.length > 0 && (counted.classes ?? 0) > 0,
      problem: counted.images === 0 && !counted.atLeast ? 'empty' : null,
    };
  } catch (thrown) {
    const code = (thrown as NodeJS.ErrnoException).code;
    if (code === undefined) throw thrown;
    return { ...nothing, problem: code === 'ENOENT' ? 'missing' : 'unreadable' };
  }
}

/** Rows of SEED's TSV by its line index; without one they are not counted here. Null where there is no TSV. */
async function countRows(data: string): Promise<{ images: number; atLeast: boolean } | null> {
  const path = data.endsWith('.tsv') ? data : join(data, 'train.tsv');
  if (!(await stat(path).catch(() => null))?.isFile()) return null;
  const index = await readFile(path.replace(/\.tsv$/, '.lineidx'), 'utf8').catch(() => null);
  return index === null ? { images: 0, atLeast: true } : { images: index.trim().split('\n').length, atLeast: false };
}

interface Look {
  images: number;
  folders: string[];
  complete: boolean;
}

/** The images right in a folder, and its folders. Links count as what their name says. */
async function look(folder: string, untilMs: number): Promise<Look> {
  const found: Look = { images: 0, folders: [], complete: true };
  let seen = 0;
  for await (const entry of await opendir(folder, { bufferSize: 1024 })) {
    if (entry.isDirectory() || (entry.isSymbolicLink() && !isImage.test(entry.name))) {
      if (!entry.name.startsWith('.') && entry.name !== '__MACOSX') found.folders.push(entry.name);
    } else if (isImage.test(entry.name)) found.images++;
    if (++seen % 1024 === 0 && Date.now() > untilMs) return { ...found, complete: false };
  }
  return found;
}

async function count(base: string, top: Look, untilMs: number) {
  let { images } = top;
  let atLeast = !top.complete;
  let classes = 0;
  const waiting = top.folders.map((name) => ({ path: join(base, name), isClass: true }));
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if (Date.now() > untilMs) {
      atLeast = true;
      break;
    }
    const found = await look(next.path, untilMs).catch(() => null);
    if (!found) continue; // one class that cannot be read: the check of the data names it
    images += found.images;
    if (!found.complete) atLeast = true;
    if (next.isClass) classes++;
    for (const name of found.folders) waiting.push({ path: join(next.path, name), isClass: false });
  }
  return { images, atLeast, classes: top.folders.length > 0 ? classes : null };
}
