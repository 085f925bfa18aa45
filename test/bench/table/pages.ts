/** The pages in a real Chromium: first paint, a click that sorts, a key that filters, frames while it scrolls. */
import type { CDPSession, Page } from 'playwright-core';
import { openBrowser, screenshot } from '../../support/browser.ts';
import { serveStudio } from '../../support/served-studio.ts';
import { reportTimes } from './report.ts';

const paintAimMs = 300;
const workAimMs = 150;
/** The studio keeps the view a moment after it was changed. */
const restMs = 1500;

export async function measurePages(workspace: string, fields: readonly string[], rounds: number) {
  const studio = await serveStudio(workspace);
  const browser = await openBrowser();
  try {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    page.setDefaultTimeout(120_000);
    const busy = await busyClock(page);
    const definition = {
      columns: fields.map((field) => ({ field })),
      filter: '',
      groupBySeed: false,
      published: false,
    };
    await page.addInitScript(`localStorage.setItem('results-table', ${JSON.stringify(JSON.stringify(definition))})`);
    await page.addInitScript(firstRowClock);
    await page.goto(studio.url);
    const { origin } = new URL(studio.url);
    for (const [label, path] of [
      ['Runs', '/#/runs'],
      ['Results', '/#/results'],
    ] as const) {
      await paints(page, busy, { label, url: `${origin}${path}`, rounds });
      await sorts(page, busy, { label, rounds });
      await filters(page, busy, { label, rounds });
      await scrolls(page, busy, label);
      await screenshot(page, `bench-table-${label.toLowerCase()}`);
    }
  } finally {
    await browser.close();
    await studio.stop();
  }
}

interface Case {
  label: string;
  rounds: number;
}

/** Milliseconds that the page's main thread has computed so far; what other processes take is in none of them. */
type Clock = () => Promise<number>;

async function busyClock(page: Page): Promise<Clock> {
  const session: CDPSession = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  return async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN);
  };
}

const leastBusy = (burdens: readonly number[]) => `busy ${Math.min(...burdens).toFixed(1)} ms`;

/** The page itself notes when the frame with its first row is over: who asks from outside waits for what comes after it. */
const firstRowClock = `{
  const watcher = new MutationObserver(() => {
    if (!document.querySelector('tr[data-row]')) return;
    watcher.disconnect();
    requestAnimationFrame(() => setTimeout(() => { window.firstRows = performance.now(); }));
  });
  watcher.observe(document, { childList: true, subtree: true });
}`;

const firstRows = `new Promise((resolve) => {
  const look = () => (window.firstRows ? resolve(window.firstRows) : setTimeout(look, 5));
  look();
})`;

/** From the reload of the page to the end of the frame with the first row; `busy` has some of what follows in it. */
async function paints(page: Page, busy: Clock, { label, url, rounds }: Case & { url: string }) {
  const times: number[] = [];
  const burdens: number[] = [];
  const completed: number[] = [];
  for (let round = 0; round < rounds; round++) {
    await page.goto('about:blank');
    const before = await busy();
    await page.goto(url);
    await page.getByRole('table', { name: label, exact: true }).locator('tr[data-row]').first().waitFor();
    times.push((await page.evaluate(firstRows)) as number);
    burdens.push((await busy()) - before);
    await page.getByText('loading the others').waitFor({ state: 'detached' });
    completed.push((await page.evaluate(afterFrame('performance.now()'))) as number);
  }
  reportTimes(`${label}: first rows on screen`, times, paintAimMs, leastBusy(burdens));
  reportTimes(`${label}: all rows`, completed);
  // The other way to a table: from another page, with the list at hand.
  const moved: number[] = [];
  const movedBurdens: number[] = [];
  for (let round = 0; round < rounds; round++) {
    await page.evaluate(`location.hash = '#/system'`);
    await page.locator('tr[data-row]').first().waitFor({ state: 'detached' });
    const hash = new URL(url).hash;
    const before = await busy();
    moved.push(
      (await page.evaluate(timed(`location.hash = '${hash}'`, `document.querySelector('tr[data-row]')`))) as number,
    );
    movedBurdens.push((await busy()) - before);
  }
  reportTimes(`${label}: shown from another page`, moved, paintAimMs, leastBusy(movedBurdens));
}

