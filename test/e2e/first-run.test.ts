/**
 * What a new user does: three clicks from an empty workspace to a run that learns, in a real browser, with the real
 * studio and the real worker; and all of it is found again when the studio is started anew.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFailed, test } from 'vitest';
import { looksRight, openBrowser, screenshot, watchShifts, whyNoBrowser } from '../support/browser.ts';
import { type ServedStudio, serveStudio } from '../support/served-studio.ts';

const built = existsSync(join(import.meta.dirname, '..', '..', 'out', 'renderer', 'index.html'));
const whyNot = whyNoBrowser ?? (built ? undefined : 'the pages are not built: npm run build:pages');

/** A demo run this short is over in about a minute on two cores. */
const epochs = 2;
const probeImages = 500;
const imageSize = 16;
const trainingMs = 8 * 60_000;
/** For what a page shows at once on a machine that is not busy. */
const soon = { timeout: 90_000 };

let workspace: string;
let studio: ServedStudio;
let browser: Browser;
let page: Page;
const thrown: string[] = [];

beforeAll(async () => {
  if (whyNot) return;
  workspace = mkdtempSync(join(tmpdir(), 'contrast-first-run-'));
  studio = await serveStudio(workspace);
  browser = await openBrowser();
  page = await openPage();
});

afterAll(async () => {
  await browser?.close();
  await studio?.stop();
  if (workspace) rmSync(workspace, { recursive: true, force: true, maxRetries: 5 });
});

async function openPage(): Promise<Page> {
  const opened = await browser.newPage({ viewport: { width: 1440, height: 960 }, colorScheme: 'light' });
  opened.setDefaultTimeout(soon.timeout);
  opened.on('pageerror', (error) => thrown.push(error.message));
  await opened.goto(studio.url);
  return opened;
}

/** Points that a chart says it has drawn. */
async function pointsOf(chart: string): Promise<number> {
  const description = await page.locator(`[data-chart="${chart}"] canvas`).getAttribute('aria-label');
  return Number(/: (\d+) points/.exec(description ?? '')?.[1] ?? 0);
}

test.skipIf(whyNot)(`a first run${whyNot ? ` (${whyNot})` : ''}`, { timeout: trainingMs + 5 * 60_000 }, async () => {
  onTestFailed(() => screenshot(page, 'failed'));
  await page.getByText('No runs yet').waitFor();
  await looksRight(page, 'runs-empty');

  // Three clicks; in between, the run is made a short one.
  await page.getByRole('link', { name: 'Launch' }).click();
  await page.locator('[data-recipe="demo"]').waitFor();
  await looksRight(page, 'launch');
  await page.locator('[data-recipe="demo"]').click();
  await page.getByLabel('Epochs', { exact: true }).fill('two');
  await page.getByText('One thing to settle').waitFor();
  expect(await page.getByRole('button', { name: 'Start', exact: true }).isDisabled()).toBe(true);
  await looksRight(page, 'launch-error');
  await page.getByLabel('Epochs', { exact: true }).fill(String(epochs));
  await page.getByLabel('Measure every', { exact: true }).fill('1');
  await page.getByLabel('Image size', { exact: true }).fill(String(imageSize));
  await page.getByRole('switch', { name: /All fields/ }).click();
  await page.getByLabel('Most probe images', { exact: true }).fill(String(probeImages));
  await looksRight(page, 'launch-form');
  await page.getByRole('button', { name: 'Start', exact: true }).click();

  // The demo data is made on the way.
  await page.waitForURL(/#\/runs\/[^/]+$/, { timeout: 240_000 });
  const runUrl = new URL(page.url()).hash;

  await expect.poll(() => pointsOf('loss'), { timeout: trainingMs }).toBeGreaterThan(3);
  const before = await pointsOf('loss');
  const shifts = await watchShifts(page);
  // A machine may be fast enough to be through by now.
  const finished = page.getByText('Finished', { exact: true });
  const goesOn = async () => (await pointsOf('loss')) > before || (await finished.count()) > 0;
  await expect.poll(goesOn, { timeout: 240_000 }).toBe(true);
  await page.getByText(/ left/).or(finished).first().waitFor({ timeout: 240_000 });
  await looksRight(page, 'run-live');

  await finished.waitFor({ timeout: trainingMs });
  await expect.poll(() => pointsOf('knn'), soon).toBe(epochs + 1);
  // While it trained and when it ended nothing jumped about.
  const { score, moved } = await shifts();
  expect(score, moved.join('\n')).toBeLessThan(0.02);
  const knn = await page.locator('[data-chart="knn"] canvas').getAttribute('aria-label');
  expect(knn).toMatch(/untrained net at \d+\.\d\d %/);
  expect(knn).toMatch(/raw pixels at \d+\.\d\d %/);
  const figures = await page.locator('dl').first().textContent();
  expect(figures).toMatch(/Best kNN\s*\d+\.\d\d %/);
  const loss = await pointsOf('loss');
  await looksRight(page, 'run');
  await page.setViewportSize({ width: 900, height: 960 });
  await screenshot(page, 'run-narrow');
  await page.setViewportSize({ width: 1440, height: 960 });

  await page.getByRole('tab', { name: 'Log' }).click();
  await page
    .getByText(/Epoch: \[/)
    .first()
    .waitFor();
  await looksRight(page, 'run-log');
  await page.getByRole('tab', { name: 'Config' }).click();
  await page.getByText('npx contrast train', { exact: false }).waitFor();
  await looksRight(page, 'run-config');
  await page.getByRole('tab', { name: 'Environment' }).click();
  await page.getByText(workspace, { exact: false }).first().waitFor();
  await looksRight(page, 'run-environment');
  await page.getByRole('tab', { name: 'Checkpoints' }).click();
  await page
    .getByText(/checkpoint_\d+\.safetensors/)
    .first()
    .waitFor();
  await expect.poll(() => page.getByText('best kNN', { exact: true }).count(), soon).toBe(1);
  await looksRight(page, 'run-checkpoints');
  const download = page.waitForEvent('download');
  await page
    .getByRole('link', { name: /Download checkpoint/ })
    .first()
    .click();
  expect((await download).suggestedFilename()).toMatch(/^checkpoint_\d+\.safetensors$/);

  await page.getByRole('link', { name: 'Start from this' }).first().click();
  await expect
    .poll(() => page.getByLabel('Start from', { exact: true }).inputValue(), soon)
    .toMatch(/\/checkpoints\/checkpoint_\d+\.safetensors$/);
  await page.getByRole('link', { name: 'System' }).click();
  await page.getByRole('region', { name: 'Checks' }).getByRole('img').first().waitFor({ timeout: 240_000 });
  await looksRight(page, 'system');

  // All of it is there when the studio comes back.
  await page.close();
  await studio.stop();
  studio = await serveStudio(workspace);
  page = await openPage();
  const row = page.locator('tr[data-row]');
  await row.first().waitFor();
  await expect.poll(() => row.allTextContents(), soon).toEqual([expect.stringContaining('Finished')]);
  await looksRight(page, 'runs');
  await row.click();
  await expect.poll(() => new URL(page.url()).hash, soon).toBe(runUrl);
  await expect.poll(() => pointsOf('loss'), soon).toBe(loss);
  await expect.poll(() => pointsOf('knn'), soon).toBe(epochs + 1);
  await page.getByRole('tab', { name: 'Checkpoints' }).click();
  await page
    .getByText(/checkpoint_\d+\.safetensors/)
    .first()
    .waitFor();

  expect(thrown).toEqual([]);
});
