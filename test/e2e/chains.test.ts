/**
 * In a real browser: a row that is reproduced by a real worker; then a chain, filled in, started, found in the runs table,
 * cancelled and gone on with while the queue is held.
 */
import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFailed, test } from 'vitest';
import { openApplication } from '../../main/application.ts';
import { looksRight, openBrowser, screenshot, whyNoBrowser } from '../support/browser.ts';
import { makePictures } from '../support/pictures.ts';
import { type ServedStudio, serveStudio } from '../support/served-studio.ts';
import { writeSmallCheckpoint } from '../support/small-checkpoint.ts';
import { untilState } from '../support/studio.ts';

const built = existsSync(join(import.meta.dirname, '..', '..', 'out', 'renderer', 'index.html'));
const whyNot = whyNoBrowser ?? (built ? undefined : 'the pages are not built: npm run build:pages');
const soon = { timeout: 120_000 };

let workspace: string;
let data: string;
let teacher: string;
/** A run that evaluated it, by a real worker. */
let measured: string;
let studio: ServedStudio;
let browser: Browser;
let page: Page;
const thrown: string[] = [];

beforeAll(async () => {
  if (whyNot) return;
  workspace = mkdtempSync(join(tmpdir(), 'contrast-chains-page-'));
  data = join(workspace, 'pictures');
  await makePictures(data, { splits: { train: 8, val: 2 }, side: 24 });
  teacher = join(workspace, 'teacher.safetensors');
  await writeSmallCheckpoint(teacher);
  const before = await openApplication({
    workspace,
    workerEntry: join(import.meta.dirname, '..', '..', 'worker', 'main.ts'),
  });
  const config = { data, pretrained: teacher, imageSize: 24, maxNeighbours: 3, device: 'cpu' };
  measured = (await before.services.runs.launch({ kind: 'knn', config, name: 'Neighbours' })).id;
  await untilState(before, measured, 'finished');
  before.services.queue.hold();
  await before.close();
  studio = await serveStudio(workspace);
  browser = await openBrowser();
  page = await browser.newPage({ viewport: { width: 1440, height: 1000 }, colorScheme: 'light' });
  page.setDefaultTimeout(soon.timeout);
  page.on('pageerror', (error) => thrown.push(error.message));
});

afterAll(async () => {
  await browser?.close();
  await studio?.stop();
  if (workspace) rmSync(workspace, { recursive: true, force: true, maxRetries: 5 });
});

const field = (key: string) => page.locator(`[data-field="${key}"] input`);
const link = (name: string) => page.locator(`[data-link="${name}"]`);
const states = async () =>
  Promise.all((await page.locator('[data-link]').all()).map((one) => one.getAttribute('data-state')));

async function fill(section: string, values: Record<string, string>) {
  await page.locator(`[data-section="${section}"] button`).first().click();
  for (const [key, value] of Object.entries(values)) await field(key).fill(value);
}

test.skipIf(whyNot)(`a row is reproduced${whyNot ? ` (${whyNot})` : ''}`, { timeout: 10 * 60_000 }, async () => {
  onTestFailed(() => screenshot(page, 'reproduce-failed'));
  // With one image more nothing is started without a word.
  const added = join(data, 'train', readdirSync(join(data, 'train'))[0]!, 'added.png');
  const [picture] = readdirSync(join(added, '..'));
  copyFileSync(join(added, '..', picture!), added);
  await page.goto(`${studio.url}#/runs/${measured}`);
  await page.getByRole('button', { name: 'Reproduce' }).click();
  await page.getByText('are not those that "Neighbours" saw').waitFor();
  await looksRight(page, 'reproduce-doubt');
  rmSync(added);
  await page.reload();

  await page.getByRole('button', { name: 'Reproduce' }).click();
  await page.getByRole('heading', { name: 'Neighbours · reproduced' }).waitFor();
  await page.getByText('is said when this one has finished').waitFor();
  const again = page.url();
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Queue', exact: true }).click();
  await page.getByRole('button', { name: 'Release the queue' }).click();
  await page.goto(again);
  await page.getByText(/^Identical bit for bit: \d+ points? and \d+ result values?\.$/).waitFor();
  await looksRight(page, 'reproduced');
  await page.getByRole('alert').getByRole('link', { name: 'Neighbours' }).click();
  await page.getByRole('heading', { name: 'Neighbours', exact: true }).waitFor();
  await page.goto(`${studio.url}#/queue`);
  await page.getByRole('button', { name: 'Hold the queue' }).click();
  await page.getByText('The queue is held').waitFor();
});

test.skipIf(whyNot)(`a chain${whyNot ? ` (${whyNot})` : ''}`, { timeout: 10 * 60_000 }, async () => {
  onTestFailed(() => screenshot(page, 'chains-failed'));
  await page.goto(`${studio.url}#/launch`);
  await page.locator('[data-chain="demo-seed"]').click();
  await page.getByText('Teacher is needed: a checkpoint to learn from').waitFor();
  const start = page.getByRole('button', { name: 'Start the chain' });
  expect(await start.isDisabled()).toBe(true);

  // What fits no link is said of that link, and leads to its fields.
  await field('data').fill(data);
  await field('teacher').fill(teacher);
  const wrong = page.getByRole('button', { name: /^Distillation: .*24 images/ });
  await wrong.click();
  await field('batchSize').waitFor();
  await looksRight(page, 'chains-form');
  await field('batchSize').fill('8');
  await field('queueLength').fill('16');
  await fill('train', { batchSize: '8', queueLength: '16', epochs: '3' });
  // 24 images in batches of 8: 3 steps an epoch, 2 + 3 epochs.
  await page.getByText('15 training steps in all').waitFor();
  await page.getByText('Time not known before a first run like one of them').waitFor();
  await page.getByText('--set train.epochs=3').waitFor();
  await page.getByRole('textbox', { name: 'Name' }).fill('Small one');
  await expect.poll(() => start.isEnabled(), soon).toBe(true);
  await looksRight(page, 'chains-plan');
  await start.click();

  await link('distil').getByText('Queued').waitFor();
  expect(await states()).toEqual(['queued', 'waiting', 'waiting', 'waiting']);
  await looksRight(page, 'chains-started');
  const [record] = readdirSync(join(workspace, 'chains'));
  expect(page.url()).toContain(`/chains/${record?.replace('.json', '')}`);

  // The run knows its chain, in the table and on its page.
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Runs', exact: true }).click();
  await page.getByText('Small one, link 1 of 4').click();
  await page.getByText('Link 1 of 4 of Small one').waitFor();
  await page.getByRole('link', { name: 'Small one' }).click();

  await page.getByRole('button', { name: 'Cancel the chain' }).click();
  await page.getByText('"Distillation" was stopped.').waitFor();
  await page.reload();
  await page.getByText('Cancelled', { exact: true }).waitFor();
  await looksRight(page, 'chains-cancelled');
  // Other values for what is still to be done; those of the link that was stopped make another run.
  const before = readdirSync(join(workspace, 'runs')).at(-1);
  await fill('distil', { epochs: '1' });
  await page.getByRole('button', { name: 'Continue with 1 changed' }).click();
  await link('distil').getByText('Queued').waitFor();
  expect(await link('distil').getByRole('link').getAttribute('href')).not.toContain(before?.slice(-8));

  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Chains', exact: true }).click();
  await page.getByText('0 of 4 links').waitFor();
  await looksRight(page, 'chains-list');
  expect(thrown).toEqual([]);
});
