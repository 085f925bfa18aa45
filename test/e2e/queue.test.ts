/**
 * A sweep planned in the form and queued, then the queue itself: moved by keys and dragged, held, taken out, put back.
 * A real browser and the real studio; the queue is held, so that nothing starts.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFailed, test } from 'vitest';
import { openApplication } from '../../main/application.ts';
import { accessibilityProblems, openBrowser, screenshot, whyNoBrowser } from '../support/browser.ts';
import { type ServedStudio, serveStudio } from '../support/served-studio.ts';
import { makeData, testWorker, trainConfigFor } from '../support/studio-fixtures.ts';

const built = existsSync(join(import.meta.dirname, '..', '..', 'out', 'renderer', 'index.html'));
const whyNot = whyNoBrowser ?? (built ? undefined : 'the pages are not built: npm run build:pages');
const patience = 60_000;

let workspace: string;
let studio: ServedStudio;
let browser: Browser;
let page: Page;
let parent: string;
const thrown: string[] = [];

beforeAll(async () => {
  if (whyNot) return;
  workspace = mkdtempSync(join(tmpdir(), 'contrast-queue-'));
  const config = trainConfigFor(makeData(workspace, { epochs: 1, stepsPerEpoch: 2, stepMs: 0 }));
  const application = await openApplication({ workspace, workerEntry: testWorker });
  application.services.queue.hold();
  parent = (await application.services.runs.launch({ kind: 'train', config, name: 'Small' })).id;
  await application.close();
  studio = await serveStudio(workspace);
  browser = await openBrowser();
  page = await browser.newPage({ viewport: { width: 1280, height: 900 }, colorScheme: 'light' });
  page.setDefaultTimeout(patience);
  page.on('pageerror', (error) => thrown.push(error.message));
  await page.goto(studio.url);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await studio?.stop();
  if (workspace) rmSync(workspace, { recursive: true, force: true, maxRetries: 5 });
}, 120_000);

const go = (path: string) => page.goto(`${studio.url.split('#')[0]}#${path}`);
const names = () => page.locator('[data-name]').allTextContents();
/** What the sweep's runs are called, without what they are called after. */
const queue = async () => (await names()).map((name) => name.replace('Small · ', ''));
const polled = (expected: string[]) => expect.poll(queue, { timeout: patience }).toEqual(expected);

test.skipIf(whyNot)('from a sweep in the form to a queue in another order', { timeout: 240_000 }, async () => {
  onTestFailed(async () => {
    await screenshot(page, 'queue-failed');
    console.error(thrown);
  });
  await go(`/launch/again/${parent}`);
  const sweep = page.getByRole('region', { name: 'Sweep', exact: true });
  await expect
    .poll(() => page.getByRole('textbox', { name: 'Name', exact: true }).getAttribute('placeholder'), {
      timeout: patience,
    })
    .toBe('Small · again');
  await sweep.getByRole('button', { name: 'Vary a setting' }).click();
  await sweep.getByLabel('Setting to vary').fill('Learning');
  await page.getByRole('option', { name: 'Learning rate' }).click();
  const values = sweep.getByLabel('Values of Learning rate');
  await values.fill('0.0005, fast');
  await sweep.getByText('it is not a number').first().waitFor();
  await values.fill('0.0005, 0.001');
  await sweep.getByLabel('Seeds').fill('2');
  await sweep.getByText('4 runs').waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await sweep.getByRole('table').scrollIntoViewIfNeeded();
  await screenshot(page, 'sweep');
  await page.getByRole('button', { name: 'Queue 4 runs' }).click();

  const [a, b, c, d] = ['lr 0.001→0.0005, seed 0', 'lr 0.001→0.0005, seed 1', 'lr 0.001, seed 0', 'lr 0.001, seed 1'];
  await polled(['Small', a!, b!, c!, d!]);
  await page.getByRole('link', { name: `Small · ${d}` }).press('Alt+ArrowUp');
  await polled(['Small', a!, b!, d!, c!]);
  await page.keyboard.press('Alt+Home'); // the keys stay with the run
  await polled([d!, 'Small', a!, b!, c!]);
  const row = (name: string) => page.getByRole('listitem').filter({ hasText: name });
  await row(c!).dragTo(row(a!));
  await polled([d!, 'Small', c!, a!, b!]);

  await page.getByRole('button', { name: `Hold Small · ${c}` }).click();
  await row(c!).getByText('Held').waitFor();
  await page.getByRole('link', { name: `Small · ${c}` }).press('Delete');
  await polled([d!, 'Small', a!, b!]);
  await page.getByRole('button', { name: 'Undo' }).click();
  await polled([d!, 'Small', c!, a!, b!]);
  await row(c!).getByText('Held').waitFor();

  expect(await accessibilityProblems(page)).toEqual([]);
  await screenshot(page, 'queue');
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.reload();
  await polled([d!, 'Small', c!, a!, b!]);
  expect(await accessibilityProblems(page)).toEqual([]);
  await screenshot(page, 'queue-dark');

  await page.getByRole('button', { name: `Sweep of Small · ${c}` }).click();
  await page.getByRole('menuitem', { name: 'Take them out' }).click();
  await polled(['Small']);
  await page.getByRole('link', { name: 'Small' }).press('Delete');
  await page.getByText('Nothing runs and nothing waits').waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  expect(thrown).toEqual([]);
});
