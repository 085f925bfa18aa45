/**
 * A training run, its checkpoints and a published row side by side: what is missing is measured by real workers, the
 * same images stand in every column, and the comparison is found again by its link.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFailed, test } from 'vitest';
import type { JobEvent } from '../../common/events.ts';
import { projectConfig } from '../../common/jobs/project.ts';
import { trainConfig } from '../../common/jobs/train.ts';
import { fitsNarrow, looksRight, openBrowser, screenshot, whyNoBrowser } from '../support/browser.ts';
import { makePictures } from '../support/pictures.ts';
import { trainingEvents } from '../support/run-folders.ts';
import { type ServedStudio, serveStudio } from '../support/served-studio.ts';
import { writeSmallCheckpoint } from '../support/small-checkpoint.ts';
import { writeRun } from '../support/written-run.ts';

const built = existsSync(join(import.meta.dirname, '..', '..', 'out', 'renderer', 'index.html'));
const whyNot = whyNoBrowser ?? (built ? undefined : 'the pages are not built: npm run build:pages');

/** For what a page shows at once on a machine that is not busy. */
const soon = { timeout: 120_000 };
/** For what a worker does on a machine that may be busy. */
const measured = { timeout: 240_000 };

let folder: string;
let workspace: string;
let data: string;
let studio: ServedStudio;
let browser: Browser;
let page: Page;
/** First digits of the SHA-256 of the checkpoints after epoch 1 and 2. */
const ids: string[] = [];
const thrown: string[] = [];

