// tfjs-node-gpu's N-API binding, compiled from the sources in its package against the libtensorflow of the wheel.
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { makeFolder, readJson } from './files.mjs';
import { cacheFolder, findProgram, nodeHeaders, tfjsNodeFolder } from './paths.mjs';
import { lastWords, run, SetupError } from './run.mjs';
import { tensorFlowVersion } from './wheel.mjs';

const napiVersion = 8;
const flags = ['-shared', '-fPIC', '-O2', '-std=c++17', `-DNAPI_VERSION=${napiVersion}`];
const placedFile = path.join(tfjsNodeFolder, 'lib', `napi-v${napiVersion}`, 'tfjs_binding.node');

export function compiler() {
  return findProgram([process.env.CXX, 'g++', 'c++', 'clang++'].filter(Boolean));
}

/** The versions that a built binding belongs to, and the key that they make. */
export function versions() {
  const tfjs = readJson(path.join(tfjsNodeFolder, 'package.json'))?.version ?? 'none';
  return { tfjs, key: `tfjs-${tfjs}-tensorflow-${tensorFlowVersion}` };
}

/** The built binding in the cache for these libraries, compiled if need be (about 11 s). */
export async function buildBinding(library, report) {
  const sources = path.join(tfjsNodeFolder, 'binding');
  const headers = nodeHeaders();
  if (!headers)
    throw new SetupError('the headers of Node (node_api.h) are missing', 'Install Node from https://nodejs.org.');
  const key = `${versions().key}-${path.basename(library.folder)}-${hash(sources, headers, library.folder)}`;
  const folder = path.join(cacheFolder(), 'binding', key);
  const file = path.join(folder, 'tfjs_binding.node');
  if (existsSync(file)) return file;
  const program = compiler();
  if (!program)
    throw new SetupError(
      'there is no C++ compiler (g++ or clang++) on the PATH',
      'Install one (g++, build-essential; Xcode tools).',
    );
  report('compiling the binding');
  await makeFolder(folder, async (temporary) => {
    const result = await run(program, [
      ...flags,
      ...[
        '-I',
        headers,
        '-I',
        path.join(tfjsNodeFolder, '..'),
        '-I',
        path.join(library.folder, 'tensorflow', 'include'),
      ],
      ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => path.join(sources, name)),
      ...['-o', path.join(temporary, 'tfjs_binding.node')],
      ...linkArguments(path.join(library.folder, 'tensorflow')),
    ]);
    if (result.code !== 0) throw new Error(`the binding does not compile: ${lastWords(result.output)}`);
  });
  return file;
}

function linkArguments(libraries) {
  const names = readdirSync(libraries).filter((name) => name.startsWith('libtensorflow_'));
  const platform = process.platform === 'darwin' ? ['-undefined', 'dynamic_lookup'] : [];
  return [...names.map((name) => path.join(libraries, name)), `-Wl,-rpath,${libraries}`, ...platform];
}

/** Changes when anything does that the compiled file depends on. */
function hash(sources, headers, libraries) {
  const sum = createHash('sha256').update(flags.join(' ')).update(libraries);
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
