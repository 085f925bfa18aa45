/**
 * A file dropped onto the page Checkpoints, as a researcher does it: looked into, imported, its values seen, exported,
 * removed and brought back; and what must not come in stays out. A real browser, the real studio, real workers.
 */
import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFailed, test } from 'vitest';
import { trainConfig } from '../../common/jobs/train.ts';
import { foreignTensors } from '../../engine/checkpoints/foreign.ts';
import type { NamedArray } from '../../engine/models/layout.ts';
import { modelOf } from '../../worker/checkpoints/backbone.ts';
import { exportMoco } from '../../worker/checkpoints/pytorch-export.ts';
import { readPytorchFile } from '../../worker/checkpoints/pytorch-files.ts';
import { writeTraining } from '../../worker/checkpoints/training.ts';
import { looksRight, openBrowser, screenshot, whyNoBrowser } from '../support/browser.ts';
import { fillQueue, fillTensor } from '../support/fill.ts';
import { type ServedStudio, serveStudio } from '../support/served-studio.ts';
import { metadataAt } from '../worker/checkpoints/metadata.ts';

const built = existsSync(join(import.meta.dirname, '..', '..', 'out', 'renderer', 'index.html'));
const whyNot = whyNoBrowser ?? (built ? undefined : 'the pages are not built: npm run build:pages');
const fixtures = join(import.meta.dirname, '..', 'fixtures', 'checkpoints');

/** For what the page shows once a worker has answered, on a machine that may be busy. */
const soon = { timeout: 120_000 };
const arch = 'mobilenetv3_small';

let folder: string;
let workspace: string;
let file: string;
let studio: ServedStudio;
let browser: Browser;
let page: Page;
const thrown: string[] = [];

