/**
 * A run as a bundle has it: its folder as it is, but for checkpoints that were written elsewhere (`--ckpt-dir`). They
 * are carried in its `checkpoints/`, and its events and config name them there.
 */
import { createReadStream, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { isAbsolute, join, parse } from 'node:path';
import { AppError } from '../../common/errors.ts';
import { isActive, type RunConfigFile, runConfigFile, runStateFile } from '../../common/records.ts';
import { readLines } from '../../system/read-lines.ts';
import { isBundled } from './bundle-names.ts';
import { eventsOf } from './recorded-metrics.ts';

export interface BundledFile {
  /** In the bundle, below the folder of the run. */
  path: string;
  /** About; what is rewritten is a little shorter or longer. */
  sizeBytes: number;
  /** Of a checkpoint that is carried: what it had when it was written. */
  expectedSha256?: string;
  chunks(): AsyncIterable<Buffer>;
}

interface Carried {
  path: string;
  sha256: string;
}

/** In the order of their names; links and what is not the run's own are left. */
export function bundledFiles(folder: string, { checkpoints }: { checkpoints: boolean }): BundledFile[] {
  const carried = carriedCheckpoints(folder);
  const own = filesOf(folder, checkpoints).map((path): BundledFile => {
    const file = join(folder, path);
    const sizeBytes = statSync(file).size;
    if (path === 'config.json') return { path, sizeBytes, chunks: () => rewrittenConfig(file) };
    if (path === 'events.jsonl' && carried.size > 0) {
      return { path, sizeBytes, chunks: () => rewrittenEvents(file, carried) };
    }
    return { path, sizeBytes, chunks: () => createReadStream(file) };
  });
  if (!checkpoints) return own;
  const more = [...carried]
    .filter(([file]) => existsSync(file))
    .map(([file, { path, sha256 }]): BundledFile => {
      return { path, sizeBytes: statSync(file).size, expectedSha256: sha256, chunks: () => createReadStream(file) };
    });
  return [...own, ...more];
}

/** A run that a worker may change at any moment would be bundled half. */
export function restingRun(folder: string): RunConfigFile {
  const config = runConfigFile.parse(JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')));
  const path = join(folder, 'state.json');
  const state = existsSync(path) ? runStateFile.parse(JSON.parse(readFileSync(path, 'utf8'))).state : 'interrupted';
  if (!isActive(state)) return config;
  throw new AppError('conflict', `"${config.name}" is ${state}: a bundle is made of a run at rest.`, {
    cure: 'Pause or stop it first.',
  });
}

function filesOf(folder: string, checkpoints: boolean, below = ''): string[] {
  const entries = readdirSync(join(folder, below), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = below ? `${below}/${entry.name}` : entry.name;
    if (!isBundled(path) || (!checkpoints && path === 'checkpoints')) return [];
    if (entry.isDirectory()) return filesOf(folder, checkpoints, path);
    return entry.isFile() ? [path] : [];
  });
}

/** Where checkpoints that lie elsewhere get their place, by their path; of one that was written twice the last counts. */
function carriedCheckpoints(folder: string): Map<string, Carried> {
  const carried = new Map<string, Carried>();
  const taken = new Set(filesOf(folder, true));
  for (const { event } of eventsOf(folder, 'checkpoint')) {
    if (event.type !== 'checkpoint' || !isAbsolute(event.path)) continue;
    const path = carried.get(event.path)?.path ?? freePlace(event.path, taken);
    taken.add(path);
    carried.set(event.path, { path, sha256: event.sha256 });
  }
  return carried;
}

function freePlace(file: string, taken: ReadonlySet<string>): string {
  const { name, ext } = parse(file);
  for (let count = 1; ; count++) {
    const path = `checkpoints/${name}${count === 1 ? '' : `-${count}`}${ext}`;
    if (!taken.has(path)) return path;
  }
}

const naming = /"type":"(checkpoint|checkpoint-removed|checkpoint-best|segment|result)"/;

async function* rewrittenEvents(file: string, carried: ReadonlyMap<string, Carried>): AsyncGenerator<Buffer> {
  const names = [...carried].map(([from, { path }]) => [JSON.stringify(from), JSON.stringify(path)] as const);
  let lines: string[] = [];
  for (const { text } of readLines(file)) {
    lines.push(naming.test(text) ? names.reduce((line, [from, to]) => line.replaceAll(from, () => to), text) : text);
    if (lines.length < 1000) continue;
    yield Buffer.from(`${lines.join('\n')}\n`);
    lines = [];
  }
  if (lines.length > 0) yield Buffer.from(`${lines.join('\n')}\n`);
}

/** Where it is imported, checkpoints are in the run's folder. */
async function* rewrittenConfig(file: string): AsyncGenerator<Buffer> {
  const bytes = readFileSync(file);
  const config = JSON.parse(bytes.toString()) as { config?: Record<string, unknown> };
  if (!config.config?.checkpointFolder) yield bytes;
  else
    yield Buffer.from(
      `${JSON.stringify({ ...config, config: { ...config.config, checkpointFolder: '' } }, null, 2)}\n`,
    );
}
