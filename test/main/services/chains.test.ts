import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type ChainRecord, chainFile } from '../../../common/chains.ts';
import { type ChainPorts, newChain, runChain } from '../../../main/services/chains.ts';

const folder = join(import.meta.dirname, '../../../resources/chains');
const chains = readdirSync(folder).map((name) => chainFile.parse(JSON.parse(readFileSync(join(folder, name), 'utf8'))));
const demo = chains.find(({ id }) => id === 'demo-seed')!;
const given = { data: '/data', teacher: '/teacher.safetensors' };
const start = () => newChain('one', demo, given, '2026-01-01T00:00:00.000Z');

/** Runs that end as told, each leaving a checkpoint of its own; and what was asked of them. */
function ports(endings: Record<string, 'finished' | 'interrupted'> = {}) {
  const asked: { name: string; config: Record<string, unknown>; parent: string | null; earlier: string | null }[] = [];
  const saved: ChainRecord[] = [];
  const run: ChainPorts['run'] = async ({ link, config, parent }, earlier, onStart) => {
    asked.push({ name: link.name, config, parent, earlier });
    onStart(earlier ?? `run-${link.name}`);
    return { state: endings[link.name] ?? 'finished', result: { checkpoint: `/runs/${link.name}/checkpoint` } };
  };
  return { asked, saved, run, save: (record: ChainRecord) => saved.push(record) };
}

test.each(chains)('the shipped chain $id is whole', (chain) => {
  const inputs = Object.fromEntries(Object.keys(chain.inputs).map((name) => [name, `/${name}`]));
  expect(() => newChain('one', chain, inputs, '2026-01-01T00:00:00.000Z')).not.toThrow();
});

test('each link starts from the one before, and has the run as its parent whose checkpoint it takes', async () => {
  const { asked, run, save } = ports();
  const ended = await runChain(start(), { run, save });
  expect(asked.map(({ name, parent }) => [name, parent])).toEqual([
    ['distil', null],
    ['train', 'run-distil'],
    ['knn', 'run-train'],
  ]);
  expect(asked[0]!.config).toMatchObject({ data: '/data', teacher: '/teacher.safetensors' });
  expect(asked[1]!.config).toMatchObject({ resume: '/runs/distil/checkpoint', restart: true });
  expect(asked[2]!.config).toMatchObject({ pretrained: '/runs/train/checkpoint' });
  expect(ended.links.map(({ state }) => state)).toEqual(['finished', 'finished', 'finished']);
});

test('one that is cut off goes on in the run that it had begun', async () => {
  const first = ports({ train: 'interrupted' });
  const cut = await runChain(start(), first);
  expect(cut.links.map(({ state }) => state)).toEqual(['finished', 'interrupted', 'waiting']);
  const second = ports();
  // From what was written down while the link ran, as after the death of the whole process.
  const ended = await runChain(first.saved.findLast(({ links }) => links[1]!.state === 'running')!, second);
  expect(second.asked.map(({ name, earlier }) => [name, earlier])).toEqual([
    ['train', 'run-train'],
    ['knn', null],
  ]);
  expect(ended.links.every(({ state }) => state === 'finished')).toBe(true);
});

test('what is missing or wrong is said before anything runs', () => {
  const create = (chain: typeof demo, values: Record<string, string>) => () => newChain('one', chain, values, '');
  expect(create(demo, { data: '/data' })).toThrow('needs teacher: a checkpoint to learn from');
  const [distil, train] = demo.links;
  const wrong = { ...train!, config: { ...train!.config, epochs: 'many' } };
  expect(create({ ...demo, links: [distil!, wrong] }, given)).toThrow('Contrastive training of the student": epochs');
  expect(create({ ...demo, links: [train!] }, given)).toThrow('needs {distil}, which neither was given');
});
