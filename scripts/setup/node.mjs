// Stage 2: the studio runs on Node 24, which comes as an npm package; elsewhere the machine's own Node must do.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { packagedNode, root } from './paths.mjs';
import { run, SetupError } from './run.mjs';

/** Runs TypeScript files as they are (type stripping without a flag). */
const minimum = [22, 18];

export function isNewEnough(version, [major, minor] = minimum) {
  const [foundMajor = 0, foundMinor = 0] = version.replace(/^v/, '').split('.').map(Number);
  return foundMajor > major || (foundMajor === major && foundMinor >= minor);
}

/** Says at once, before anything is installed, when no Node will do. */
export function checkNode({ platform = process.platform, arch = process.arch, version = process.version } = {}) {
  const name = `node-${platform === 'win32' ? 'win' : platform}-${arch}`;
  const { optionalDependencies } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  if (optionalDependencies[name] || isNewEnough(version)) return;
  throw new SetupError(
    `Contrast Studio needs Node ${minimum.join('.')} or newer, this is ${version}, and npm has no Node package for ${platform} ${arch}.`,
    'Install Node 24 from https://nodejs.org (or with nvm, fnm, Homebrew) and run the same command again.',
  );
}

/** After the install: does the Node that npm brought start here (it does not on Alpine), or is the machine's own new enough? */
export async function checkPackagedNode() {
  const binary = packagedNode();
  const version = binary ? (await run(binary, ['--version'])).output.trim() : '';
  if (isNewEnough(version) || (!binary && isNewEnough(process.version))) return;
  throw new SetupError(
    binary
      ? `The Node that npm installed (${path.relative(root, binary)}) does not start on this machine: ${version}`
      : `npm did not install a Node package for this machine, and ${process.version} is older than ${minimum.join('.')}.`,
    binary
      ? 'It needs a Linux with glibc (Debian, Ubuntu, Fedora ...), not musl (Alpine).'
      : 'Run "npm ci --include=optional", or install Node 24 from https://nodejs.org.',
  );
}
