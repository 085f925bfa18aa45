/** The augmentation lab in a real browser: what is drawn follows the settings, and goes to a recipe and to the form. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, onTestFailed, test } from 'vitest';
import { fitsNarrow, looksRight, openBrowser, screenshot, whyNoBrowser } from '../support/browser.ts';
import { makePictures } from '../support/pictures.ts';
import { type ServedStudio, serveStudio } from '../support/served-studio.ts';

const built = existsSync(join(import.meta.dirname, '..', '..', 'out', 'renderer', 'index.html'));
const whyNot = whyNoBrowser ?? (built ? undefined : 'the pages are not built: npm run build:pages');
const soon = { timeout: 120_000 };

let workspace: string;
let studio: ServedStudio;
let browser: Browser;
let page: Page;
const thrown: string[] = [];

beforeAll(async () => {
  if (whyNot) return;
  workspace = mkdtempSync(join(tmpdir(), 'contrast-lab-page-'));
  studio = await serveStudio(workspace);
  browser = await openBrowser();
  page = await browser.newPage({ viewport: { width: 1440, height: 960 }, colorScheme: 'light' });
  page.setDefaultTimeout(soon.timeout);
  page.on('pageerror', (error) => thrown.push(error.message));
});

afterAll(async () => {
  await browser?.close();
  await studio?.stop();
  if (workspace) rmSync(workspace, { recursive: true, force: true, maxRetries: 5 });
});

const cards = () => page.locator('article[data-image]');
const answerNumber = async () => Number(await page.locator('[data-answer]').getAttribute('data-answer'));
/** What each view is, in words: of every card in its order. */
const viewWords = async () => {
  const views = await page.locator('article[data-image] button').all();
  return Promise.all(views.map((view) => view.getAttribute('aria-label')));
};
const overlap = async () => Number(await page.locator('[data-overlap]').getAttribute('data-overlap'));

/** Does something, and waits for the answer to it. */
async function redrawn(action: () => Promise<unknown>): Promise<void> {
  const before = await answerNumber();
  await action();
  await expect.poll(answerNumber, soon).toBeGreaterThan(before);
  await expect.poll(() => page.locator('[data-drawing="true"]').count(), soon).toBe(0);
}

/** Every picture on the page has arrived and has pixels. */
async function picturesAreThere() {
  const loaded = () =>
    page
      .locator('article img')
      .evaluateAll((images) =>
        images.every((image) => Reflect.get(image, 'complete') && Reflect.get(image, 'naturalWidth') > 0),
      );
  await expect.poll(loaded, soon).toBe(true);
}

