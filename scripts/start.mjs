// npm start: sets up what is missing and opens the studio, in Electron where that is possible, else in the browser.
import path from 'node:path';
import { orExplain } from './setup/explain.mjs';
import { setUp } from './setup/index.mjs';
import { build, desktop, isBuilt } from './setup/pages.mjs';
import { root, studioNode } from './setup/paths.mjs';
import { say, stage } from './setup/progress.mjs';
import { fetchElectron, whyNoWindow } from './start/electron.mjs';
import { parseStart } from './start/options.mjs';
import { becomeProgram } from './start/program.mjs';

await orExplain(async () => {
  const options = parseStart(process.argv.slice(2));
  await setUp();
  const whyBrowser = options.web ? 'as --web asks' : (whyNoWindow() ?? (await fetchElectron()));
  if (whyBrowser) {
    say(`Contrast Studio in the browser (${whyBrowser}).`);
    return becomeProgram(studioNode(), [path.join(root, 'main', 'cli', 'index.ts'), 'serve', ...options.serve]);
  }
  if (!isBuilt(desktop)) await stage('Building the window', (report) => build(desktop, report));
  becomeProgram(path.join(root, 'node_modules', '.bin', 'electron'), [root, ...options.electron]);
});
