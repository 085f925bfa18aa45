import { beforeAll, expect, test } from 'vitest';
import type { Rows } from '../../../engine/evaluations/rows.ts';
import { weightedNeighbours, weightedVotes } from '../../../engine/evaluations/weighted-neighbours.ts';
import { randomAt } from '../../../engine/random.ts';
import { useBackend } from '../../support/backends.ts';

beforeAll(() => useBackend('wasm'));

const dimension = 12;

function draw(purpose: string, images: number) {
  const [random, centres] = [randomAt(3, purpose), randomAt(3, 'centres')];
  const centre = Float64Array.from({ length: 6 * dimension }, () => centres.normal());
  const labels = Int32Array.from({ length: images }, () => random.integer(6));
  const features = Float32Array.from({ length: images * dimension }, (_, at) => {
    return centre[labels[Math.floor(at / dimension)]! * dimension + (at % dimension)]! + 1.6 * random.normal();
  });
  return { features, labels: labels.map((label) => label * 3 + 1) };
}

/** The definition, read aloud: cosines, a full sort, votes of weight exp(cosine / T). */
function slowAccuracy(train: ReturnType<typeof draw>, probe: ReturnType<typeof draw>, k: number, temperature: number) {
  const row = ({ features }: typeof train, index: number) =>
    Array.from(features.subarray(index * dimension, (index + 1) * dimension));
  const dot = (a: number[], b: number[]) => a.reduce((sum, value, at) => sum + value * b[at]!, 0);
  let [first, five] = [0, 0];
  probe.labels.forEach((label, image) => {
    const mine = row(probe, image);
    const cosines = Array.from(train.labels, (_, index) => {
      const theirs = row(train, index);
      return dot(mine, theirs) / Math.sqrt(dot(mine, mine) * dot(theirs, theirs));
    });
    const nearest = [...cosines.keys()].sort((a, b) => cosines[b]! - cosines[a]!).slice(0, k);
    const votes = new Map<number, number>();
    for (const index of nearest) {
      const voted = train.labels[index]!;
      votes.set(voted, (votes.get(voted) ?? 0) + Math.exp(cosines[index]! / temperature));
    }
    const order = [...votes].sort((a, b) => b[1] - a[1]).map(([voted]) => voted);
    if (order[0] === label) first++;
    if (order.slice(0, 5).includes(label)) five++;
  });
  return { first: (100 * first) / probe.labels.length, five: (100 * five) / probe.labels.length };
}

test.each(Object.entries(weightedVotes))('the vote of %s equals its definition', async (_name, vote) => {
  const [train, probe] = [draw('train', 260), draw('probe', 90)];
  const found = await weightedNeighbours({ train, probe, dimension, ...vote });
  for (const k of vote.neighbours) {
    const expected = slowAccuracy(train, probe, k, vote.temperature);
    expect([found.accuracyByK[k], found.top5ByK[k]]).toEqual([expected.first, expected.five]);
  }
  const accuracies = Object.values(found.accuracyByK);
  expect(found.bestAccuracy).toBe(Math.max(...accuracies));
  expect(found.accuracyByK[found.bestK]).toBe(found.bestAccuracy);
});

test('rows that are read from elsewhere, block by block, give what an array gives', async () => {
  const [train, probe] = [draw('train', 260), draw('probe', 90)];
  let largest = 0;
  const streamed = (features: Float32Array): Rows => ({
    count: features.length / dimension,
    dimension,
    async read(first, last) {
      largest = Math.max(largest, last - first);
      return features.slice(first * dimension, last * dimension);
    },
  });
  const request = { dimension, ...weightedVotes['solo-learn'] };
  const blockBytes = 4 * dimension * 20;
  const found = await weightedNeighbours({
    ...request,
    train: { ...train, features: streamed(train.features) },
    probe: { ...probe, features: streamed(probe.features) },
    blockBytes,
  });
  expect(found).toEqual(await weightedNeighbours({ ...request, train, probe }));
});

test('more neighbours than images are refused', async () => {
  const sets = { train: draw('train', 50), probe: draw('probe', 5), dimension };
  await expect(weightedNeighbours({ ...sets, ...weightedVotes.lightly })).rejects.toThrow(
    '200 neighbours are asked for, but there are 50 images.',
  );
});
