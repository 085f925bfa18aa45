/**
 * Checkpoints of a run by measures: what is missing is measured by real workers, one failing leaves the other, what is
 * known is found again after a reload and not measured twice; then a result is looked at, image by image.
 */
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFailed, test } from 'vitest';
import type { ConfusionFile } from '../../common/confusion.ts';
import type { JobEvent } from '../../common/events.ts';
import { linearConfig } from '../../common/jobs/linear.ts';
import { projectConfig } from '../../common/jobs/project.ts';
import { statsConfig } from '../../common/jobs/static-views.ts';
import { trainConfig } from '../../common/jobs/train.ts';
import { drawn, looksRight, openBrowser, screenshot, whyNoBrowser } from '../support/browser.ts';
import { makePictures } from '../support/pictures.ts';
import { type ServedStudio, serveStudio } from '../support/served-studio.ts';
import { writeSmallCheckpoint } from '../support/small-checkpoint.ts';
import { writeRun } from '../support/written-run.ts';

const built = existsSync(join(import.meta.dirname, '..', '..', 'out', 'renderer', 'index.html'));
const whyNot = whyNoBrowser ?? (built ? undefined : 'the pages are not built: npm run build:pages');

/** For what a worker does on a machine that may be busy. */
const measured = { timeout: 240_000 };
const soon = { timeout: 120_000 };

let folder: string;
let workspace: string;
let data: string;
let studio: ServedStudio;
let browser: Browser;
let page: Page;
const thrown: string[] = [];

beforeAll(async () => {
  if (whyNot) return;
  folder = mkdtempSync(join(tmpdir(), 'contrast-evaluate-'));
  workspace = join(folder, 'workspace');
  data = join(workspace, 'datasets', 'discs');
  await makePictures(data, { splits: { train: 3, val: 2 }, side: 24 });
  // An image that is known under another class is taken for that one by its nearest neighbour.
  copyFileSync(join(data, 'train', 'blue', '0.png'), join(data, 'val', 'red', 'blue.png'));
  await writeTraining();
  await writeMeasured();
  studio = await serveStudio(workspace);
  browser = await openBrowser();
  page = await browser.newPage({ viewport: { width: 1440, height: 1000 }, colorScheme: 'light' });
  page.setDefaultTimeout(soon.timeout);
  page.on('pageerror', (error) => thrown.push(error.message));
  await page.goto(studio.url);
});

