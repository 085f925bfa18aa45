/** The desktop application itself: runs where Electron's binary and a display are, and says why where they are not. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ElectronApplication, _electron as electron } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../support/studio.ts';

const root = join(import.meta.dirname, '..', '..');
const package_ = join(root, 'node_modules', 'electron');

const binary = existsSync(join(package_, 'path.txt'))
  ? join(package_, 'dist', readFileSync(join(package_, 'path.txt'), 'utf8').trim())
  : '';
const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
const reason = !existsSync(binary)
  ? "Electron's binary is not there"
  : process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY
    ? 'there is no display'
    : isRoot
      ? "Electron's sandbox does not run as root"
      : null;

async function launch(workspace: string): Promise<ElectronApplication> {
  if (!existsSync(join(root, 'out', 'app', 'main', 'electron', 'main.js'))) {
    const tool = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
    execFileSync(process.execPath, [tool, 'build'], { cwd: root });
  }
  const userData = `--user-data-dir=${temporaryFolder()}`;
  const application = await electron.launch({
    executablePath: binary,
    args: [root, `--workspace=${workspace}`, userData],
    cwd: root,
  });
  onTestFinished(() => application.close());
  return application;
}

test.skipIf(reason !== null)(
  `the window opens, shuts itself off and answers${reason ? ` (left out: ${reason})` : ''}`,
  async () => {
    const application = await launch(temporaryFolder());
    const window = await application.firstWindow();
    await window.waitForLoadState('domcontentloaded');
    expect(window.url()).toMatch(/^contrast:\/\/studio\//);
    // The page came up and has its answers through the port.
    await expect.poll(() => window.locator('h1, h2').count(), { timeout: 30_000 }).toBeGreaterThan(0);

    const inside = await window.evaluate(() => ({
      node: typeof Reflect.get(globalThis, 'process'),
      require: typeof Reflect.get(globalThis, 'require'),
    }));
    expect(inside).toEqual({ node: 'undefined', require: 'undefined' });
    // Neither another window nor another page can be opened from inside.
    await window.evaluate(() => void Reflect.get(globalThis, 'open')('about:blank'));
    expect(application.windows()).toHaveLength(1);
  },
);
