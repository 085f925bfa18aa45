import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import superjson from 'superjson';
import { expect, test } from 'vitest';
import type { FirstLook } from '../../../common/first-look.ts';
import { unpackRuns } from '../../../common/packed-runs.ts';
import type { Services } from '../../../main/services/index.ts';
import { documentWith } from '../../../main/web/first-look.ts';
import { trainingEvents, writeFinishedRun } from '../../support/run-folders.ts';
import { openStudio, temporaryFolder, until } from '../../support/studio.ts';

const built = '<!doctype html><title>the pages</title><body><div id="root"></div></body>';
const opening = '<script type="application/json" id="first-look">';
const letters = 'abcdefghk';
const timeout = 60_000;

test('the newest runs come with the document, and no name of a run breaks out of it', { timeout }, async () => {
  const workspace = temporaryFolder();
  const path = join(workspace, 'index.html');
  writeFileSync(path, built);
  const wicked = '</script><script>alert(1)</script><!-- \u2028 & "quoted"';
  const loss = (step: number) => (step > 0 ? Number.NaN : 1);
  const events = trainingEvents({ epochs: 1, stepsPerEpoch: 2, knn: () => 50, loss });
  for (let index = 0; index < 70; index++) {
    const createdAt = new Date(Date.UTC(2026, 0, 1, 0, index)).toISOString();
    const id = `aaaaaa${letters[index >> 3]}${letters[index & 7]}`;
    writeFinishedRun(workspace, { id, name: index === 69 ? wicked : id, config: {}, createdAt, events });
  }
  const { services } = await openStudio(workspace);
  const newest = () => services.runs.list({ limit: 60, offset: 0, sort: 'createdAt', descending: true });
  await until(() => newest().total === 70, 'all runs in the store');

  const html = await documentWith(services, path);
  const [before, rest = '', ...more] = html.split(opening);
  expect(more).toEqual([]);
  const json = rest.slice(0, rest.indexOf('</script>'));
  expect(before + rest.slice(json.length).replace('</script>\n', '')).toBe(built);
  expect(json).not.toContain('<');
  const look = superjson.parse<FirstLook>(json);
  const { rows, total } = unpackRuns(look.runs);
  expect(total).toBe(70);
  expect(rows).toEqual(newest().rows);
  expect(rows[0]).toMatchObject({ name: wicked, last: { 'epoch/loss': Number.NaN } });
  expect(look.shown).toBeNull();
});

test('where the runs cannot be read, the document is as it was built', { timeout }, async () => {
  const path = join(temporaryFolder(), 'index.html');
  writeFileSync(path, built);
  const { services } = await openStudio(temporaryFolder());
  const list: Services['runs']['list'] = () => {
    throw new Error('the store is locked');
  };
  expect(await documentWith({ ...services, runs: { ...services.runs, list } }, path)).toBe(built);
});
