// Stage 4: what must be built. The stamp beside the output holds a hash of everything that goes in; it is removed
// before a build and written after it, so that a half-built output is never taken for a whole one.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { readJson, writeJson } from './files.mjs';
import { runNpm } from './packages.mjs';
import { root, toolEnvironment } from './paths.mjs';
import { SetupError } from './run.mjs';

const configuration = ['package.json', 'package-lock.json', 'electron.vite.config.ts'];

/** The two builds: an npm script each, what goes in, and a file that comes out. */
export const pages = {
  script: 'build:pages',
  inputs: ['renderer', 'common', ...configuration],
  output: path.join('out', 'renderer', 'index.html'),
};
export const desktop = {
  script: 'build',
  inputs: ['renderer', 'common', 'engine', 'worker', 'main', 'preload', 'system', ...configuration],
  output: path.join('out', 'app', 'main', 'electron', 'main.js'),
};

export function isBuilt(build) {
  return (
    existsSync(path.join(root, build.output)) && readJson(stampFile(build))?.inputs === hashOfFiles(root, build.inputs)
  );
}

export async function build(which, report) {
  const inputs = hashOfFiles(root, which.inputs);
  rmSync(stampFile(which), { force: true });
  report(`npm run ${which.script}`);
  const result = await runNpm(['run', which.script], { env: toolEnvironment() });
  if (result.code !== 0 || !existsSync(path.join(root, which.output))) {
    throw new SetupError(
      `"npm run ${which.script}" failed:\n${result.output.trimEnd().split('\n').slice(-20).join('\n')}`,
      `Run "npm run ${which.script}" to see all of its output.`,
    );
  }
  mkdirSync(path.dirname(stampFile(which)), { recursive: true });
  writeJson(stampFile(which), { inputs });
}

function stampFile(which) {
  return path.join(root, 'out', `.${which.script.replace(':', '-')}.json`);
}

/** SHA-256 over names and contents of the files and folders given (relative to `base`); a missing one counts as such. */
export function hashOfFiles(base, names) {
  const sum = createHash('sha256');
  const add = (name) => {
    const full = path.join(base, name);
    const kind = statSync(full, { throwIfNoEntry: false });
    if (kind?.isDirectory()) for (const entry of readdirSync(full).sort()) add(path.join(name, entry));
    else
      sum
        .update(`${name}\0`)
        .update(kind ? readFileSync(full) : 'missing')
        .update('\0');
  };
  for (const name of names) add(name);
  return sum.digest('hex');
}
