// tfjs-node-gpu's N-API binding, compiled from the sources in its package against the libtensorflow of the wheel.
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { makeFolder, readJson } from './files.mjs';
import { cacheFolder, findProgram, nodeHeaders, tfjsNodeFolder } from './paths.mjs';
import { lastWords, run } from './run.mjs';
import { tensorFlowVersion } from './wheel.mjs';

const napiVersion = 8;
const flags = ['-shared', '-fPIC', '-O2', '-std=c++17', `-DNAPI_VERSION=${napiVersion}`];
const sources = path.join(tfjsNodeFolder, 'binding');
const placedFile = path.join(tfjsNodeFolder, 'lib', `napi-v${napiVersion}`, 'tfjs_binding.node');

export function compiler() {
  return findProgram([process.env.CXX, 'g++', 'c++', 'clang++'].filter(Boolean));
}

/** The versions that a built binding belongs to, and the key that they make. */
export function versions() {
  const tfjs = readJson(path.join(tfjsNodeFolder, 'package.json'))?.version ?? 'none';
  return { tfjs, key: `tfjs-${tfjs}-tensorflow-${tensorFlowVersion}` };
}

/** What keeps the binding from being built: [{ message, cure }]; nothing is wanted where it lies in the cache. */
export function bindingObstacles(library) {
  const headers = nodeHeaders();
  if (headers && existsSync(builtFile(library, headers))) return [];
  const obstacles = [];
  if (!headers) {
    obstacles.push({
      message: 'the headers of Node (node_api.h) are missing',
      cure: 'Install Node from https://nodejs.org.',
    });
  }
  if (!compiler()) {
    const cure = 'Install a C++ compiler (g++ or build-essential; on macOS the Xcode tools).';
    obstacles.push({ message: 'there is no C++ compiler (g++ or clang++) on the PATH', cure });
  }
  return obstacles;
}

/** The binding for the libraries in this folder, compiled if it is not in the cache (about 11 s). */
export async function buildBinding(library, report) {
  const headers = nodeHeaders();
  const file = builtFile(library, headers);
  if (existsSync(file)) return file;
  report('compiling the binding');
  await makeFolder(path.dirname(file), async (temporary) => {
    const result = await run(compiler(), [
      ...flags,
      ...['-I', headers, '-I', path.join(tfjsNodeFolder, '..'), '-I', path.join(library, 'tensorflow', 'include')],
      ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => path.join(sources, name)),
      ...['-o', path.join(temporary, path.basename(file))],
      ...linkArguments(path.join(library, 'tensorflow')),
    ]);
    if (result.code !== 0) throw new Error(`the binding does not compile: ${lastWords(result.output)}`);
  });
  return file;
}

function builtFile(library, headers) {
  const key = `${versions().key}-${path.basename(library)}-${hash(headers, library)}`;
  return path.join(cacheFolder(), 'binding', key, 'tfjs_binding.node');
}

function linkArguments(libraries) {
  const names = readdirSync(libraries).filter((name) => name.startsWith('libtensorflow_'));
  const platform = process.platform === 'darwin' ? ['-undefined', 'dynamic_lookup'] : [];
  return [...names.map((name) => path.join(libraries, name)), `-Wl,-rpath,${libraries}`, ...platform];
}

/** Changes when anything does that the compiled file depends on. */
function hash(headers, library) {
  const sum = createHash('sha256').update(flags.join(' ')).update(library);
  for (const name of readdirSync(sources).sort()) sum.update(readFileSync(path.join(sources, name)));
  sum
    .update(readFileSync(path.join(headers, 'node_api.h')))
    .update(readFileSync(path.join(headers, 'js_native_api.h')));
  return sum.digest('hex').slice(0, 12);
}

/** Puts the binding where tfjs-node-gpu looks for it; a process that has the old one loaded keeps it. */
export function placeBinding(file) {
  mkdirSync(path.dirname(placedFile), { recursive: true });
  const temporary = `${placedFile}.${process.pid}`;
  copyFileSync(file, temporary);
  renameSync(temporary, placedFile);
}

export function bindingIsPlaced() {
  return existsSync(placedFile);
}

export function removeBinding() {
  rmSync(path.dirname(placedFile), { recursive: true, force: true });
}
