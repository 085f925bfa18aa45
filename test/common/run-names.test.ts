import { expect, test } from 'vitest';
import { childName } from '../../common/run-names.ts';

const parent = {
  name: 'Demo · lr 0.01→0.03',
  kind: 'train' as const,
  config: { learningRate: 0.03, seed: 0, cos: false, data: '/a/b' },
};
const nameOf = (change: Record<string, unknown>) => childName(parent, { ...parent.config, ...change });

test('a run made from another one is called by what differs', () => {
  expect(nameOf({ learningRate: 0.06 })).toBe('Demo · lr 0.03→0.06');
  expect(nameOf({ seed: 2, cos: true })).toBe('Demo · seed 2, cos off→on');
  expect(nameOf({ data: '/c/pictures/' })).toBe('Demo · data b→pictures');
  expect(nameOf({ learningRate: 0.1 / 3 })).toBe('Demo · lr 0.03→0.03333');
  expect(nameOf({})).toBe('Demo · again');
  expect(nameOf({ learningRate: 1, seed: 1, cos: true, epochs: 3, temperature: 0.2 })).toBe(
    'Demo · lr 0.03→1, seed 1, cos off→on, 2 more',
  );
});
