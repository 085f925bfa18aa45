/** Every page of the studio, and what lies over pages: where it is, and what is done there before it is looked at. */
import type { Page } from 'playwright-core';
import { checkpointIdLength } from '../../common/checkpoints.ts';
import { pages as navigation } from '../../common/pages.ts';
import type { Contents, StoreName } from './stores.ts';

export interface PageToSee {
  name: string;
  path: string;
  prepare?: (page: Page) => Promise<void>;
}

const tabs = ['results', 'checkpoints', 'config', 'log', 'environment'];
const click = (role: 'button' | 'tab' | 'menuitem', name: string | RegExp) => (page: Page) =>
  page.getByRole(role, { name }).first().click();

export function pagesOf(store: StoreName, contents: Contents): PageToSee[] {
  const { runs, checkpoints } = contents;
  const [trained, other] = runs('train');
  const evaluated = (['knn', 'linear', 'neighbours', 'project', 'stats'] as const).flatMap((kind) =>
    runs(kind)
      .slice(-1)
      .map((id) => ({ name: `run-${kind}`, path: `/runs/${id}/results` })),
  );
  const everywhere: PageToSee[] = [
    ...navigation.map(({ path }) => ({ name: path.slice(1), path })),
    { name: 'trash', path: '/runs/trash' },
    { name: 'import-runs', path: '/runs', prepare: click('button', /^Import/) },
    { name: 'palette', path: '/runs', prepare: (page) => page.keyboard.press('Control+k') },
  ];
  if (store === 'none') {
    everywhere.push(
      { name: 'form', path: '/launch/demo' },
      { name: 'chain-form', path: '/launch/chain/demo-seed' },
      { name: 'shortcuts', path: '/runs', prepare: (page) => page.keyboard.press('?') },
      { name: 'not-found', path: '/nowhere' },
    );
  }
  if (store === 'three') {
    everywhere.push(
      { name: 'form-again', path: `/launch/again/${trained}` },
      { name: 'columns', path: '/runs', prepare: click('button', /^Columns/) },
      { name: 'export-runs', path: `/runs/${trained}`, prepare: click('button', /^Export/) },
      {
        name: 'measure',
        path: `/evaluate/${checkpoints[0]?.slice(0, checkpointIdLength)}`,
        prepare: click('button', /^Measure/),
      },
      { name: 'import-checkpoint', path: '/checkpoints', prepare: click('button', /^Import/) },
      ...evaluated,
    );
  }
  if (trained) {
    everywhere.push(
      { name: 'run', path: `/runs/${trained}` },
      ...tabs.map((tab) => ({ name: `run-${tab}`, path: `/runs/${trained}/${tab}` })),
    );
  }
  if (trained && other) everywhere.push({ name: 'compared', path: `/compare/run:${trained},run:${other}` });
  if (checkpoints[0])
    everywhere.push({ name: 'checkpoint', path: `/checkpoints/${checkpoints[0].slice(0, checkpointIdLength)}` });
  return everywhere;
}
