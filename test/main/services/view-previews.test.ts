/** The lab through the application: the real worker in a process of its own, its pictures by address. */
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { PreviewRequest } from '../../../common/views-preview.ts';
import { openApplication } from '../../../main/application.ts';
import { findFile, folderOf } from '../../../main/web/files.ts';
import { makePictures } from '../../support/pictures.ts';
import { temporaryFolder } from '../../support/studio.ts';

const worker = join(import.meta.dirname, '..', '..', '..', 'worker', 'main.ts');

test('a page is drawn for by a worker of its own, as often as it asks', { timeout: 300_000 }, async () => {
  const workspace = temporaryFolder();
  const data = join(workspace, 'data');
  await makePictures(data, { splits: { train: 2 }, side: 40 });
  const { services, close } = await openApplication({ workspace, workerEntry: worker });
  onTestFinished(() => close());
  const { viewPreviews, tasks } = services;
  const request: PreviewRequest = {
    kind: 'train',
    config: { data, imageSize: 24 },
    epoch: 0,
    images: 3,
    choice: 0,
  };

  const { id } = await viewPreviews.open();
  const first = await viewPreviews.draw(id, request);
  expect(first).toMatchObject({ count: 6, problem: null, issues: [] });
  expect(first!.images).toHaveLength(3);
  const fileOf = (file: string) => {
    const folder = folderOf(services, 'tasks', id);
    return findFile(folder!, file.split('/'), { documents: false });
  };
  const [image] = first!.images;
  expect(await fileOf(image!.views[0]!.file)).toMatchObject({ contentType: 'image/png' });
  expect(await fileOf(image!.original!)).toMatchObject({ contentType: 'image/webp' });
  expect(folderOf(services, 'tasks', 'nonsense')).toBeNull();

  // Of requests that come while one is drawn only the newest is answered.
  const several = await Promise.all(
    [1, 2, 3].map((epoch) =>
      viewPreviews.draw(id, { ...request, config: { ...request.config, jitter: epoch }, epoch }),
    ),
  );
  expect(several[2]).not.toBeNull();
  expect(several.slice(0, 2).filter((answer) => answer !== null && answer.number > several[2]!.number)).toEqual([]);

  await tasks.cancel(id);
  await expect(viewPreviews.draw(id, request)).rejects.toMatchObject({ code: 'not-found' });
  const states: string[] = [];
  for await (const [, update] of tasks.watch(id, {})) if (update.type === 'ended') states.push(update.state);
  // One that a busy machine keeps from ending in time is ended.
  expect(states).toEqual([expect.stringMatching(/^(stopped|interrupted)$/)]);
});
