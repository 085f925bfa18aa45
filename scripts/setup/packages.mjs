// Stage 1: the npm packages of package-lock.json, without any install script of theirs.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { readJson } from './files.mjs';
import { findProgram, modulesFolder, root } from './paths.mjs';
import { lastWords, run, SetupError } from './run.mjs';

/**
 * Whether the installed packages are those of the lock file. `installed` is npm's own record of what it unpacked,
 * which it writes last: after an interrupted install it is missing.
 */
export function packagesFit(lock, installed) {
  if (!lock?.packages || !installed?.packages) return false;
  for (const [where, wanted] of Object.entries(lock.packages)) {
    if (where === '' || wanted.link) continue;
    const found = installed.packages[where];
    // an optional package may rightly be absent (another platform), but not be of another version
    if (found ? found.version !== wanted.version : !(wanted.optional || wanted.devOptional)) return false;
  }
  return true;
}

export function packagesAreInstalled() {
  return packagesFit(
    readJson(path.join(root, 'package-lock.json')),
    readJson(path.join(modulesFolder, '.package-lock.json')),
  );
}

export async function installPackages(report) {
  const { packages } = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
  const folders = Object.keys(packages).filter((folder) => folder !== '' && isForThisMachine(packages[folder]));
  const timer = setInterval(() => {
    const done = folders.filter((folder) => existsSync(path.join(root, folder, 'package.json'))).length;
    report(done === 0 ? 'asking the registry' : `${done} of ${folders.length} packages`);
  }, 500);
  const result = await runNpm([
    'ci',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--prefer-offline',
    '--no-progress',
  ]);
  clearInterval(timer);
  if (result.code !== 0) {
    throw new SetupError(
      `npm could not install the packages: ${npmWords(result.output)}`,
      /EUSAGE/.test(result.output)
        ? 'Run "npm install" to bring package-lock.json in line with package.json.'
        : 'Check the network (and a proxy in ~/.npmrc), then run the same command again: it goes on where it stopped.',
    );
  }
}

function isForThisMachine({ os, cpu, libc }) {
  const musl = libc?.includes('musl') === true && !libc.includes('glibc');
  return (os?.includes(process.platform) ?? true) && (cpu?.includes(process.arch) ?? true) && !musl;
}

/** npm run by the Node it came with: `npm ci` removes node_modules, and with it the Node that may run this script. */
export function runNpm(args, options = {}) {
  const { npm_execpath: npmScript, npm_node_execpath: npmNode } = process.env;
  if (npmScript?.endsWith('.js') && npmNode && existsSync(npmNode))
    return run(npmNode, [npmScript, ...args], { env: process.env, ...options });
  const npm = findProgram(['npm']);
  if (!npm) throw new SetupError('npm is not on the PATH.', 'Install Node.js with npm from https://nodejs.org.');
  return run(npm, args, { env: process.env, ...options });
}

function npmWords(output) {
  const errors = output
    .split('\n')
    .filter((line) => /^npm (error|ERR!)/.test(line) && !/complete log|A complete/.test(line));
  return errors.length > 0
    ? errors
        .slice(0, 3)
        .map((line) => line.replace(/^npm (error|ERR!)\s*/, ''))
        .join(' ')
    : lastWords(output);
}
