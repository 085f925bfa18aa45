/** Files of torch.save against what PyTorch read from them, leaf by leaf. Exact: bits for float32, digits for all. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { TensorData } from '../../engine/checkpoints/dtypes.ts';
import { PickleDictionary, PickleTuple, type PickleValue } from '../../engine/checkpoints/pickle-values.ts';
import { openPytorch, type PytorchFile } from '../../engine/checkpoints/pytorch.ts';
import { TorchTensor } from '../../engine/checkpoints/pytorch-tensor.ts';
import { sourceOf } from '../support/byte-source.ts';

interface TensorLeaf {
  dtype: string;
  shape: number[];
  stride: number[];
  storage_offset: number;
  contiguous: boolean;
  first: (number | string)[];
  l2?: number | 'NaN';
}
type Leaf = TensorLeaf | { value: unknown } | { list: unknown[] } | { empty: string };

interface ManifestFile {
  sha256?: string;
  format?: string;
  contents?: Record<string, Leaf>;
  expect?: string;
}

const folder = join(process.env.CONTRAST_FIXTURES ?? join(import.meta.dirname, '../fixtures'), 'checkpoints');
const manifestText = readFileSync(join(folder, 'manifest.json'), 'utf8');
const manifest: { files: Record<string, ManifestFile> } = JSON.parse(manifestText);
const files = Object.entries(manifest.files).filter(([name]) => existsSync(join(folder, name)));

const open = (name: string) => openPytorch(sourceOf(readFileSync(join(folder, name)), name));

/** Every leaf by its path, as the manifest lists them: a list of plain values is one leaf, an empty dict is none. */
function leavesOf(value: PickleValue, path = '', into = new Map<string, PickleValue>()) {
  const isPlain = (item: PickleValue) => item === null || typeof item !== 'object';
  if (value instanceof PickleDictionary) {
    for (const [key, child] of value) leavesOf(child, `${path}/${String(key)}`, into);
  } else if (Array.isArray(value) && !value.every(isPlain)) {
    value.forEach((child, index) => {
      leavesOf(child, `${path}/${index}`, into);
    });
  } else into.set(path, value);
  return into;
}

function norm(data: TensorData): number {
  let squares = 0;
  for (const value of data) squares += Number(value) ** 2;
  return Math.sqrt(squares);
}

function expectValues(data: TensorData, { dtype, first, l2 }: Pick<TensorLeaf, 'dtype' | 'first' | 'l2'>) {
  first.forEach((expected, index) => {
    const found = data[index]!;
    if (typeof found === 'bigint') {
      // JSON.parse rounds the manifest's large whole numbers; its text holds them.
      expect(Number(found)).toBe(Number(expected));
      expect(manifestText).toContain(String(found));
    } else if (dtype === 'float64') {
      expect(Number(found.toPrecision(9))).toBe(Number(expected)); // nine digits are given
    } else if (Number.isNaN(Number(expected))) expect(found).toBeNaN();
    else expect(found === Math.fround(Number(expected)), `${index}: ${found} for ${expected}`).toBe(true);
  });
  // Sums in another order differ by an unit of the ninth digit.
  if (typeof l2 === 'number') expect(Math.abs(norm(data) - l2)).toBeLessThanOrEqual(2e-8 * Math.max(l2, 1e-30));
}

async function expectTensor(file: PytorchFile, found: PickleValue | undefined, leaf: TensorLeaf) {
  if (!(found instanceof TorchTensor)) throw new Error('expected a tensor');
  expect(found.dtype).toBe(leaf.dtype);
  expect(found.shape).toEqual(leaf.shape);
  expect(found.stride).toEqual(leaf.stride);
  expect(found.offset).toBe(leaf.storage_offset);
  expect(found.contiguous).toBe(leaf.contiguous);
  if (leaf.dtype.startsWith('complex')) {
    // Refused as values; the bytes are pairs of numbers.
    await expect(file.readTensor(found)).rejects.toMatchObject({
      code: 'checkpoint-invalid',
      message: expect.stringContaining(leaf.dtype),
    });
    const bytes = await file.readBytes(found);
    expectValues(new Float32Array(bytes.slice().buffer), { ...leaf, dtype: 'float32' });
    return;
  }
  const data = await file.readTensor(found);
  expect(data.length).toBe(leaf.shape.reduce((product, size) => product * size, 1));
  expectValues(data, leaf);
}

describe.each(files.filter(([, { contents }]) => contents))('%s', (name, { contents = {}, format, sha256 }) => {
  test('is the file that PyTorch read', () => {
    const found = createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex');
    expect(found).toBe(sha256);
  });

  test('gives every leaf exactly', async () => {
    const file = await open(name);
    expect(file.format).toBe(format);
    const leaves = leavesOf(file.root);
    expect([...leaves.keys()].sort()).toEqual(Object.keys(contents).sort());
    for (const [path, leaf] of Object.entries(contents)) {
      const found = leaves.get(path);
      if ('dtype' in leaf) await expectTensor(file, found, leaf);
      else if ('value' in leaf) expect(found).toBe(leaf.value);
      else if ('list' in leaf) expect(found instanceof PickleTuple ? found.items : found).toEqual(leaf.list);
      else expect(found).toEqual([]);
    }
  });
});

test.each(files.filter(([, file]) => file.expect))('%s is refused', async (name) => {
  const error = await open(name).then(
    () => undefined,
    (thrown) => thrown,
  );
  expect(error).toMatchObject({ name: 'AppError', code: 'checkpoint-invalid' });
  // The file, the place and what was expected; a call by its name.
  expect(error.message).toMatch(new RegExp(`^${name}, byte \\d+: `));
  expect(error.message).toMatch(name.startsWith('malicious') ? /posix\.system is refused/ : /expected/);
});

interface FullCheckpoint {
  file: string;
  epoch: number;
  arch: string;
  state_dict: Record<string, [dtype: string, shape: number[], l2: number, first: number[]]>;
  optimizer: { param_groups: { lr: number }[]; state_entries: number };
}

const fullIndex = join(folder, 'full/mobilenetv3_small-moco.json');
const hasFull = existsSync(fullIndex);

// 20 MB, not in the repository: it lies in the folder that CONTRAST_FIXTURES names.
const fullTitle = `a whole checkpoint of MoCo gives every tensor exactly${hasFull ? '' : ' (left out: CONTRAST_FIXTURES names no folder that has it)'}`;
test.skipIf(!hasFull)(fullTitle, async () => {
  const expected: FullCheckpoint = JSON.parse(readFileSync(fullIndex, 'utf8'));
  const file = await open(join('full', expected.file));
  const root = file.root as PickleDictionary;
  expect(root.get('epoch')).toBe(expected.epoch);
  expect(root.get('arch')).toBe(expected.arch);
  const state = root.get('state_dict') as PickleDictionary;
  expect([...state.keys()]).toEqual(Object.keys(expected.state_dict));
  for (const [name, [dtype, shape, l2, first]] of Object.entries(expected.state_dict)) {
    const tensor = state.get(name) as TorchTensor;
    expect([name, tensor.dtype, tensor.shape]).toEqual([name, dtype, shape]);
    expectValues(await file.readTensor(tensor), { dtype, first, l2 });
  }
  const optimizer = root.get('optimizer') as PickleDictionary;
  expect((optimizer.get('state') as PickleDictionary).size).toBe(expected.optimizer.state_entries);
  const [group] = optimizer.get('param_groups') as PickleDictionary[];
  expect(group?.get('lr')).toBe(expected.optimizer.param_groups[0]?.lr);
});
