/**
 * Tables at size: what the studio does for a list, what the pages do with it, and a real Chromium that shows it.
 *
 *   table [--runs 10000] [--columns 200] [--rounds 7] [--keep FOLDER] [--no-browser | --no-data]
 *   table --serve [--runs 10000] [--keep FOLDER]     a studio on such a workspace, to look at; Ctrl-C ends it
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { generateStore } from '../support/generated-store.ts';
import { serveStudio } from '../support/served-studio.ts';
import { fieldsOf, measureData } from './table/data.ts';
import { measurePages } from './table/pages.ts';

const { values: given } = parseArgs({
  options: {
    runs: { type: 'string', default: '10000' },
    columns: { type: 'string', default: '200' },
    rounds: { type: 'string', default: '7' },
    keep: { type: 'string' },
    serve: { type: 'boolean' },
    'no-browser': { type: 'boolean' },
    'no-data': { type: 'boolean' },
  },
});
const [runs, columns, rounds] = [Number(given.runs), Number(given.columns), Number(given.rounds)];
const workspace = given.keep ?? mkdtempSync(join(tmpdir(), 'contrast-bench-table-'));

try {
  if (!existsSync(join(workspace, 'studio.db'))) {
    const startedMs = performance.now();
    generateStore(workspace, { runs });
    console.log(`filled with ${runs} runs in ${((performance.now() - startedMs) / 1000).toFixed(1)} s`);
  }
  if (given.serve) await serve();
  else {
    const fields = given['no-data'] ? fieldsOf(workspace, columns) : measureData(workspace, { columns, rounds });
    if (!given['no-browser']) await measurePages(workspace, fields, rounds);
  }
} finally {
  if (given.keep === undefined) rmSync(workspace, { recursive: true, force: true });
}

async function serve() {
  const studio = await serveStudio(workspace);
  console.log(studio.url);
  await new Promise((resolve) => process.once('SIGINT', resolve));
  await studio.stop();
}