test.skipIf(whyNot)(`the augmentation lab${whyNot ? ` (${whyNot})` : ''}`, { timeout: 10 * 60_000 }, async () => {
  onTestFailed(() => screenshot(page, 'lab-failed'));
  await page.goto(studio.url);
  await page.getByRole('link', { name: 'Augmentations' }).click();
  await page.getByText('No images yet').waitFor();
  await looksRight(page, 'lab-empty');

  // Images of the machine, one of them broken.
  const data = join(workspace, 'datasets', 'discs');
  await makePictures(data, { splits: { train: 2 }, side: 72 });
  writeFileSync(join(data, 'train', 'green', '1.png'), 'no image');
  await page.reload();
  await expect.poll(() => cards().count(), soon).toBe(6);
  await page.getByText('this is not an image of a known kind').waitFor();
  await picturesAreThere();
  await page.locator('article[data-image] button').first().focus();
  await page.getByRole('tooltip').waitFor();
  expect(await page.getByRole('tooltip').textContent()).toMatch(/Crop: \d+ % of the image, \d+ × \d+ px at \d+, \d+/);
  await looksRight(page, 'lab');

  // The same address, the same views; another epoch, others; and back again.
  const first = await viewWords();
  await redrawn(() => page.getByRole('button', { name: /Again/ }).click());
  expect(await viewWords()).not.toEqual(first);
  await redrawn(() => page.keyboard.press('b'));
  expect(await viewWords()).toEqual(first);

  // The estimate follows the crops.
  const loose = await overlap();
  await redrawn(() => page.getByRole('textbox', { name: 'Smallest crop' }).fill('0.9'));
  expect(await overlap()).toBeGreaterThan(loose + 0.1);
  await redrawn(() => page.getByRole('slider', { name: 'Grey' }).press('End'));
  const grey = (await viewWords()).filter((words) => words?.includes('Small crop') === false);
  expect(grey.every((words) => words?.includes('Grey'))).toBe(true);

  // What cannot be is said at its field, and what was drawn before stays.
  await page.getByRole('textbox', { name: 'Colour jitter' }).fill('many');
  await page
    .getByText(/Colour jitter is "many"/)
    .first()
    .waitFor();
  expect(await cards().count()).toBe(6);
  await looksRight(page, 'lab-error');
  await redrawn(() => page.getByRole('textbox', { name: 'Colour jitter' }).fill('0.7'));

  // Saved, and there again for the form.
  await page.getByRole('button', { name: 'Save as a recipe' }).click();
  await page.getByLabel('Title').fill('Demo');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText(/There is a recipe "Demo: MoCo on emoji" already/).waitFor();
  await page.getByLabel('Title').fill('Large grey crops');
  await looksRight(page, 'lab-save');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  const recipe = join(workspace, 'recipes', 'large-grey-crops.json');
  await expect.poll(() => existsSync(recipe), soon).toBe(true);
  const saved = JSON.parse(readFileSync(recipe, 'utf8'));
  expect(saved.config).toMatchObject({ cropScaleMin: 0.9, greyProbability: 1, jitter: 0.7, imageSize: 32 });

  await page.getByRole('button', { name: 'Use in launch form' }).click();
  await expect.poll(() => page.getByRole('textbox', { name: 'Smallest crop' }).inputValue(), soon).toBe('0.9');
  await expect.poll(() => page.getByRole('textbox', { name: 'Training images' }).inputValue(), soon).toBe(data);
  await page.getByRole('textbox', { name: 'Smallest crop' }).fill('0.8');
  await page.getByRole('button', { name: 'Try the views' }).click();
  await cards().first().waitFor();
  await expect.poll(() => page.getByRole('textbox', { name: 'Smallest crop' }).inputValue(), soon).toBe('0.8');

  // One image, sent by the browser; then distillation's small crops of it.
  const picture = await sharp({ create: { width: 90, height: 60, channels: 3, background: '#cc7733' } })
    .png()
    .toBuffer();
  await page
    .locator('input[type="file"]')
    .setInputFiles({ name: 'orange.png', mimeType: 'image/png', buffer: picture });
  await expect.poll(() => cards().count(), soon).toBe(1);
  await page.getByRole('article', { name: 'orange.png' }).waitFor();
  await page.getByRole('combobox', { name: 'Views of' }).click();
  await page.getByRole('option', { name: 'Distillation: defaults' }).click();
  await page
    .getByText(/The views follow the teacher/)
    .first()
    .waitFor();
  await page.getByRole('button', { name: 'Take moco-v2' }).first().click();
  await page.getByRole('switch', { name: 'Small patches' }).click();
  await expect.poll(() => page.getByRole('button', { name: /^Small crop/ }).count(), soon).toBe(6);
  await picturesAreThere();
  await looksRight(page, 'lab-distill');
  await fitsNarrow(page, 'lab', 720);

  // Deleted, and brought back.
  await page.getByRole('link', { name: /^Launch/ }).click();
  await page.locator('[data-recipe="large-grey-crops"]').waitFor();
  await looksRight(page, 'lab-recipes');
  await page.getByRole('button', { name: 'Delete Large grey crops' }).click();
  await page.locator('[data-recipe="large-grey-crops"]').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.locator('[data-recipe="large-grey-crops"]').waitFor();
  expect(thrown).toEqual([]);
});
