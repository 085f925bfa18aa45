// Electron's binary is not in its npm package: it is fetched on first use. Where that fails, or no window can be shown,
// the browser is the door, and a failed download is not tried again for a day.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { readJson, writeJson } from '../setup/files.mjs';
import { answers } from '../setup/network.mjs';
import { cacheFolder, modulesFolder, studioNode } from '../setup/paths.mjs';
import { stage } from '../setup/progress.mjs';
import { lastWords, run } from '../setup/run.mjs';

const folder = path.join(modulesFolder, 'electron');
const attemptFile = path.join(cacheFolder(), 'electron.json');
const dayMs = 24 * 60 * 60 * 1000;
const downloadWithinMs = 15 * 60 * 1000;

/** Why a window cannot be shown here, whatever is installed; undefined when it can. */
export function whyNoWindow({
  platform = process.platform,
  environment = process.env,
  userId = process.getuid?.(),
} = {}) {
  if (platform !== 'linux') return undefined;
  if (!environment.DISPLAY && !environment.WAYLAND_DISPLAY) return 'there is no display for Electron';
  if (userId === 0) return "Electron's sandbox does not run as root";
  return undefined;
}

/** Makes sure that the binary is there; resolves to why it is not, or undefined. */
export async function fetchElectron({ nowMs = Date.now() } = {}) {
  if (isInstalled()) return undefined;
  const { version } = readJson(path.join(folder, 'package.json'));
  const earlier = readJson(attemptFile);
  if (earlier?.version === version && nowMs - earlier.atMs < dayMs) {
    return `${earlier.reason}; "npx install-electron" tries again`;
  }
  try {
    await stage('Fetching Electron', () => install(version));
    return undefined;
  } catch (error) {
    mkdirSync(cacheFolder(), { recursive: true });
    writeJson(attemptFile, { version, atMs: nowMs, reason: error.message });
    return error.message;
  }
}

async function install(version) {
  const server =
    process.env.ELECTRON_MIRROR ||
    process.env.npm_config_electron_mirror ||
    'https://github.com/electron/electron/releases/';
  const failed = `Electron ${version} could not be downloaded`;
  const silence = await answers(server);
  if (silence) throw new Error(`${failed}: ${silence}`);
  const { code, signal, output } = await run(studioNode(), [path.join(folder, 'install.js')], {
    timeoutMs: downloadWithinMs,
  });
  if (code === 0 && isInstalled()) return;
  throw new Error(`${failed}: ${signal === 'timeout' ? 'it took too long' : lastWords(output)}`);
}

function isInstalled() {
  const pathFile = path.join(folder, 'path.txt');
  return existsSync(pathFile) && existsSync(path.join(folder, 'dist', readFileSync(pathFile, 'utf8')));
}
