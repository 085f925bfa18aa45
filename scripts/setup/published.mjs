// tfjs-node-gpu's own build of 2022 (TensorFlow 2.9, CPU), where no wheel or no compiler is to be had.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { bindingIsPlaced } from './binding.mjs';
import { folderBytes, readJson } from './files.mjs';
import { answers } from './network.mjs';
import { studioNode, tfjsNodeFolder, toolEnvironment } from './paths.mjs';
import { megabytes } from './progress.mjs';
import { lastWords, run } from './run.mjs';

const downloadWithinMs = 20 * 60 * 1000;

/** Runs the package's own installer, after a quick look whether its server can be reached at all. */
export async function fetchPublished(report) {
  const { host } = readJson(path.join(tfjsNodeFolder, 'package.json')).binary;
  report(`asking ${new URL(host).host} for the published build`);
  const silence = await answers(host);
  if (silence) throw new Error(silence);
  const installer = path.join(tfjsNodeFolder, 'scripts', 'install.js');
  const downloads = path.join(tfjsNodeFolder, 'deps');
  const timer = setInterval(() => report(`the published build: ${megabytes(folderBytes(downloads))}`), 500);
  const result = await run(studioNode(), [installer, 'cpu', 'download'], {
    cwd: tfjsNodeFolder,
    env: toolEnvironment(),
    timeoutMs: downloadWithinMs,
  });
  clearInterval(timer);
  if (result.code !== 0 || !bindingIsPlaced() || !existsSync(downloads)) {
    throw new Error(`the published build could not be installed: ${lastWords(result.output)}`);
  }
}