beforeAll(async () => {
  if (whyNot) return;
  folder = mkdtempSync(join(tmpdir(), 'contrast-checkpoints-'));
  workspace = join(folder, 'workspace');
  file = join(folder, 'published-moco.pth.tar');
  await writePublished(file);
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

const metadata = metadataAt({
  arch,
  stem: 'imagenet',
  head: 'none',
  epoch: 200,
  config: trainConfig.parse({ data: '/data', arch }),
});
const model = modelOf('test', metadata);

/** A checkpoint as the published scripts leave it, every tensor filled by its name. */
async function writePublished(target: string) {
  const named = (prefix: string, array: NamedArray): NamedArray => ({ ...array, name: prefix + array.name });
  const own = join(folder, 'own.safetensors');
  await writeTraining(
    own,
    [
      ...model.tensors.map((spec) => named('encoder_q.', fillTensor(spec))),
      ...model.tensors.map((spec) => named('encoder_k.', fillTensor(spec, 'key/'))),
      fillQueue(128, 8),
      { name: 'queue_ptr', shape: [1], data: BigInt64Array.of(0n) },
    ],
    metadata,
  );
  await exportMoco(own, target);
}

/** As from a file manager: the browser knows the bytes, not where they lie. */
async function drop(path: string) {
  const bytes = readFileSync(path).toString('base64');
  // As text: the tests' types know no document.
  const data = await page.evaluateHandle(`(() => {
    const bytes = Uint8Array.from(atob(${JSON.stringify(bytes)}), (sign) => sign.charCodeAt(0));
    const transfer = new DataTransfer();
    transfer.items.add(new File([bytes], ${JSON.stringify(basename(path))}));
    return transfer;
  })()`);
  await page.dispatchEvent('main', 'dragenter', { dataTransfer: data });
  await page.getByText('Drop a checkpoint to import it').waitFor();
  await page.dispatchEvent('main', 'drop', { dataTransfer: data });
}

const dialog = () => page.getByRole('dialog');
const architecture = () => dialog().getByLabel('Architecture', { exact: true }).and(page.locator('input'));
const imported = () => readdirSync(join(workspace, 'checkpoints')).filter((name) => !/^\.|\.jsonl$/.test(name));

test.skipIf(whyNot)(`checkpoints${whyNot ? ` (${whyNot})` : ''}`, { timeout: 10 * 60_000 }, async () => {
  onTestFailed(() => screenshot(page, 'checkpoints-failed'));
  await page.getByText('No runs yet').waitFor();
  await page.keyboard.press('c');
  await page.getByText('No checkpoints yet').waitFor();
  await looksRight(page, 'checkpoints-empty');

  // A file that would run a command is refused by what it wanted to run.
  await drop(join(fixtures, 'malicious.pth.tar'));
  await dialog().getByText('This file cannot be imported').waitFor();
  const refusal = await dialog().textContent();
  expect(refusal).toMatch(/(posix|os|nt)\.system/);
  expect(refusal).toContain('Nothing of the file was run');
  await looksRight(page, 'checkpoints-refused');
  await dialog().getByRole('button', { name: 'Close' }).last().click();

  // Half a file is refused with the place and what was expected.
  await drop(join(fixtures, 'truncated-legacy.pth.tar'));
  await dialog().getByText('This file cannot be imported').waitFor();
  expect(await dialog().textContent()).toMatch(/[^/]truncated-legacy\.pth\.tar.*\d+/);
  await dialog().getByRole('button', { name: 'Close' }).last().click();
  await dialog().waitFor({ state: 'detached' });
  expect(imported()).toEqual([]);

  // The preview says what the file is, and what another choice would make of it.
  await drop(file);
  await dialog().getByText(`All ${model.tensors.length} tensors of ${arch} fit.`).waitFor();
  expect(await dialog().getByText('MoCo', { exact: true }).count()).toBe(1);
  await screenshot(page, 'checkpoints-preview');
  await architecture().fill('resnet18');
  await page.getByRole('option', { name: /^resnet18/ }).click();
  await dialog()
    .getByText(/^\d+ of \d+ tensors of resnet18, the nearest net, fit/)
    .waitFor();
  await dialog().locator('[data-match="missing"] button').click();
  await dialog().getByText('layer4.1.conv2.weight').waitFor();
  await looksRight(page, 'checkpoints-preview-misfit');
  expect(await dialog().getByRole('button', { name: 'Import', exact: true }).isDisabled()).toBe(true);
  await dialog().getByRole('button', { name: 'Recognise it again' }).click();
  await dialog().getByText(`All ${model.tensors.length} tensors of ${arch} fit.`).waitFor();
  await dialog().getByLabel('Name', { exact: true }).fill('Published');
  await dialog().getByRole('button', { name: 'Import', exact: true }).click();

  // Its page: what it is, and the values of a tensor as they were written.
  await page.getByRole('heading', { level: 1, name: 'Published' }).waitFor();
  expect(imported()).toHaveLength(1);
  const weight = model.tensors.find(({ shape }) => shape.length === 4)!;
  await page.getByRole('textbox', { name: 'Search tensors' }).fill(`encoder_q.${weight.name}`);
  await page.locator('tr[data-row]').first().click();
  const panel = page.getByRole('region', { name: `Values of module.encoder_q.${weight.name}` });
  await panel.getByRole('img').waitFor();
  const values = [...fillTensor(weight).data].map(Number);
  const figures = await panel.locator('dl').textContent();
  const four = (value: number) => Number(value.toPrecision(4));
  const said = (label: string) => Number(new RegExp(`${label}(-?[\\d.e-]+)`).exec(figures ?? '')?.[1]);
  // Four digits are shown.
  expect(said('Least')).toBeCloseTo(four(Math.min(...values)), 4);
  expect(said('Greatest')).toBeCloseTo(four(Math.max(...values)), 4);
  expect(said('Values')).toBe(values.length);
  expect(said('NaN')).toBe(0);
  expect(await panel.getByRole('img').getAttribute('aria-label')).toContain(`${values.length} values from`);
  await panel.getByRole('img').scrollIntoViewIfNeeded();
  await looksRight(page, 'checkpoints-tensor');
  await page.getByRole('textbox', { name: 'Search tensors' }).fill('');
  await page.evaluate('window.scrollTo(0, 0)');
  await screenshot(page, 'checkpoints-detail');
  await page.setViewportSize({ width: 900, height: 1000 });
  await screenshot(page, 'checkpoints-detail-narrow');
  await page.setViewportSize({ width: 1440, height: 1000 });

  // What is exported is one encoder without its head, to the bit.
  const target = join(folder, 'backbone.pth');
  await page.getByRole('button', { name: 'Export …' }).click();
  await dialog()
    .getByRole('radio', { name: /Backbone for PyTorch/ })
    .check();
  await dialog().getByRole('radio', { name: 'A folder where the studio runs' }).check();
  await dialog().getByLabel('Folder, where the studio runs').fill(folder);
  await dialog().getByLabel('Name of the file').fill(basename(target));
  await looksRight(page, 'checkpoints-export');
  await dialog().getByRole('button', { name: 'Export', exact: true }).click();
  await dialog().getByText('Exported', { exact: true }).waitFor();
  expect(await dialog().textContent()).toContain(`torch.load(${JSON.stringify(target)}, `);
  await looksRight(page, 'checkpoints-exported');
  await dialog().getByRole('button', { name: 'Export another' }).click();
  await dialog().getByRole('radio', { name: 'A download of this browser' }).check();
  const download = page.waitForEvent('download');
  await dialog().getByRole('button', { name: 'Export', exact: true }).click();
  const fetched = await (await download).path();
  expect(readFileSync(fetched).equals(readFileSync(target))).toBe(true);
  await dialog().getByText('Exported: this browser downloads it').waitFor();
  await dialog().getByRole('button', { name: 'Done' }).click();
  {
    await using exported = await readPytorchFile(target);
    const tensors = new Map(foreignTensors(exported.root).map(({ name, tensor }) => [name, tensor]));
    expect(tensors.has('fc.weight')).toBe(false);
    const { data } = fillTensor(weight);
    const bytes = await exported.readBytes(tensors.get(weight.name)!);
    expect(Buffer.from(data.buffer, data.byteOffset, data.byteLength).equals(bytes)).toBe(true);
  }

  // The same file again is found by its hash.
  await page.getByRole('link', { name: 'Checkpoints' }).first().click();
  await page.locator('tr[data-row]').waitFor();
  await page.getByRole('button', { name: 'Import …' }).click();
  await page.getByRole('menuitem', { name: 'A file where the studio runs' }).click();
  await expect.poll(() => dialog().getByLabel('Path').inputValue(), soon).not.toBe('');
  await dialog().getByLabel('Path').fill(folder);
  await dialog().getByRole('button', { name: 'Go' }).click();
  await dialog()
    .getByRole('button', { name: basename(file) })
    .click();
  await dialog()
    .getByText(/^All \d+ tensors/)
    .waitFor();
  await dialog().getByRole('radio', { name: 'Link to it' }).check();
  await screenshot(page, 'checkpoints-link');
  await dialog().getByRole('button', { name: 'Import', exact: true }).click();
  await dialog().getByText('It is here already').waitFor();
  await dialog().getByRole('link', { name: 'Published' }).click();
  await page.getByRole('heading', { level: 1, name: 'Published' }).waitFor();
  expect(imported()).toHaveLength(1);

  // A run can be started with it, and its form offers it too.
  await page.getByRole('button', { name: 'Use in a run' }).click();
  await page.getByRole('menuitem', { name: 'Nearest neighbours: checkpoint' }).click();
  const field = page.getByLabel('Checkpoint', { exact: true });
  await expect.poll(() => field.inputValue(), soon).toContain(join(workspace, 'checkpoints', imported()[0]!));
  await field.fill('');
  await page.getByRole('button', { name: 'Choose: Checkpoint' }).click();
  await screenshot(page, 'checkpoints-picker');
  await dialog()
    .getByRole('button', { name: /^Published/ })
    .click();
  await expect.poll(() => field.inputValue(), soon).toContain(imported()[0]!);
  await page.goBack();
  await page.getByRole('heading', { level: 1, name: 'Published' }).waitFor();

  // To the trash, back by the toast; to the trash, back from the list of the trash.
  await page.getByRole('button', { name: 'Move to the trash' }).click();
  await page.getByRole('button', { name: 'Undo' }).click();
  const row = page.locator('tr[data-row]');
  await row.waitFor();
  await looksRight(page, 'checkpoints-table');
  await page.getByRole('button', { name: 'Actions for Published' }).click();
  await page.getByRole('menuitem', { name: 'Move to the trash' }).click();
  await page.getByText('No checkpoints yet').waitFor();
  await page.getByRole('button', { name: 'Trash' }).click();
  await page.getByRole('button', { name: 'Actions for Published' }).click();
  await page.getByRole('menuitem', { name: 'Restore' }).click();
  await page.getByText('The trash is empty').waitFor();
  await page.getByRole('button', { name: 'Show all' }).click();
  await row.waitFor();

  // A file that was changed behind the studio's back is said to be damaged.
  const [kept] = imported();
  const inside = readdirSync(join(workspace, 'checkpoints', kept!)).find((name) => name.endsWith('.pth.tar'));
  appendFileSync(join(workspace, 'checkpoints', kept!, inside!), 'x');
  await row.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Verify' }).click();
  await page.getByText('The file is damaged', { exact: true }).waitFor();
  await page.getByText('Not all is well').waitFor();
  await looksRight(page, 'checkpoints-damaged');

  expect(thrown).toEqual([]);
});
