/** Runs from a bundle: nothing of it is in the workspace before all of it was found to be what its list says. */
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { AppError } from '../../common/errors.ts';
import { recordedEvent } from '../../common/events.ts';
import { type BundleFile, bundleFile, bundleList, type FoundRun } from '../../common/interop.ts';
import { jobKinds } from '../../common/jobs/index.ts';
import { isActive, runConfigFile, runStateFile } from '../../common/records.ts';
import type { ByteSource } from '../../engine/checkpoints/byte-source.ts';
import { crc32 } from '../../engine/checkpoints/crc32.ts';
import { locateEntry, readZipDirectory, verifyEntry, type ZipEntry } from '../../engine/checkpoints/zip.ts';
import { readLines } from '../../system/read-lines.ts';
import { requireSpace } from '../checkpoints/atomic-files.ts';
import { openSource } from '../checkpoints/file-source.ts';
import { refusedName } from './bundle-names.ts';
import { bundledFiles } from './bundled-run.ts';

const mostListBytes = 16 << 20;
const chunkBytes = 1 << 20;

interface Options {
  into: string;
  preview: boolean;
  signal: AbortSignal;
  onBytes(done: number, total: number): void;
}

type BundledRun = BundleFile['runs'][number];

export interface ReadBundle {
  runs: { run: FoundRun; unfinished: string | null }[];
}

export async function readBundle(path: string, options: Options): Promise<ReadBundle> {
  const { source, close } = await openSource(path);
  const made: string[] = [];
  try {
    const entries = await asData(() => readZipDirectory(source));
    const list = await readList(source, entries);
    checkNames(source.name, list, entries);
    const total = list.runs.reduce((sum, { files }) => sum + files.reduce((all, file) => all + file.sizeBytes, 0), 0);
    if (!options.preview) await requireSpace(join(options.into, 'bundle'), total);
    const runs: ReadBundle['runs'] = [];
    let done = 0;
    for (const bundled of list.runs) {
      const existing = readdirSync(options.into).find(
        (name) => name === bundled.folder || name.endsWith(`-${bundled.id}`),
      );
      if (existing !== undefined) await requireSame(join(options.into, existing), bundled);
      const unfinished = options.preview || existing !== undefined ? null : join(options.into, `.${bundled.id}.new`);
      if (unfinished !== null) {
        made.push(unfinished);
        rmSync(unfinished, { recursive: true, force: true });
        mkdirSync(join(unfinished, 'checkpoints'), { recursive: true });
      }
      // Also of a preview all is verified: what it promises is what an import finds.
      for (const file of bundled.files) {
        const entry = entries.get(`${bundled.folder}/${file.path}`)!;
        const target = unfinished === null ? null : join(unfinished, file.path);
        await extract(source, entry, file, target, options.signal);
        done += file.sizeBytes;
        options.onBytes(done, total);
      }
      if (unfinished !== null) settle(source.name, unfinished, bundled);
      runs.push({
        run: foundRun(bundled, join(options.into, existing ?? bundled.folder), existing !== undefined),
        unfinished,
      });
    }
    return { runs };
  } catch (thrown) {
    for (const folder of made) rmSync(folder, { recursive: true, force: true });
    throw thrown;
  } finally {
    await close();
  }
}

const cure = 'Nothing was changed. Take another copy of the bundle, or export it again.';

function refuse(name: string, why: string): AppError {
  return new AppError('data-invalid', `${name}: ${why}`, { cure });
}

/** The reader of zip files speaks of checkpoints. */
async function asData<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code !== 'checkpoint-invalid') throw thrown;
    throw new AppError('data-invalid', thrown.message, { cure, cause: thrown });
  }
}

async function readList(source: ByteSource, entries: Map<string, ZipEntry>): Promise<BundleFile> {
  const entry = entries.get(bundleList);
  if (!entry) throw refuse(source.name, `it is a zip file, but no bundle of runs: it has no ${bundleList}.`);
  if (entry.sizeBytes > mostListBytes) throw refuse(source.name, `its ${bundleList} has ${entry.sizeBytes} bytes.`);
  const at = await placeOf(source, entry);
  const bytes = await source.read(at, entry.sizeBytes);
  // Its own hash is nowhere.
  await asData(async () => verifyEntry(source, entry, at, bytes, crc32));
  try {
    return bundleFile.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.slice(0, 300) : cause;
    throw refuse(source.name, `its ${bundleList} cannot be read: ${why}`);
  }
}

/** Stored files alone: a compressed one could unpack to any size, a link leads anywhere. */
async function placeOf(source: ByteSource, entry: ZipEntry): Promise<number> {
  if (entry.link) throw refuse(source.name, `${JSON.stringify(entry.name)} is a link; a bundle holds files alone.`);
  if (entry.compressed)
    throw refuse(source.name, `${JSON.stringify(entry.name)} is compressed; a bundle keeps files as they are.`);
  return asData(() => locateEntry(source, entry));
}