async function sorts(page: Page, busy: Clock, { label, rounds }: Case) {
  const times: number[] = [];
  const burdens: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const head = `document.querySelectorAll('table[aria-label="${label}"] thead th button')[${1 + (round % 3)}]`;
    await page.evaluate(`window.before = ${signature}`);
    const busyBefore = await busy();
    times.push((await page.evaluate(timed(`${head}.click()`, `${signature} !== window.before`))) as number);
    burdens.push((await busy()) - busyBefore);
  }
  reportTimes(`${label}: click on a header to its order`, times, workAimMs, leastBusy(burdens));
}

/** Which rows are in sight, and how the headers say that they are sorted. */
const signature = `[...document.querySelectorAll('thead th[aria-sort], tr[data-row]')].map((one) => one.textContent + one.ariaSort).join('|')`;

async function filters(page: Page, busy: Clock, { label, rounds }: Case) {
  const name = label === 'Runs' ? 'Search runs' : 'Filter of the runs';
  const box = page.getByRole('textbox', { name }).or(page.getByRole('searchbox', { name })).first();
  // Whatever the page was left with: the first round begins when the rows are those of this filter.
  await box.fill('"no run is called this"');
  await page.locator('tr[data-row]').first().waitFor({ state: 'detached' });
  await box.fill('resnet18');
  await page.locator('tr[data-row]').first().waitFor();
  await box.evaluate((found) => Reflect.set(globalThis, 'box', found));
  const times: number[] = [];
  const burdens: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const busyBefore = await busy();
    const before = await page.evaluate(counted);
    const text = round % 2 === 0 ? 'resnet18 and loss < 4' : 'resnet18';
    const type = `Object.getOwnPropertyDescriptor(Object.getPrototypeOf(window.box), 'value').set.call(window.box, ${JSON.stringify(text)}), window.box.dispatchEvent(new Event('input', { bubbles: true }))`;
    times.push((await page.evaluate(timed(type, `${counted} !== ${JSON.stringify(before)}`))) as number);
    burdens.push((await busy()) - busyBefore);
  }
  // All rows again, and nothing left to compute, before the next thing is measured.
  const filtered = await page.evaluate(counted);
  await box.fill('');
  await page.evaluate(timed('', `${counted} !== ${JSON.stringify(filtered)}`));
  await page.evaluate('new Promise((resolve) => requestIdleCallback(resolve))');
  await page.waitForTimeout(restMs);
  reportTimes(`${label}: a filter to its rows`, times, workAimMs, leastBusy(burdens));
}

const counted = `document.querySelector('table[aria-rowcount]')?.getAttribute('aria-rowcount')`;

/** Down and to the right, a step each frame, for 150 frames. */
async function scrolls(page: Page, busy: Clock, label: string) {
  const before = await busy();
  const frames = (await page.evaluate(`new Promise((resolve) => {
    const scroller = document.querySelector('table[aria-label="${label}"]').parentElement;
    const times = [];
    let last = performance.now();
    const step = (now) => {
      times.push(now - last);
      last = now;
      scroller.scrollBy(times.length % 2 ? 40 : 0, 120);
      if (times.length < 150) requestAnimationFrame(step);
      else { scroller.scrollTo(0, 0); resolve(times.slice(2)); }
    };
    requestAnimationFrame(step);
  })`)) as number[];
  const burden = ((await busy()) - before) / frames.length;
  const sorted = frames.toSorted((a, b) => a - b);
  const share = (part: number) => sorted[Math.floor(part * (sorted.length - 1))]!.toFixed(1);
  const late = frames.filter((frame) => frame > 34).length;
  const long = frames.filter((frame) => frame > 50).length;
  console.log(
    `${label}: frames while scrolling: median ${share(0.5)} ms, 95 % below ${share(0.95)} ms, longest ${share(1)} ms; ` +
      `${late} of ${frames.length} late, ${long} over 50 ms; busy ${burden.toFixed(1)} ms a frame`,
  );
}

/** Milliseconds from an action to the frame in which a condition holds. */
function timed(action: string, condition: string): string {
  return `new Promise((resolve) => {
    const before = performance.now();
    ${action};
    const look = () => (${condition}) ? requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - before))) : requestAnimationFrame(look);
    requestAnimationFrame(look);
  })`;
}

function afterFrame(value: string): string {
  return `new Promise((resolve) => requestAnimationFrame(() => setTimeout(() => resolve(${value}))))`;
}
