/**
 * A sweep planned in the form and queued, then the queue itself: moved by keys and dragged, held, taken out, put back.
 * Before that the palette of commands, the contrast and the page that is remembered.
 * A real browser and the real studio; the queue is held, so that nothing starts.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFailed, test } from 'vitest';
import { openApplication } from '../../main/application.ts';
import { accessibilityProblems, looksRight, openBrowser, screenshot, whyNoBrowser } from '../support/browser.ts';
import { type ServedStudio, serveStudio } from '../support/served-studio.ts';
import { makeData, testWorker, trainConfigFor, untilState } from '../support/studio.ts';

const built = existsSync(join(import.meta.dirname, '..', '..', 'out', 'renderer', 'index.html'));
const whyNot = whyNoBrowser ?? (built ? undefined : 'the pages are not built: npm run build:pages');
const patience = 120_000;

let workspace: string;
let studio: ServedStudio;
let browser: Browser;
let page: Page;
let parent: string;
const thrown: string[] = [];

beforeAll(async () => {
  if (whyNot) return;
  workspace = mkdtempSync(join(tmpdir(), 'contrast-queue-'));
  const config = trainConfigFor(makeData(workspace, { epochs: 1, stepsPerEpoch: 2, stepMs: 500 }));
  const application = await openApplication({ workspace, workerEntry: testWorker });
  // By its pace the times of those that wait are reckoned.
  const { id: paced } = await application.services.runs.launch({ kind: 'train', config, name: 'Paced' });
  await untilState(application, paced, 'finished');
  application.services.queue.hold();
  parent = (await application.services.runs.launch({ kind: 'train', config, name: 'Small' })).id;
  await application.close();
  studio = await serveStudio(workspace);
  browser = await openBrowser();
  page = await browser.newPage({ viewport: { width: 1280, height: 900 }, colorScheme: 'light' });
  page.setDefaultTimeout(patience);
  page.on('pageerror', (error) => thrown.push(error.message));
  await page.goto(studio.url);
});

afterAll(async () => {
  await browser?.close();
  await studio?.stop();
  if (workspace) rmSync(workspace, { recursive: true, force: true, maxRetries: 5 });
});

const go = (path: string) => page.goto(`${studio.url.split('#')[0]}#${path}`);
const names = () => page.locator('[data-name]').allTextContents();
/** What the sweep's runs are called, without what they are called after. */
const queue = async () => (await names()).map((name) => name.replace('Small · ', ''));
const polled = (expected: string[]) => expect.poll(queue, { timeout: patience }).toEqual(expected);

test.skipIf(whyNot)('anything by its name; contrast and page are remembered', { timeout: 10 * 60_000 }, async () => {
  onTestFailed(() => screenshot(page, 'palette-failed'));
  await page.getByText('Paced').first().waitFor();
  const commands = page.getByRole('textbox', { name: 'Commands' });
  await page.keyboard.press('Control+k');
  await commands.fill('chains');
  expect(await accessibilityProblems(page)).toEqual([]);
  await screenshot(page, 'palette');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Chains', level: 1 }).waitFor();
  await page.getByText('No chain was started yet').waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.keyboard.press('Control+k');
  await commands.fill('Small');
  await page.getByRole('button', { name: /^Small/ }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Small', level: 1 }).waitFor();

  // By hand, then as the system asks for it; what was chosen by hand stays.
  const html = page.locator('html');
  const high = page.getByRole('button', { name: 'High contrast' });
  await high.click();
  await html.and(page.locator('[data-high-contrast]')).waitFor({ state: 'attached' });
  await looksRight(page, 'high-contrast');
  // Without a route: it begins where it was.
  await page.goto('about:blank');
  await page.goto(studio.url);
  await page.getByRole('heading', { name: 'Small', level: 1 }).waitFor();
  await expect.poll(() => high.getAttribute('aria-pressed'), { timeout: patience }).toBe('true');
  await high.click();
  await html.and(page.locator(':not([data-high-contrast])')).waitFor({ state: 'attached' });

  // The list of shortcuts, by its key; the focus goes back to where it was.
  await high.focus();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).getByText('Ctrl').first().waitFor();
  await page.keyboard.press('Escape');
  await page.locator('button:focus').and(high).waitFor();
});

test.skipIf(whyNot)('duplicated with changes a run is called by what differs', { timeout: 10 * 60_000 }, async () => {
  await go(`/launch/again/${parent}`);
  await page.locator('[data-field="learningRate"] input').fill('0.002');
  const name = page.getByRole('textbox', { name: 'Name', exact: true });
  const expected = 'Small · lr 0.001→0.002';
  await expect.poll(() => name.getAttribute('placeholder'), { timeout: patience }).toBe(expected);
  const start = page.getByRole('button', { name: 'Start', exact: true });
  await expect.poll(() => start.isEnabled(), { timeout: patience }).toBe(true);
  await start.click();
  await page.getByRole('heading', { name: expected, level: 1 }).waitFor();
  await go('/queue');
  await polled(['Small', 'lr 0.001→0.002']);
  await page.getByRole('link', { name: expected }).press('Delete');
  await polled(['Small']);
});

test.skipIf(whyNot)('from a sweep in the form to a queue in another order', { timeout: 10 * 60_000 }, async () => {
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
  const rate = page.locator('[data-field="learningRate"]');
  const vary = rate.getByRole('button', { name: 'Vary Learning rate' });
  await vary.click();
  const values = rate.getByRole('textbox', { name: 'Learning rate' });
  await expect.poll(() => values.inputValue(), { timeout: patience }).toBe('0.001'); // the value that it had
  await values.fill('0.0005, fast');
  await rate.getByText('it is not a number').first().waitFor();
  await values.fill('0.01..1 x 3 log');
  await rate.getByText('3 values: 0.01, 0.1, 1').waitFor();
  await expect.poll(() => vary.getAttribute('aria-pressed'), { timeout: patience }).toBe('true');
  const stem = page.locator('[data-field="stem"]');
  await stem.getByRole('button', { name: 'Vary Stem' }).click();
  await stem.getByRole('combobox').click();
  await page.getByRole('option', { name: 'imagenet' }).click();
  await sweep.getByText('6 runs').waitFor();
  await sweep.getByRole('button', { name: /^Stem: .* Do not vary it$/ }).click();
  await values.fill('0.0005, 0.001');
  await sweep.getByLabel('Seeds').fill('2');
  // 8 steps of 2 epochs, at a pace of half a second and more each.
  await sweep.getByText(/^4 runs: 64 steps, about \d/).waitFor();
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

  // While the queue is held it is told how long each takes; once it is not, when.
  const times = page.locator('[data-times]');
  await expect.poll(() => times.first().textContent(), { timeout: patience }).toMatch(/^about \d+ (s|min)/);
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