function checkNames(name: string, list: BundleFile, entries: Map<string, ZipEntry>) {
  const listed = new Set([bundleList]);
  const folded = new Set<string>();
  const folders = new Set<string>();
  const ids = new Set<string>();
  for (const run of list.runs) {
    if (ids.has(run.id)) throw refuse(name, `it has run ${run.id} twice.`);
    ids.add(run.id);
    if (run.folder.includes('/') || refusedName(run.folder))
      throw refuse(name, `${JSON.stringify(run.folder)} is no name of a run folder.`);
    if (!jobKinds.some((kind) => kind === run.kind))
      throw refuse(name, `the kind "${run.kind}" of run ${run.id} is not known to this version.`);
    if (!run.folder.endsWith(`-${run.id}`))
      throw refuse(name, `the folder ${run.folder} is not that of run ${run.id}.`);
    for (const { path, sizeBytes } of run.files) {
      const why = refusedName(path);
      if (why) throw refuse(name, `the path ${JSON.stringify(path)} is refused: ${why}.`);
      const whole = `${run.folder}/${path}`;
      // As systems that know no capitals and write accents apart would name it.
      const known = whole.normalize('NFC').toLowerCase();
      if (folded.has(known)) throw refuse(name, `${JSON.stringify(whole)} is named twice.`);
      folded.add(known);
      for (let at = known.indexOf('/'); at >= 0; at = known.indexOf('/', at + 1)) folders.add(known.slice(0, at));
      listed.add(whole);
      const entry = entries.get(whole);
      if (!entry) throw refuse(name, `${JSON.stringify(whole)} is listed, but not in it.`);
      if (entry.sizeBytes !== sizeBytes)
        throw refuse(name, `${JSON.stringify(whole)} should have ${sizeBytes} bytes, but has ${entry.sizeBytes}.`);
    }
    if (!run.files.some(({ path }) => path === 'config.json')) throw refuse(name, `run ${run.id} has no config.json.`);
  }
  for (const one of folded) {
    if (folders.has(one)) throw refuse(name, `${JSON.stringify(one)} is named as a file and as a folder.`);
  }
  for (const entry of entries.keys()) {
    if (!listed.has(entry)) throw refuse(name, `it holds ${JSON.stringify(entry)}, which its list does not name.`);
  }
}

async function extract(
  source: ByteSource,
  entry: ZipEntry,
  { path, sha256 }: BundledRun['files'][number],
  target: string | null,
  signal: AbortSignal,
) {
  const start = await placeOf(source, entry);
  if (target !== null) mkdirSync(dirname(target), { recursive: true });
  const file = target === null ? null : openSync(target, 'wx');
  const hash = createHash('sha256');
  try {
    for (let at = 0; at < entry.sizeBytes; at += chunkBytes) {
      signal.throwIfAborted();
      const bytes = await source.read(start + at, Math.min(chunkBytes, entry.sizeBytes - at));
      hash.update(bytes);
      if (file !== null) for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
    }
  } finally {
    if (file !== null) closeSync(file);
  }
  const found = hash.digest('hex');
  if (found !== sha256) throw refuse(source.name, `${path} is damaged: expected SHA-256 ${sha256}, found ${found}.`);
}

/** A run that is here already must be the same one, or nothing is done. */
async function requireSame(folder: string, bundled: BundledRun) {
  const here = existsSync(join(folder, 'config.json')) ? bundledFiles(folder, { checkpoints: false }) : [];
  for (const name of ['config.json', 'events.jsonl']) {
    const listed = bundled.files.find(({ path }) => path === name);
    const hash = createHash('sha256');
    const own = here.find(({ path }) => path === name);
    if (own) for await (const chunk of own.chunks()) hash.update(chunk);
    if (listed ? own && hash.digest('hex') === listed.sha256 : !own) continue;
    const what = name === 'config.json' ? 'settings' : 'events';
    const message = `The workspace has run ${bundled.id} ("${bundled.name}") already, with other ${what}.`;
    throw new AppError('conflict', message, {
      cure: 'Delete the one here for good first, or import into another workspace. Nothing was changed.',
    });
  }
}

function readOrEmpty(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0);
  }
}

/** What a run folder says is believed only as far as it concerns the folder itself. */
function settle(name: string, folder: string, bundled: BundledRun) {
  const config = runConfigFile.safeParse(parseOrNull(readOrEmpty(join(folder, 'config.json')).toString())).data;
  if (config?.id !== bundled.id || config.kind !== bundled.kind)
    throw refuse(name, `the config.json of ${bundled.id} is not its own.`);
  if (config.config.checkpointFolder)
    throw refuse(name, `run ${bundled.id} keeps its checkpoints outside of its folder.`);
  for (const { text } of readLines(join(folder, 'events.jsonl'))) {
    const event = recordedEvent.safeParse(parseOrNull(text)).data;
    if (!event) throw refuse(name, `a line of events.jsonl of ${bundled.id} is no event.`);
    if (event.type === 'checkpoint' && leadsOut(event.path)) {
      throw refuse(name, `run ${bundled.id} names a checkpoint outside of its folder: ${JSON.stringify(event.path)}.`);
    }
  }
  const path = join(folder, 'state.json');
  const state = runStateFile.safeParse(parseOrNull(readOrEmpty(path).toString())).data;
  if (!state) return rmSync(path, { force: true });
  // Its process was one of another machine; and nothing that arrives is to start by itself.
  const atRest = isActive(state.state) || state.state === 'queued' ? 'interrupted' : state.state;
  writeFileSync(path, `${JSON.stringify({ ...state, state: atRest, pid: null, processStart: null }, null, 2)}\n`);
}

function leadsOut(path: string): boolean {
  return isAbsolute(path) || /^[a-z]:/i.test(path) || path.split(/[\\/]/).includes('..');
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function foundRun({ id, name, kind, files }: BundledRun, folder: string, existing: boolean): FoundRun {
  const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
  const about = { tags: null, points: null, newPoints: 0, remarks: [] };
  return { id, name, kind, folder, existing, files: files.length, sizeBytes, ...about };
}
