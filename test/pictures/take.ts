/** Pictures of pages in a real browser: each page at each width, in each look. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { settled } from '../support/browser.ts';
import type { PageToSee } from './pages.ts';

export const widths = { wide: 1440, narrow: 420 } as const;
export type Width = keyof typeof widths;

export const looks = {
  light: { colorScheme: 'light', contrast: 'no-preference' },
  dark: { colorScheme: 'dark', contrast: 'no-preference' },
  contrast: { colorScheme: 'light', contrast: 'more' },
  'contrast-dark': { colorScheme: 'dark', contrast: 'more' },
} as const;
export type Look = keyof typeof looks;

const heightPx = 900;
/** Of a page that is longer, what is further down is left out. */
const mostHeightPx = 2400;
const patienceMs = 60_000;

/** A page as a picture would show it, at rest; what is still on its way after a minute is told. */
async function show(page: Page, url: string, { name, path, prepare }: PageToSee): Promise<void> {
  await page.goto('about:blank');
  await page.goto(`${url.split('#')[0]}#${path}`);
  await page.locator('main .page > *').first().waitFor();
  await settled(page).catch((error: Error) => console.log(`${name}: ${error.message}`));
  await page.getByText('loading the others').waitFor({ state: 'detached' });
  await prepare?.(page);
  // Pictures within the page and the last frames of its charts.
  await page.waitForLoadState('networkidle');
  await settled(page).catch((error: Error) => console.log(`${name}: ${error.message}`));
}

async function openPage(browser: Browser, url: string, width: Width): Promise<Page> {
  const page = await browser.newPage({
    viewport: { width: widths[width], height: heightPx },
    reducedMotion: 'reduce',
    colorScheme: 'light',
  });
  page.setDefaultTimeout(patienceMs);
  page.on('pageerror', ({ message }) => console.log(`an error on a page: ${message}`));
  await page.goto(url);
  return page;
}

async function takeLook(page: Page, look: Look, file: string, whole = true): Promise<void> {
  await page.emulateMedia(looks[look]);
  await settled(page).catch(() => undefined); // told already
  const height = Number(await page.evaluate('document.documentElement.scrollHeight'));
  const { width } = page.viewportSize()!;
  const clip = { x: 0, y: 0, width, height: Math.min(height, mostHeightPx) };
  await page.screenshot({ path: file, ...(whole && { fullPage: true, clip }) });
}

/** Each page once at each width, then its looks one after another. */
export async function takeAll(browser: Browser, url: string, pages: readonly PageToSee[], folder: string) {
  mkdirSync(folder, { recursive: true });
  for (const width of Object.keys(widths) as Width[]) {
    const page = await openPage(browser, url, width);
    for (const one of pages) {
      try {
        await show(page, url, one);
        for (const look of Object.keys(looks) as Look[]) {
          await takeLook(page, look, join(folder, `${one.name}-${width}-${look}.png`));
        }
      } catch (error) {
        console.log(`${one.name}, ${width}: ${(error as Error).message}`);
      }
      await page.emulateMedia(looks.light);
    }
    await page.close();
  }
}