beforeAll(async () => {
  if (whyNot) return;
  folder = mkdtempSync(join(tmpdir(), 'contrast-compare-'));
  workspace = join(folder, 'workspace');
  data = join(workspace, 'datasets', 'discs');
  await makePictures(data, { splits: { train: 5, val: 4 }, side: 24 });
  await writeTraining();
  for (const [index, id] of ids.entries()) await writeProjection(index, id);
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

/** kNN accuracy 41 after the first epoch, 42 after the second; a checkpoint after each. */
function writeTraining() {
  return writeRun(workspace, {
    ...{ id: 'abcdefgh', kind: 'train', name: 'Two epochs', state: 'finished' },
    config: trainConfig.parse({ data, imageSize: 32, stem: 'small', epochs: 2, probeNeighbours: 5 }),
    async events(run) {
      const events = trainingEvents({
        epochs: 2,
        stepsPerEpoch: 4,
        knn: (epoch) => 40 + epoch,
        loss: (step) => 3 - step / 8,
      });
      for (const epoch of [1, 2]) {
        const path = `checkpoints/checkpoint_000${epoch}.safetensors`;
        await writeSmallCheckpoint(join(run, path), { epoch, step: 4 * epoch });
        const bytes = readFileSync(join(run, path));
        const sha256 = createHash('sha256').update(bytes).digest('hex');
        ids.push(sha256);
        events.push({ type: 'checkpoint', epoch, step: 4 * epoch, path, sizeBytes: bytes.length, sha256 });
      }
      return events.slice(1);
    },
  });
}

/** t-SNE takes longer than a test may. */
function writeProjection(index: number, sha256: string) {
  return writeRun(workspace, {
    ...{ id: `plane${index}aa`, kind: 'project', name: `Plane ${index}`, state: 'finished' },
    config: projectConfig.parse({ data, pretrained: '/gone/checkpoint.safetensors' }),
    events(run): JobEvent[] {
      const rows = ['blue', 'green', 'red'].map(
        (name, at) => `${data}/val/${name}/0.png,${name},${at * (1 + index)},${at % 2}`,
      );
      mkdirSync(join(run, 'results'));
      writeFileSync(join(run, 'results', 'projection.csv'), ['path,label,x,y', ...rows, ''].join('\n'));
      const values = { images: 3, provenance: { checkpointSha256: sha256 } };
      return [{ type: 'result', name: 'project', values, protocol: {} }];
    },
  });
}

async function wordsIn(part: Locator): Promise<string> {
  return (await part.allInnerTexts()).join('\n');
}

const panel = (name: string) => page.locator(`[data-panel="${name}"]`);
const row = (name: string) =>
  page.getByRole('region', { name: 'Compared rows' }).locator('li').filter({ hasText: name });

test.skipIf(whyNot)(`rows of three kinds${whyNot ? ` (${whyNot})` : ''}`, { timeout: 15 * 60_000 }, async () => {
  onTestFailed(() => screenshot(page, 'compare-rows-failed'));
  const [first, second] = ids.map((sha256) => `checkpoint:${sha256.slice(0, 12)}`) as [string, string];

  // Both checkpoints by the keyboard alone.
  await page.getByText('Two epochs').first().waitFor();
  await page.keyboard.press('c');
  const listed = page.getByRole('table', { name: 'Checkpoints' }).locator('tr[data-row]');
  await listed.filter({ hasText: 'epoch 1' }).focus();
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: 'Compare 1' }).waitFor();
  await listed.filter({ hasText: 'epoch 2' }).focus();
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: 'Compare 2' }).waitFor();
  await page.keyboard.press('Shift+C');
  await page.waitForURL(new RegExp(`#/compare/${first},${second}$`));

  // Each has the numbers of its own time.
  const results = page.getByRole('table', { name: 'Results of the compared rows' });
  const knn = results.locator('[data-field="last:probe/bestAccuracy"]');
  await expect.poll(() => wordsIn(knn), soon).toMatch(/41\.00\s+42\.00\s+\+1\.00 better/);
  const settings = page.getByRole('table', { name: 'Settings in which the rows differ' });
  await expect
    .poll(() => settings.locator('tbody tr').allInnerTexts(), soon)
    .toEqual([expect.stringMatching(/^Epoch\s+1\s+2$/)]);

  // The run itself and a published row beside them; another baseline, another order.
  const add = page.getByRole('combobox', { name: 'Add a row' });
  await add.fill('abcdefgh');
  await page.getByRole('option', { name: /^Two epochs · abcdefgh/ }).click();
  await row('Contrastive training').waitFor();
  await add.fill('MoCo v2, resnet50, 200');
  await page.getByRole('option', { name: /^MoCo v2, resnet50, 200 epochs/ }).click();
  await row('MoCo v2')
    .getByText(/^Published: /)
    .waitFor();
  await row('Checkpoint, epoch 2').getByRole('button', { name: 'Make baseline' }).click();
  await expect.poll(() => wordsIn(knn), soon).toMatch(/41\.00\s+−1\.00 worse\s+42\.00\s+42\.00\s+0\.00 same\s+–/);
  await row('MoCo v2')
    .getByRole('button', { name: /^Move MoCo v2.* up$/ })
    .click();
  const link = `#/compare/${first},${second},published:moco-v2.resnet50.200,run:abcdefgh/${second}`;
  await expect.poll(() => page.url(), soon).toContain(link);

  // What no row has is told, and measured by one button: the run is its last checkpoint.
  await panel('Classes').getByRole('button', { name: 'Measure 2' }).click();
  await expect.poll(() => panel('Classes').locator('[data-class]').count(), measured).toBe(3);
  await expect.poll(() => panel('Classes').locator('thead th').count(), measured).toBe(4);
  const neighbours = panel('Nearest neighbours').locator('tr[data-image]');
  await expect.poll(() => neighbours.count(), soon).toBe(5);
  // Three columns of one image, with the five neighbours that voted.
  await expect.poll(() => neighbours.first().locator('td figure img').count(), soon).toBe(15);
  const taken = neighbours.first().getByText(/^taken for /);
  await expect.poll(() => taken.count(), soon).toBe(3);

  // One image, found in every plane.
  await panel('Features in the plane').getByRole('combobox', { name: 'Image' }).fill('green');
  await page.getByRole('option', { name: 'green/0.png' }).click();
  await expect.poll(() => page.getByRole('img', { name: /The chosen image has a ring/ }).count(), soon).toBe(3);

  await panel('Representation drift').getByLabel('Neighbours whose overlap is measured').fill('5');
  await panel('Representation drift').getByRole('button', { name: 'Measure 1 pair' }).click();
  const drift = panel('Representation drift').getByRole('link', { name: /^CKA \d\.\d{4} overlap \d+\.\d\d %$/ });
  await expect.poll(() => drift.count(), measured).toBe(2);
  await panel('Representation drift')
    .getByText(/Of 12 images of discs/)
    .waitFor();
  await looksRight(page, 'compare-rows');
  await fitsNarrow(page, 'compare-rows');

  // Saved, it has a link of its own.
  await page.getByRole('button', { name: 'Save comparison' }).click();
  await page.getByLabel('Name').fill('Two epochs and MoCo v2');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.waitForURL(/#\/compare\/saved\/[a-z0-9]+$/);
  await page.reload();
  await page.getByRole('heading', { name: 'Two epochs and MoCo v2' }).waitFor();
  await expect.poll(() => wordsIn(knn), soon).toMatch(/41\.00\s+−1\.00 worse\s+42\.00\s+–\s+42\.00\s+0\.00 same/);
  expect(thrown).toEqual([]);
});