afterAll(async () => {
  await browser?.close();
  await studio?.stop();
  if (folder) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** A finished training with a checkpoint after each of two epochs. */
function writeTraining() {
  return writeRun(workspace, {
    ...{ id: 'abcdefgh', kind: 'train', name: 'Two epochs', state: 'finished' },
    config: trainConfig.parse({ data, imageSize: 32, stem: 'small', epochs: 2 }),
    async events(run) {
      const events: JobEvent[] = [];
      for (const epoch of [1, 2]) {
        const path = `checkpoints/checkpoint_000${epoch}.safetensors`;
        await writeSmallCheckpoint(join(run, path), { epoch, step: epoch });
        const bytes = readFileSync(join(run, path));
        const sha256 = createHash('sha256').update(bytes).digest('hex');
        events.push({ type: 'checkpoint', epoch, step: epoch, path, sizeBytes: bytes.length, sha256 });
      }
      return events;
    },
  });
}

/** Runs that have measured what takes longer than a test may. */
async function writeMeasured() {
  const config = { data, pretrained: '/gone/checkpoint.safetensors' };
  const result = (name: string, values: Record<string, unknown>): JobEvent => ({
    ...{ type: 'result', name, values, protocol: {} },
  });
  await writeRun(workspace, {
    ...{ id: 'measured', kind: 'stats', name: 'Two numbers', state: 'finished', config: statsConfig.parse(config) },
    events: () => [result('stats', { alignmentDSd: 0.31, uniformityD: -2.9, images: 6 })],
  });
  await writeRun(workspace, {
    ...{ id: 'thousand', kind: 'linear', name: 'As many as ImageNet', state: 'finished' },
    config: linearConfig.parse(config),
    events(run) {
      const { confusion, classifier } = { confusion: 'results/confusion.json', classifier: 'checkpoints/best' };
      mkdirSync(join(run, 'results'));
      writeFileSync(join(run, confusion), JSON.stringify(thousandClasses()));
      return [result('linear', { bestTop1: 60, top1: 60, confusion, classifier })];
    },
  });
  await writeRun(workspace, {
    ...{ id: 'projected', kind: 'project', name: 'A plane', state: 'finished', config: projectConfig.parse(config) },
    events(run) {
      const rows = ['blue', 'green', 'red'].map((name, at) => `${data}/train/${name}/0.png,${name},${at},${at % 2}`);
      mkdirSync(join(run, 'results'));
      writeFileSync(join(run, 'results', 'projection.csv'), ['path,label,x,y', ...rows, ''].join('\n'));
      return [result('project', { images: 3 })];
    },
  });
}

/** 50,000 images of 1,000 classes: 20,000 are taken for one that is near by. */
function thousandClasses(): ConfusionFile {
  const classes = Array.from({ length: 1000 }, (_, label) => `class ${label}`);
  const confusions = classes.flatMap((_, label) =>
    Array.from({ length: 20 }, (_, at): [number, number, number] => [label, (label + 1 + at * (at + 1)) % 1000, 1]),
  );
  confusions[0]![2] = 9;
  return { classes, images: classes.map(() => 50), correct: classes.map(() => 30), confusions };
}

const dialog = () => page.getByRole('dialog');
const summary = () => page.getByText(/\d+ of \d+ known/);

async function addNeighbours(most: number) {
  await page.getByRole('button', { name: 'Measure', exact: true }).click();
  await dialog().getByText(data, { exact: true }).click();
  await dialog().getByLabel('Most neighbours K').fill(String(most));
  if (most === 5) await looksRight(page, 'evaluate-measure');
  await dialog().getByRole('button', { name: 'Add the column' }).click();
  await dialog().waitFor({ state: 'detached' });
}

async function openColumn(end: RegExp, action: string) {
  await page.getByRole('button', { name: new RegExp(`^The column Nearest neighbours, .*${end.source}`) }).click();
  await page.getByRole('menuitem', { name: action }).click();
}

/** Of the images that a selector finds, those of which the browser has the pixels. */
function drawnImages(selector: string): Promise<number> {
  // As text: the tests' types know no document.
  const ask = `[...document.querySelectorAll(${JSON.stringify(selector)})].filter((image) => image.naturalWidth > 0).length`;
  return page.evaluate<number>(ask);
}

/** As the page calls the studio. */
async function call(procedure: string) {
  const headers = { 'content-type': 'application/json' };
  const answer = await page.request.post(`${new URL(page.url()).origin}/trpc/${procedure}`, { headers, data: {} });
  expect(answer.ok()).toBe(true);
}

async function openRun(id: string) {
  await page.goto(`${new URL(page.url()).origin}/#/runs/${id}`);
  await page.getByRole('tab', { name: 'Results', selected: true }).waitFor();
}

const runFolders = () => readdirSync(join(workspace, 'runs')).filter((name) => !name.startsWith('.'));

test.skipIf(whyNot)(`the grid${whyNot ? ` (${whyNot})` : ''}`, { timeout: 15 * 60_000 }, async () => {
  onTestFailed(() => screenshot(page, 'evaluate-failed'));
  await page.getByText('Two epochs').first().waitFor();
  await page.keyboard.press('e');
  await page.getByRole('button', { name: 'Choose checkpoints' }).waitFor();
  await looksRight(page, 'evaluate-empty');

  await page.getByRole('button', { name: 'Choose checkpoints' }).click();
  await dialog().getByRole('button', { name: 'All 2 epochs' }).click();
  await dialog().getByText('2 chosen').waitFor();
  await looksRight(page, 'evaluate-checkpoints');
  await dialog().getByRole('button', { name: 'Done' }).click();
  await dialog().waitFor({ state: 'detached' });

  // One that can be measured, and one that no data of this size allows.
  await addNeighbours(5);
  await page.getByText('0 of 2 known · 2 to run (time of 2 unknown)').waitFor();
  await addNeighbours(51);
  await page.getByText('4 to run').waitFor();
  await call('queue.hold'); // so that none is over before it was seen
  await page.getByRole('button', { name: 'Run 4' }).click();
  await page.getByText(/under way/).waitFor();
  await call('queue.release');
  await expect.poll(() => summary().textContent(), measured).toMatch(/^2 of 4 known · 2 failed$/);
  const failure = page.getByText(/K is 51, but there are 9 images to vote/);
  await expect.poll(() => failure.count(), soon).toBe(2);
  const values = await page.locator('td a b').allTextContents();
  expect(values).toHaveLength(2);
  for (const value of values) expect(value).toMatch(/^\d+\.\d\d %$/);
  await looksRight(page, 'evaluate-results');
  await page.setViewportSize({ width: 640, height: 900 });
  await screenshot(page, 'evaluate-narrow');
  await page.setViewportSize({ width: 1440, height: 1000 });
  expect(runFolders()).toHaveLength(8);

  // Found again by the checkpoint's hash, the protocol and the images, and nothing of it is to run.
  await page.reload();
  await expect.poll(() => summary().textContent(), measured).toMatch(/^2 of 4 known · 2 failed$/);
  expect(await page.getByRole('button', { name: /^Run \d/ }).count()).toBe(0);
  expect(runFolders()).toHaveLength(8);

  // Tried again, and called off before it began.
  await call('queue.hold');
  await page.getByRole('button', { name: 'Retry' }).first().click();
  await expect.poll(() => summary().textContent(), soon).toBe('2 of 4 known · 1 under way · 1 failed');
  await page.getByRole('button', { name: 'Cancel all' }).click();
  await expect.poll(() => summary().textContent(), soon).toMatch(/^2 of 4 known · 1 to run \(.*\) · 1 failed$/);
  await call('queue.release');

  // By the keyboard: another column with other settings, which is the failing one with a number that fits.
  await page.getByRole('button', { name: /^The column Nearest neighbours, .* 51$/ }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Another with other settings' }).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.getByRole('menuitem', { name: 'Another with other settings' }).press('Enter');
  await dialog().getByText('This column is in the grid already').waitFor();
  expect(await dialog().getByRole('button', { name: 'Add the column' }).isDisabled()).toBe(true);
  await dialog().getByLabel('Most neighbours K').fill('3');
  await dialog().getByRole('button', { name: 'Add the column' }).click();
  await dialog().waitFor({ state: 'detached' });
  await expect.poll(() => summary().textContent(), soon).toMatch(/^2 of 6 known · 3 to run/);
  // Changed into what was measured before, it is known at once; the same column is there once.
  await openColumn(/ 3$/, 'Change its settings');
  await dialog().getByLabel('Most neighbours K').fill('7');
  await looksRight(page, 'evaluate-change');
  await dialog().getByRole('button', { name: 'Change the column' }).click();
  await dialog().waitFor({ state: 'detached' });
  await page.getByText('Most neighbours K 7').waitFor();
  await openColumn(/ 7$/, 'Take the column out');
  await expect.poll(() => summary().textContent(), soon).toMatch(/^2 of 4 known · 1 to run/);

  // The failing column goes; the best epoch by the other one stays.
  await openColumn(/ 51$/, 'Take the column out');
  await page.getByRole('button', { name: /^Keep the best epoch of each run/ }).click();
  await expect.poll(() => summary().textContent(), soon).toBe('1 of 1 known');

  // The result, beside that of the other epoch.
  await page.locator('td a').first().click();
  await page.locator('[data-chart="accuracy-by-k"] canvas').waitFor();
  const curve = await page.locator('[data-chart="accuracy-by-k"] canvas').getAttribute('aria-label');
  expect(curve).toMatch(/3 points, best \d+\.\d\d % at k = [135]/);
  await expect.poll(() => page.locator('[data-result="classes"] tbody tr').count(), soon).toBe(3);
  expect(await page.locator('[data-result="confusions"] tbody tr').first().textContent()).toMatch(/^redblue1/);
  await page.getByLabel('Beside').first().click();
  await page.getByRole('option').first().click();
  await page.getByRole('columnheader', { name: 'Drop' }).waitFor();
  const wall = page.locator('[data-result="neighbours"]');
  await expect.poll(() => wall.locator('article').count(), soon).toBe(7);
  // For each image itself and its five neighbours, twice.
  await expect.poll(() => wall.locator('article').first().locator('img').count(), soon).toBe(12);
  await wall.scrollIntoViewIfNeeded();
  await expect.poll(() => drawnImages('[data-result="neighbours"] article:first-child img'), soon).toBe(12);
  await looksRight(page, 'evaluate-result');
  await page.setViewportSize({ width: 640, height: 900 });
  await screenshot(page, 'evaluate-result-narrow');
  await page.setViewportSize({ width: 1440, height: 1000 });

  // What a checkpoint takes an image for that it was not trained on.
  await page.getByRole('link', { name: 'The checkpoint' }).click();
  await page.getByLabel('Image whose neighbours are looked for').setInputFiles(join(data, 'val', 'red', '0.png'));
  const found = page.locator('[data-result="image-neighbours"]');
  await found.waitFor(measured);
  await expect.poll(() => found.locator('img').count(), soon).toBe(10);
  await found.scrollIntoViewIfNeeded();
  await expect.poll(() => drawnImages('[data-result="image-neighbours"] img'), soon).toBe(10);
  await looksRight(page, 'evaluate-image-neighbours');

  // Alignment against uniformity, with the published points.
  await openRun('measured');
  const plane = await page.locator('[data-chart="alignment-plane"] svg').getAttribute('aria-label');
  expect(plane).toContain('Two numbers: alignment 0.3100, uniformity -2.900');
  await expect.poll(() => page.locator('[data-chart="alignment-plane"] rect').count(), soon).toBeGreaterThan(0);
  await looksRight(page, 'evaluate-plane');

  // 1,000 classes: the top confusions, all of them as a map, and a place of it.
  await openRun('thousand');
  const confusions = page.locator('[data-result="confusions"]');
  const map = confusions.locator('canvas');
  await map.scrollIntoViewIfNeeded();
  expect(await map.getAttribute('aria-label')).toMatch(/^20,000 confusions of 1,000 classes/);
  const pairs = confusions.locator('table').first().locator('tbody tr');
  await expect.poll(() => pairs.count(), soon).toBe(12);
  await confusions.getByRole('button', { name: '200 more of 20,000 confusions' }).click();
  await expect.poll(() => pairs.count(), soon).toBe(212);
  const mapBox = (await map.boundingBox())!;
  await map.click({ position: { x: mapBox.width * 0.53, y: mapBox.height * 0.5 } });
  await confusions
    .getByRole('rowheader', { name: /^class 50\d$/ })
    .first()
    .waitFor();
  await looksRight(page, 'evaluate-thousand');
  await page.getByLabel('Search classes').fill('class 77');
  await expect.poll(() => pairs.first().textContent(), soon).toContain('class 77');
  expect(await page.getByRole('link', { name: 'Download the classifier' }).getAttribute('href')).toContain('/best');

  // The plane of features: the image under the pointer, and the images inside of an outline.
  await openRun('projected');
  const canvas = page.locator('[data-result="projection"] canvas');
  await canvas.waitFor();
  // What comes in above moves it: the pointer goes after it until the image is shown.
  let box = { x: 0, y: 0, width: 0, height: 0 };
  const at = (x: number, y: number): [number, number] => [box.x + x * box.width, box.y + y * box.height];
  const underPointer = page.locator('[data-result="projection"] figure', { hasText: 'green' });
  const pointed = async () => {
    box = (await canvas.boundingBox())!;
    await page.mouse.move(...at(0.5, 0.26)); // the point in the middle above
    await drawn(page);
    return underPointer.count();
  };
  await expect.poll(pointed, soon).toBe(1);
  await page.mouse.move(...at(0.3, 0.05));
  await page.mouse.down();
  for (const [x, y] of [
    [0.99, 0.05],
    [0.99, 0.4],
    [0.99, 0.95],
    [0.6, 0.95],
    [0.3, 0.4],
    [0.3, 0.2],
  ]) {
    await page.mouse.move(...at(x!, y!));
  }
  await page.mouse.up();
  const selected = page.locator('[data-result="selected-images"]');
  await selected.getByText('2 images: 1 green, 1 red').waitFor();
  await expect.poll(() => drawnImages('[data-result="selected-images"] img'), soon).toBe(2);
  await looksRight(page, 'evaluate-projection');

  expect(thrown).toEqual([]);
});
