import { expect, test } from 'vitest';
import { makeData, openStudio, temporaryFolder, trainConfigFor, untilState } from '../../support/studio.ts';

const timeout = 300_000;

async function studioWithThree() {
  const workspace = temporaryFolder();
  const config = trainConfigFor(makeData(workspace, { epochs: 1, stepsPerEpoch: 2, stepMs: 0 }));
  const studio = await openStudio(workspace);
  studio.services.queue.hold();
  const ids: string[] = [];
  for (const name of ['a', 'b', 'c']) {
    ids.push((await studio.services.runs.launch({ kind: 'train', config, name })).id);
  }
  return { studio, workspace, ids: ids as [string, string, string] };
}

test('a held run is passed over, keeps its place, and is held still when the studio is opened again', {
  timeout,
}, async () => {
  const { studio, workspace, ids } = await studioWithThree();
  const [a, b, c] = ids;
  studio.services.queue.hold([a]);
  expect(studio.services.queue.move(a, 1)).toMatchObject({ order: [b, a, c], heldRuns: [a] });
  await studio.close();

  const again = await openStudio(workspace);
  const { queue, runs } = again.services;
  expect(queue.list()).toMatchObject({ held: true, order: [b, a, c], heldRuns: [a] });
  expect(new Set(Object.values(queue.list().devices)).size).toBe(1);
  queue.release();
  await untilState(again, b, 'finished');
  await untilState(again, c, 'finished');
  expect(runs.get(a).state).toBe('queued');
  expect(queue.list()).toMatchObject({ order: [a], heldRuns: [a] });
  queue.release([a]);
  await untilState(again, a, 'finished');
});

test('what is taken out can be put back where it was, held if it was', { timeout }, async () => {
  const { studio, ids } = await studioWithThree();
  const [a, b, c] = ids;
  const { queue, runs } = studio.services;
  queue.hold([c]);
  const places = await queue.remove([c, a]);
  expect(places).toEqual([
    { id: a, position: 0, held: false },
    { id: c, position: 2, held: true },
  ]);
  expect(runs.get(a).state).toBe('stopped');
  expect(queue.list()).toMatchObject({ order: [b], heldRuns: [] });
  expect(await queue.putBack(places)).toMatchObject({ order: [a, b, c], heldRuns: [c] });
  expect(runs.get(a).state).toBe('queued');

  await expect(queue.putBack(places)).rejects.toThrow('"a" is queued: it cannot be put back in the queue.');
  expect(() => queue.hold(['nobody'])).toThrow('Run nobody is not in the queue.');
  await expect(queue.remove([b, 'nobody'])).rejects.toThrow('Run nobody is not in the queue.');
  expect(queue.list().order).toEqual([a, b, c]);
});
