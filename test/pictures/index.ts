/**
 * `npm run pictures`: a picture of every page, light, dark and in high contrast, wide and narrow, with no run, with
 * real ones and with ten thousand, to be looked at (docs/pictures.md). The workspaces are made once and kept.
 *
 *     npm run pictures -- --out FOLDER --stores none,three --only run
 *     npm run pictures -- --readme: those of the README too
 */
import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openBrowser, whyNoBrowser } from '../support/browser.ts';
import { serveStudio } from '../support/served-studio.ts';
import { pagesOf } from './pages.ts';
import { writeReadmePictures } from './readme.ts';
import { writeSheets } from './sheets.ts';
import { contentsOf, type StoreName, storeIn, storeNames } from './stores.ts';
import { type Look, looks, takeAll, type Width, widths } from './take.ts';

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: join(tmpdir(), 'contrast-pictures') },
    stores: { type: 'string', default: storeNames.join() },
    only: { type: 'string', default: '' },
    readme: { type: 'boolean', default: false },
  },
});
const out = resolve(values.out);
const wanted = new RegExp(values.only);
const built = existsSync(join(import.meta.dirname, '..', '..', 'out', 'renderer', 'index.html'));
const reason = whyNoBrowser ?? (built ? undefined : 'the pages are not built: npm run build:pages');

if (reason) {
  console.error(`No pictures: ${reason}.`);
  process.exitCode = 4;
} else {
  const stores = storeNames.filter((name) => values.stores.split(',').includes(name));
  for (const store of stores) await picture(store);
  if (values.readme) await writeReadmePictures(out);
}

async function picture(store: StoreName) {
  const workspace = storeIn(join(out, 'stores'), store);
  const studio = await serveStudio(workspace);
  const browser = await openBrowser();
  const folder = join(out, store);
  try {
    const pages = pagesOf(store, contentsOf(workspace)).filter(({ name }) => wanted.test(name));
    await takeAll(browser, studio.url, pages, folder);
  } finally {
    await browser.close();
    await studio.stop();
  }
  for (const width of Object.keys(widths) as Width[]) {
    for (const look of Object.keys(looks) as Look[]) {
      const end = `-${width}-${look}.png`;
      const taken = readdirSync(folder).filter((file) => file.endsWith(end) && wanted.test(file.slice(0, -end.length)));
      const pictures = taken.map((file) => join(folder, file));
      await writeSheets(pictures, join(out, `${store}-${width}-${look}`));
    }
  }
  console.log(`${store}: ${folder}`);
}
