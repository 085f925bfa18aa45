import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type ChainRecord, chainCommand, chainState, holdWords, withChanges } from '../../../common/chains.ts';
import { readChainFiles } from '../../../main/services/chain-files.ts';
import { checkChain, freshLinks, nextLink, withLink } from '../../../main/services/chain-steps.ts';

const chains = readChainFiles(join(import.meta.dirname, '../../../resources/chains'));
const demo = chains.find(({ id }) => id === 'demo-seed')!;
const given = { data: '/data', teacher: '/teacher.safetensors' };
const fresh: ChainRecord = {
  ...{ id: 'one', createdAt: '2026-01-01T00:00:00.000Z', chain: demo, given, cancelledAt: null, driver: null },
  links: freshLinks(demo),
};
const finished = (record: ChainRecord, at: number) =>
  withLink(record, at, { state: 'finished', run: `run-${at}`, checkpoint: `/runs/${at}/checkpoint` });

test.each(chains)('the shipped chain $id is whole and ends with the published evaluations', (chain) => {
  const inputs = Object.fromEntries(Object.keys(chain.inputs).map((name) => [name, `/${name}`]));
  expect(() => checkChain(chain, inputs)).not.toThrow();
  expect(chain.links.map(({ kind }) => kind)).toEqual(['distill', 'train', 'knn', 'linear']);
});

test('each link starts from the checkpoint before, and has that run as its parent', () => {
  const first = nextLink(fresh)!;
  expect(first).toMatchObject({ at: 0, parent: null, run: null, config: { data: '/data', teacher: given.teacher } });
  const second = nextLink(finished(fresh, 0))!;
  expect(second).toMatchObject({ at: 1, parent: 'run-0', config: { resume: '/runs/0/checkpoint', restart: true } });
  const trained = finished(finished(fresh, 0), 1);
  expect(nextLink(trained)).toMatchObject({ at: 2, parent: 'run-1', config: { pretrained: '/runs/1/checkpoint' } });
  // The second evaluation is of the trained net too, not of the evaluation before it.
  expect(nextLink(finished(trained, 2))).toMatchObject({ at: 3, parent: 'run-1' });
  const all = finished(finished(trained, 2), 3);
  expect([nextLink(all), chainState(all), holdWords(all)]).toEqual([null, 'finished', null]);
});

test('a link that has ended early holds the rest, and is named with its reason', () => {
  const error = { code: 'out-of-memory', message: 'It does not fit.', cure: 'Take --batch-size 8.' };
  const held = withLink(finished(fresh, 0), 1, { state: 'failed', run: 'b', error });
  expect([nextLink(held), chainState(held)]).toEqual([null, 'held']);
  expect(holdWords(held)).toBe(
    '"Contrastive training of the student" has failed: It does not fit. Take --batch-size 8.',
  );
  const paused = withLink(fresh, 0, { state: 'paused', run: 'a' });
  expect(holdWords(paused)).toBe('"Distillation" was paused.');
  const cancelled = { ...withLink(fresh, 0, { state: 'stopping', run: 'a' }), cancelledAt: fresh.createdAt };
  expect([chainState(cancelled), holdWords(cancelled)]).toEqual([
    'cancelled',
    'Cancelled before "Distillation" was done.',
  ]);
  expect(nextLink({ ...fresh, cancelledAt: fresh.createdAt })).toBeNull();
});

test('what is missing or wrong is said before anything runs', () => {
  const check = (chain: typeof demo, values: Record<string, string>) => () => checkChain(chain, values);
  expect(check(demo, { data: '/data' })).toThrow('needs teacher: a checkpoint to learn from');
  expect(check(withChanges(demo, { train: { epochs: 'many' } }), given)).toThrow(
    '"Contrastive training of the student": Epochs is "many"',
  );
  expect(check({ ...demo, links: [demo.links[1]!] }, given)).toThrow('needs {distil}, which neither was given');
  expect(() => withChanges(demo, { teach: {} })).toThrow('has no link teach');
  expect(() => withChanges(demo, { train: { epoch: 1 } })).toThrow('has no field epoch');
  // A link whose predecessor left no checkpoint has nothing to start from.
  expect(() => nextLink(withLink(fresh, 0, { state: 'finished', run: 'a' }))).toThrow('needs {distil}');
});

test('the command line that starts the same', () => {
  expect(chainCommand(demo, { data: '/my data', teacher: '/t.pth' }, { train: { epochs: 2, cos: false } })).toBe(
    "npx contrast chain demo-seed '/my data' --teacher /t.pth --set train.epochs=2 --set train.cos=false",
  );
});
