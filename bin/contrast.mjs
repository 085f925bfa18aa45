#!/usr/bin/env node
// The command line, on the Node that came with the packages where the one that runs this is too old for it.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const entry = path.join(root, 'main', 'cli', 'index.ts');
const ownNode = path.join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');

/** Runs TypeScript files as they are. */
function isNewEnough() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 18);
}

if (isNewEnough()) {
  await import(pathToFileURL(entry).href);
} else if (existsSync(ownNode)) {
  const windows = process.platform === 'win32';
  const child = spawn(ownNode, [entry, ...process.argv.slice(2)], { stdio: 'inherit', shell: windows });
  // Passed on even where the terminal has sent them to both: the same signal twice at once counts once there.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(`${ownNode} cannot be started: ${error.message}`);
    process.exitCode = 4;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0);
  });
} else {
  console.error(`contrast needs Node 22.18 or newer; this is ${process.version}, and the packages are not installed.`);
  console.error('Run "npm start" once: it installs everything, Node too.');
  process.exitCode = 4;
}
