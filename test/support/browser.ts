/** A real Chromium for tests of the pages. It comes with an npm package, for Linux on x64 only. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import chromium from '@sparticuz/chromium';
import axe, { type AxeResults } from 'axe-core';
import { type Browser, type Page, chromium as playwright } from 'playwright-core';
import { expect } from 'vitest';

/** Undefined where it can run. */
export const whyNoBrowser =
  process.platform === 'linux' && process.arch === 'x64' ? undefined : 'the Chromium of the tests is for Linux on x64';

/** Meant for a cloud's functions: one process for all, and a page that may read any other. */
const unwanted = ['--single-process', '--no-zygote', '--disable-web-security'];

export async function openBrowser(): Promise<Browser> {
  const args = chromium.args.filter((arg) => !unwanted.includes(arg) && !arg.startsWith('--headless'));
  return playwright.launch({ executablePath: await unpacked(), args, headless: true, timeout: 240_000 });
}

const packageFile = join(import.meta.dirname, '..', '..', 'node_modules', '@sparticuz', 'chromium', 'package.json');

/**
 * The executable. The package takes any file of that name for a whole one, also while another process writes it: it is
 * unpacked in a folder that has its name when all is there, since files of tests run side by side.
 */
async function unpacked(): Promise<string> {
  const { version } = JSON.parse(readFileSync(packageFile, 'utf8'));
  const folder = join(tmpdir(), `contrast-chromium-${version}-${process.getuid?.()}`);
  if (!existsSync(folder)) {
    const own = mkdtempSync(`${folder}-`);
    const { TMPDIR } = process.env;
    process.env.TMPDIR = own; // where the package unpacks
    try {
      await chromium.executablePath();
    } finally {
      if (TMPDIR === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = TMPDIR;
    }
    try {
      renameSync(own, folder);
    } catch {
      rmSync(own, { recursive: true, force: true }); // another one was first
    }
  }
  return join(folder, 'chromium');
}

/** Saved where CONTRAST_SCREENSHOTS names a folder. */
export async function screenshot(page: Page, name: string): Promise<void> {
  const folder = process.env.CONTRAST_SCREENSHOTS;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

/** The page in both colour schemes, at rest, has nothing that WCAG 2.2 AA forbids; a screenshot of each. */
export async function looksRight(page: Page, name: string): Promise<void> {
  for (const scheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await page.locator(`html[data-mantine-color-scheme="${scheme}"]`).waitFor({ state: 'attached' });
    await settled(page);
    await screenshot(page, `${name}-${scheme}`);
    expect.soft(await accessibilityProblems(page), `${name}, ${scheme}`).toEqual([]);
  }
}

/** In a narrow window, at rest, nothing has to be scrolled sideways; a screenshot of it. */
export async function fitsNarrow(page: Page, name: string, widthPx = 620): Promise<void> {
  const before = page.viewportSize()!;
  await page.setViewportSize({ width: widthPx, height: before.height });
  // Charts follow the window a frame or two later.
  const wider = () => page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
  await expect.poll(wider, { timeout: 120_000, message: `${name} in a narrow window` }).toBeLessThanOrEqual(0);
  await screenshot(page, `${name}-narrow`);
  await page.setViewportSize(before);
}

/** What the page was told is drawn: two frames, since the first may have begun before. */
export async function drawn(page: Page): Promise<void> {
  await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))');
}

/** Nothing is being fetched, and no colour is on its way to another. What never ends, as a spinner, is not waited for. */
export async function settled(page: Page): Promise<void> {
  const atRest = `new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(
    document.querySelector('[aria-busy="true"]') === null &&
    document.getAnimations().every((animation) =>
      animation.playState !== 'running' || animation.effect?.getComputedTiming().iterations === Infinity)))))`;
  const end = Date.now() + 120_000;
  while (!(await page.evaluate(atRest))) {
    if (Date.now() > end) throw new Error(`${page.url()} did not come to rest within two minutes`);
  }
}

/**
 * From now on, what moves by itself on the page. @returns a look at it: the cumulative layout shift as the field counts
 * it (the worst window of at most 5 s without a pause of 1 s, so that a longer look has no larger one), and what moved
 */
export async function watchShifts(page: Page): Promise<() => Promise<{ score: number; moved: string[] }>> {
  // As text: the tests' types know no document. What follows a key or a click is no shift that surprises.
  await page.evaluate(`{
    const seen = globalThis.shifts = { score: 0, moved: [] };
    let [sum, first, last] = [0, 0, 0];
    new PerformanceObserver((list) => {
      for (const shift of list.getEntries().filter((one) => !one.hadRecentInput)) {
        if (shift.startTime - last > 1000 || shift.startTime - first > 5000) [sum, first] = [0, shift.startTime];
        last = shift.startTime;
        sum += shift.value;
        seen.score = Math.max(seen.score, sum);
        const texts = shift.sources.map(({ node }) => (node?.textContent ?? '').slice(0, 40));
        seen.moved.push(shift.value.toFixed(4) + ' ' + texts.join(' | '));
      }
    }).observe({ type: 'layout-shift' });
  }`);
  return () => page.evaluate('globalThis.shifts');
}

/** What breaks WCAG 2.2 A or AA on the page when it has come to rest, one line each. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  await settled(page);
  await page.evaluate(axe.source);
  // As text: the tests' types know no document.
  const run = `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })`;
  const { violations } = (await page.evaluate(run)) as AxeResults;
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, any }) => `${id}: ${help}: ${html.slice(0, 200)} ${any[0]?.message ?? ''}`),
  );
}
