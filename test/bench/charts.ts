/**
 * Curves at size: a real store with as many runs and points as asked for, the real studio and a real Chromium. Measures
 * the query that thins a curve, the bytes and the time until all curves are drawn, and the frames while they are moved.
 *
 *   charts [--curves 200] [--points 100000] [--keep FOLDER]
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import Sqlite from 'better-sqlite3';
import { openStore } from '../../main/store/index.ts';
import { openBrowser, screenshot } from '../support/browser.ts';
import { trainingEvents, writeFinishedRun } from '../support/run-folders.ts';
import { serveStudio } from '../support/served-studio.ts';

const { values: given } = parseArgs({
  options: {
    curves: { type: 'string', default: '200' },
    points: { type: 'string', default: '100000' },
    keep: { type: 'string' },
  },
});
const [curves, points] = [Number(given.curves), Number(given.points)];
const workspace = given.keep ?? mkdtempSync(join(tmpdir(), 'contrast-bench-charts-'));
const runId = (index: number) => `curve${String(index).padStart(3, '0')}`;

try {
  if (!existsSync(join(workspace, 'studio.db'))) await fill();
  queries();
  await pages();
} finally {
  if (given.keep === undefined) rmSync(workspace, { recursive: true, force: true });
}

/** Short runs by their folders, as the studio finds them; then their curves as long as asked for. */
async function fill() {
  mkdirSync(workspace, { recursive: true });
  for (let index = 0; index < curves; index++) {
    const config = {
      data: '/data/pictures',
      arch: 'resnet18',
      learningRate: 0.01 * (1 + (index >> 2)),
      seed: index % 4,
    };
    const events = trainingEvents({ epochs: 1, stepsPerEpoch: 4, knn: () => 50, loss: () => 5 });
    writeFinishedRun(workspace, { id: runId(index), name: `run ${index}`, config, events });
  }
  const studio = await serveStudio(workspace);
  for (let found = 0; found < curves; ) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    const store = openStore(join(workspace, 'studio.db'));
    found = store.runs.list({ limit: curves + 1, offset: 0 }).rows.filter(({ last }) => 'step/loss' in last).length;
    store.close();
  }
  await studio.stop();
  const sqlite = new Sqlite(join(workspace, 'studio.db'));
  const startedMs = performance.now();
  const add = sqlite.prepare(
    `INSERT OR REPLACE INTO points (series_id, step, epoch, time, seq, value)
     WITH RECURSIVE steps(step) AS (SELECT 0 UNION ALL SELECT step + 1 FROM steps WHERE step + 1 < @points)
     SELECT @id, step, step / 1000, 1767225600000 + step * 100, 0,
       1 + @run * 0.01 + 5 * exp(-step / 20000.0) + (random() / 9.3e18) * 0.4 FROM steps`,
  );
  sqlite.transaction(() => {
    for (let index = 0; index < curves; index++) {
      const series = sqlite.prepare("SELECT id FROM series WHERE run_id = ? AND name = 'step/loss'").get(runId(index));
      const { id } = series as { id: number };
      add.run({ id, points, run: index });
      sqlite.prepare('UPDATE series SET count = ? WHERE id = ?').run(points, id);
    }
    sqlite.prepare('UPDATE runs SET step = ?, total_steps = ?').run(points, points);
  })();
  sqlite.close();
  console.log(`filled with ${curves} curves of ${points} points in ${seconds(performance.now() - startedMs)}`);
}

function queries() {
  const store = openStore(join(workspace, 'studio.db'));
  for (const thinning of ['extremes', 'means'] as const) {
    const times = Array.from({ length: 20 }, (_, index) => {
      const before = performance.now();
      const range = { maxPoints: 1000, thinning, ...(thinning === 'means' && { fromStep: 0, toStep: points }) };
      store.points.read(runId((index * 7) % curves), ['step/loss'], range);
      return performance.now() - before;
    });
    console.log(`one curve of ${points} points as 1000, ${thinning}: median ${median(times).toFixed(1)} ms`);
  }
  store.close();
}

async function pages() {
  const studio = await serveStudio(workspace);
  const browser = await openBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 1000 } });
    page.setDefaultTimeout(240_000);
    const bytes: Promise<number>[] = [];
    page.on('response', (response) => {
      if (response.url().includes('runs.points')) bytes.push(response.body().then((body) => body.length));
    });
    await page.goto(studio.url);
    const startedMs = performance.now();
    await page.goto(`${new URL(studio.url).origin}/#/charts`);
    const plot = page.locator('[data-chart="step/loss"]');
    await page.locator('[data-chart="step/loss"][aria-busy="false"]').waitFor();
    await plot.getByText(`${curves} curves of`).waitFor();
    const sent = (await Promise.all(bytes)).reduce((sum, one) => sum + one, 0);
    console.log(
      `all curves there after ${seconds(performance.now() - startedMs)}, ${(sent / 2 ** 20).toFixed(1)} MiB sent`,
    );
    await page.waitForTimeout(4000);
    await screenshot(page, 'bench-charts');

    const canvas = plot.locator('canvas');
    const box = await canvas.boundingBox();
    if (!box) throw new Error('There is no plot.');
    const middle = box.y + box.height / 2;
    // Halfway in, so that there is room to move along.
    await page.mouse.move(box.x + box.width * 0.3, middle);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.5, middle, { steps: 4 });
    await page.mouse.up();
    await page.locator('[data-chart="step/loss"][aria-busy="false"]').waitFor();
    await page.waitForTimeout(6000);
    await screenshot(page, 'bench-charts-zoomed');
    await page.evaluate(`(() => {
      window.frameTimes = [];
      // Only frames in which the curves are moved: a page at rest is always smooth.
      let moved = false;
      addEventListener('pointermove', ({ buttons }) => { moved ||= buttons > 0; }, true);
      const next = (before) => requestAnimationFrame((now) => {
        if (moved) window.frameTimes.push(now - before);
        moved = false;
        next(now);
      });
      requestAnimationFrame(next);
    })()`);
    await page.keyboard.down('Shift');
    for (let round = 0; round < 4; round++) {
      const [from, to] = round % 2 === 0 ? [0.8, 0.2] : [0.2, 0.8];
      await page.mouse.move(box.x + box.width * from, middle);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * to, middle, { steps: 60 });
      await page.mouse.up();
    }
    await page.keyboard.up('Shift');
    const frames = (await page.evaluate('window.frameTimes')) as number[];
    const sorted = frames.toSorted((a, b) => a - b);
    const share = (part: number) => sorted[Math.floor(part * (sorted.length - 1))]!.toFixed(1);
    console.log(
      `moving along: ${frames.length} frames, median ${share(0.5)} ms, 95 % below ${share(0.95)} ms, longest ${share(1)} ms`,
    );
    await screenshot(page, 'bench-charts-moved');
  } finally {
    await browser.close();
    await studio.stop();
  }
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
