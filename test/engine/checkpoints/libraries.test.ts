/** Files of other libraries, written by test/support/save_in_torch.py. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { foreignTensors } from '../../../engine/checkpoints/foreign.ts';
import { recogniseLayout } from '../../../engine/checkpoints/layouts.ts';
import { NumpyArray } from '../../../engine/checkpoints/pickle-numpy.ts';
import {
  PickleDictionary,
  PickleGlobal,
  PickleTuple,
  type PickleValue,
} from '../../../engine/checkpoints/pickle-values.ts';
import { openPytorch } from '../../../engine/checkpoints/pytorch.ts';
import type { TorchTensor } from '../../../engine/checkpoints/pytorch-tensor.ts';
import { sourceOf } from '../../support/byte-source.ts';

const folder = join(import.meta.dirname, '../../fixtures/libraries');
const open = (name: string) => openPytorch(sourceOf(readFileSync(join(folder, name)), name));

function at(value: PickleValue, ...path: (string | number)[]): PickleValue {
  return path.reduce<PickleValue>(
    (here, key) => (here instanceof PickleDictionary ? here.get(key) : (here as PickleValue[])[Number(key)]) ?? null,
    value,
  );
}

test("DINO's two networks and its settings", async () => {
  const { root } = await open('dino.pth');
  const names = foreignTensors(root).map(({ name }) => name);
  expect(names).toContain('teacher.backbone.conv1.weight');
  expect(names).toContain('student.module.backbone.conv1.weight');
  expect(names.some((name) => name.includes('exp_avg'))).toBe(false);
  expect(recogniseLayout(names)).toMatchObject({
    layout: 'dino',
    encoders: [{ name: 'teacher' }, { name: 'student' }],
  });
  expect(at(root, 'args', 'lr')).toBe(0.001);
  expect(at(root, 'args', 'output_dir')).toBe('/a/b');
  expect(at(root, 'optimizer', 'param_groups', 0, 'betas')).toEqual(new PickleTuple([0.9, 0.999]));
});

test("solo-learn's network in a file of Lightning", async () => {
  const { root } = await open('solo-learn.ckpt');
  const names = foreignTensors(root).map(({ name }) => name);
  expect(names).toEqual([
    'backbone.conv1.weight',
    'backbone.bn1.weight',
    'backbone.layer1.0.conv1.weight',
    'classifier.weight',
  ]);
  expect(recogniseLayout(names).layout).toBe('solo-learn');
  expect(at(root, 'callbacks', 'ModelCheckpoint', 'current_score')).toBe(3.5);
  expect(at(root, 'optimizer_states', 0, 'param_groups', 0, 'lr')).toBe(0.5);
  const sizes = at(root, 'hyper_parameters', 'sizes') as NumpyArray;
  expect(sizes).toBeInstanceOf(NumpyArray);
  expect([...new BigInt64Array(sizes.bytes.slice().buffer)]).toEqual([0n, 1n, 2n, 3n, 4n, 5n]);
});

test.each([2, 5])('values of pickle protocol %i', async (protocol) => {
  const file = await open(`values-protocol${protocol}.pt`);
  const value = (name: string) => at(file.root, name);
  const read = (name: string) => file.readTensor(value(name) as TorchTensor);
  expect(await read('parameter')).toEqual(Float32Array.of(0, 1));
  expect(await read('buffer')).toEqual(Float32Array.of(0, 1, 2));
  expect(await read('uint16')).toEqual(Uint16Array.of(1, 65535));
  await expect(read('float8')).rejects.toThrow(/found one of float8_e4m3fn/);
  expect((value('array') as NumpyArray).shape).toEqual([2, 2]);
  expect(value('set')).toEqual(new Set([1, 2]));
  expect(value('tuple')).toEqual(new PickleTuple([1, 'a']));
  expect(value('size')).toEqual(new PickleTuple([2, 3]));
  expect((value('dtype') as PickleGlobal).name).toBe('torch.float16');
  expect(value('dtype')).toBeInstanceOf(PickleGlobal);
  expect(value('bytes')).toEqual(new TextEncoder().encode('abc'));
  expect(value('deque')).toEqual([1]);
  expect([...(value('counter') as PickleDictionary)]).toEqual([
    ['a', 2],
    ['b', 1],
  ]);
});

test.each([
  ['whole-module.pt', 'torch.nn.modules.linear.Linear is refused'],
  ['torchscript.pt', 'expected a file of torch.save, found an archive of TorchScript'],
])('%s is refused, saying what it is', async (name, message) => {
  await expect(open(name)).rejects.toThrow(message);
});
