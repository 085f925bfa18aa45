import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempDisposable, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { trainConfig } from '../../../common/jobs/train.ts';
import { OrderedDictionary, PickleDictionary, PickleTuple } from '../../../engine/checkpoints/pickle-values.ts';
import { TorchStorage, TorchTensor } from '../../../engine/checkpoints/pytorch-tensor.ts';
import { fromPytorchLayout, type NamedArray } from '../../../engine/models/layout.ts';
import { specsOf, type TensorSpec, trainedSpecs } from '../../../engine/models/model.ts';
import { type Tensor, tf } from '../../../engine/tf.ts';
import { openBackend } from '../../../worker/backends.ts';
import { modelOf } from '../../../worker/checkpoints/backbone.ts';
import { readCheckpoint } from '../../../worker/checkpoints/files.ts';
import { convertSeed, exportBackbone, exportMoco } from '../../../worker/checkpoints/pytorch-export.ts';
import { readPytorchFile, writePytorchFile } from '../../../worker/checkpoints/pytorch-files.ts';
import { automatic } from '../../../worker/checkpoints/recognise.ts';
import { writeTraining } from '../../../worker/checkpoints/training.ts';
import { fillImages, fillQueue, fillTensor } from '../../support/fill.ts';
import { peerPython } from '../../support/peer-python.ts';
import { metadataAt } from './metadata.ts';

const temporaryFolder = () => mkdtempDisposable(join(tmpdir(), 'contrast-export-'));
const fixtures = join(process.env.CONTRAST_FIXTURES ?? join(import.meta.dirname, '../../fixtures'), 'checkpoints');

const config = trainConfig.parse({ data: '/data', cos: true, epochs: 200, learningRate: 0.06 });
const metadata = metadataAt({ stem: 'imagenet', epoch: 100, step: 6200, config });
const model = modelOf('test', metadata);

const keys = { ...automatic, encoder: 'k' };
const arrays = arraysOfRun();

/** A checkpoint of ours with every tensor filled by its name. */
function arraysOfRun(): NamedArray[] {
  const named = (prefix: string, array: NamedArray): NamedArray => ({ ...array, name: prefix + array.name });
  const momentum = specsOf(model, 'parameter').map((spec) => fillTensor(spec, 'momentum/'));
  return [
    ...model.tensors.map((spec) => named('encoder_q.', fillTensor(spec))),
    ...model.tensors.map((spec) => named('encoder_k.', fillTensor(spec, 'key/'))),
    ...momentum.map((array) => named('optimizer.momentum_buffer.', array)),
    fillQueue(128, 64),
    { name: 'queue_ptr', shape: [1], data: BigInt64Array.of(32n) },
  ];
}

const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const bytesOf = ({ data }: NamedArray) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

describe('a checkpoint of ours, exported', () => {
  test('as the reference saves it and back, has the same names, order, bits and settings', async () => {
    await using folder = await temporaryFolder();
    const source = join(folder.path, 'checkpoint_0100.safetensors');
    const target = join(folder.path, 'checkpoint_0100.pth.tar');
    await writeTraining(source, arrays, metadata);
    const written = await exportMoco(source, target);

    await using file = await readPytorchFile(target, { expectedSha256: written.sha256 });
    const root = file.root as PickleDictionary;
    expect([...root.keys()]).toEqual(['epoch', 'arch', 'state_dict', 'optimizer']);
    expect(root.get('epoch')).toBe(100);
    const state = root.get('state_dict') as PickleDictionary;
    const names = model.tensors.map(({ name }) => name);
    expect([...state.keys()]).toEqual([
      'module.queue',
      'module.queue_ptr',
      ...names.map((name) => `module.encoder_q.${name}`),
      ...names.map((name) => `module.encoder_k.${name}`),
    ]);
    const byName = new Map(arrays.map((array) => [array.name, array]));
    for (const [key, tensor] of state) {
      const array = byName.get(String(key).slice('module.'.length))!;
      expect((tensor as TorchTensor).shape).toEqual(array.shape);
      expect(hash(await file.readBytes(tensor as TorchTensor))).toBe(hash(bytesOf(array)));
    }
    const [group] = (root.get('optimizer') as PickleDictionary).get('param_groups') as PickleDictionary[];
    // Half a cosine from 0.06 over 200 epochs, in the epoch of number 99.
    expect(group?.get('lr')).toBeCloseTo(0.03 * (1 + Math.cos((Math.PI * 99) / 200)), 12);
    expect(await readdir(folder.path)).toHaveLength(2); // nothing partial is left
  });

  test('numbers frozen parameters like all others, without a momentum buffer, as torch.optim.SGD does', async () => {
    await using folder = await temporaryFolder();
    const metadata = metadataAt({
      arch: 'vit_tiny',
      stem: 'imagenet',
      head: 'none',
      config: { ...config, mlp: 'none' },
    });
    const vit = modelOf('test', metadata);
    const zeros = (prefix: string, specs: readonly TensorSpec[]): NamedArray[] =>
      specs.map(({ name, shape }) => ({
        ...{ name: prefix + name, shape },
        data: new Float32Array(shape.reduce((product, size) => product * size, 1)),
      }));
    const source = join(folder.path, 'vit.safetensors');
    const queue: NamedArray[] = [fillQueue(128, 64), { name: 'queue_ptr', shape: [1], data: BigInt64Array.of(0n) }];
    const encoders = ['encoder_q.', 'encoder_k.'].flatMap((prefix) => zeros(prefix, vit.tensors));
    await writeTraining(
      source,
      [...encoders, ...zeros('optimizer.momentum_buffer.', trainedSpecs(vit)), ...queue],
      metadata,
    );
    await exportMoco(source, join(folder.path, 'vit.pth.tar'));
    await using file = await readPytorchFile(join(folder.path, 'vit.pth.tar'));
    const optimizer = (file.root as PickleDictionary).get('optimizer') as PickleDictionary;
    const numbers = vit.tensors.flatMap(({ frozen }, index) => (frozen ? [] : [index]));
    expect([...(optimizer.get('state') as PickleDictionary).keys()]).toEqual(numbers);
    const [group] = optimizer.get('param_groups') as PickleDictionary[];
    expect(group?.get('params')).toHaveLength(2 * vit.tensors.length);
  });

  test('as a backbone has the bits of the chosen encoder and no head', async () => {
    await using folder = await temporaryFolder();
    const source = join(folder.path, 'checkpoint_0100.safetensors');
    await writeTraining(source, arrays, metadata);
    const expected = model.tensors.map(({ name }) => name).filter((name) => !name.startsWith('fc.'));
    const keyHash = (name: string) => hash(bytesOf(arrays.find((array) => array.name === `encoder_k.${name}`)!));

    await exportBackbone(source, join(folder.path, 'backbone.pth'), keys, 'backbone');
    await using pytorch = await readPytorchFile(join(folder.path, 'backbone.pth'));
    const state = pytorch.root as PickleDictionary;
    expect([...state.keys()]).toEqual(expected);
    for (const name of expected) {
      expect(hash(await pytorch.readBytes(state.get(name) as TorchTensor))).toBe(keyHash(name));
    }
    await exportBackbone(source, join(folder.path, 'backbone.safetensors'), keys, 'safetensors');
    await using safetensors = await readCheckpoint(join(folder.path, 'backbone.safetensors'));
    expect([...safetensors.tensors.keys()].sort()).toEqual([...expected].sort());
    for (const name of expected) expect(hash(await safetensors.readBytes(name))).toBe(keyHash(name));
  });
});

describe('a file that is read and written again', () => {
  test.each(['moco-tiny.pth.tar', 'seed-tiny-legacy.pth.tar'])('%s is the same to every bit', async (name) => {
    await using folder = await temporaryFolder();
    await using file = await readPytorchFile(join(fixtures, name));
    const target = join(folder.path, 'again.pth.tar');
    await writePytorchFile(target, file.root, file.readBytes);
    await using again = await readPytorchFile(target);
    const describeFile = async ({ root, readBytes }: typeof file) => {
      const lines: string[] = [];
      const state = (root as PickleDictionary).get('state_dict') as PickleDictionary;
      for (const [key, tensor] of state) {
        const { dtype, shape } = tensor as TorchTensor;
        lines.push(`${String(key)} ${dtype} [${shape}] ${hash(await readBytes(tensor as TorchTensor))}`);
      }
      const optimizer = (root as PickleDictionary).get('optimizer') as PickleDictionary;
      return { lines, groups: optimizer.get('param_groups') };
    };
    expect(await describeFile(again)).toEqual(await describeFile(file));
  });

  test('keeps numbers, texts and containers, and the types of tensors', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'values.pt');
    const bytes = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
    const tensorOf = (dtype: 'bfloat16' | 'uint16' | 'bool', shape: number[]) =>
      new TorchTensor(new TorchStorage(dtype, dtype, 8), dtype, shape);
    const shared = tensorOf('bfloat16', [2, 2]);
    const whole = [0, 1, 255, 256, -1, -128, 65_536, -(2 ** 31), 2 ** 31, 2 ** 40, -(2 ** 40), -(2 ** 53) + 1];
    const root = new OrderedDictionary([
      ['whole', whole],
      ['large', [2n ** 63n - 1n, -(2n ** 63n), 2n ** 100n]],
      ['numbers', new PickleTuple([0.1, -0, Number.NaN, Number.POSITIVE_INFINITY, 5e-324])],
      ['texts', ['', 'ü€😀', 'a\nb']],
      ['nothing', null],
      ['flags', [true, false]],
      ['empty', [[], new PickleDictionary(), new PickleTuple([])]],
      ['tensors', [shared, tensorOf('uint16', [4]), tensorOf('bool', [8]), shared]],
    ]);
    await writePytorchFile(path, root, async (tensor) => bytes.subarray(0, tensor.sizeBytes));
    await using file = await readPytorchFile(path);
    const again = file.root as OrderedDictionary;
    for (const key of ['whole', 'large', 'numbers', 'texts', 'nothing', 'flags', 'empty']) {
      expect(again.get(key), key).toEqual(root.get(key));
    }
    const tensors = again.get('tensors') as TorchTensor[];
    expect(tensors.map(({ dtype, shape }) => [dtype, ...shape])).toEqual([
      ['bfloat16', 2, 2],
      ['uint16', 4],
      ['bool', 8],
      ['bfloat16', 2, 2],
    ]);
    for (const tensor of tensors) expect(await file.readBytes(tensor)).toEqual(bytes.subarray(0, tensor.sizeBytes));
    expect(tensors[0]!.storage.key).toBe(tensors[3]!.storage.key); // one that is shared is stored once
  });
});

test("SEED's checkpoint becomes one of MoCo: the published script's keys without the student's", async () => {
  await using folder = await temporaryFolder();
  const manifest = JSON.parse(await readFile(join(fixtures, 'manifest.json'), 'utf8'));
  const target = join(folder.path, 'converted_seed.pth.tar');
  await convertSeed(join(fixtures, 'seed-tiny.pth.tar'), target);
  await using before = await readPytorchFile(join(fixtures, 'seed-tiny.pth.tar'));
  await using after = await readPytorchFile(target);
  const stateOf = ({ root }: typeof before) => (root as PickleDictionary).get('state_dict') as PickleDictionary;
  const published: [string, number[]][] = manifest.seed_to_moco.keys;
  const expected = published.filter(([name]) => !name.startsWith('module.student.'));
  const found = Array.from(stateOf(after), ([key, tensor]) => [key, (tensor as TorchTensor).shape]);
  expect(found).toEqual(expected);
  for (const [key, tensor] of stateOf(after)) {
    const old = stateOf(before).get(String(key).replace('module.encoder_q.', 'module.student.')) as TorchTensor;
    expect(await after.readBytes(tensor as TorchTensor)).toEqual(await before.readBytes(old));
  }
  expect((after.root as PickleDictionary).get('epoch')).toBe(manifest.seed_to_moco.epoch);
  await expect(convertSeed(join(fixtures, 'moco-tiny.pth.tar'), target)).rejects.toThrow(/is no checkpoint of SEED/);
});

const { python, missing } = peerPython('torch, numpy');

test.skipIf(missing)(
  `PyTorch loads exported files strictly and computes the same${missing ? ` (left out: ${missing})` : ''}`,
  async () => {
    await using folder = await temporaryFolder();
    const at = (name: string) => join(folder.path, name);
    await writeTraining(at('own.safetensors'), arrays, metadata);
    await exportMoco(at('own.safetensors'), at('checkpoint_0100.pth.tar'));
    await exportBackbone(at('own.safetensors'), at('backbone.pth'), automatic, 'backbone');
    await openBackend('auto');
    const images = fillImages('export', [2, 3, 64, 64]);
    await writeFile(at('pixels'), Buffer.from((await tf.transpose(images, [0, 3, 1, 2]).data()).slice().buffer));

    const script = join(import.meta.dirname, '../../support/load_in_torch.py');
    const answer = execFileSync(python, [script, at('checkpoint_0100.pth.tar'), at('backbone.pth'), at('pixels')], {
      maxBuffer: 2 ** 26,
    });
    const found = JSON.parse(answer.toString());
    expect(found).toMatchObject({ epoch: 100, arch: 'resnet18', mapped: true });
    const byName = new Map(arrays.map((array) => [array.name, array]));
    for (const [key, digest] of Object.entries(found.hashes)) {
      expect([key, digest]).toEqual([key, hash(bytesOf(byName.get(key.slice('module.'.length))!))]);
    }
    specsOf(model, 'parameter').forEach(({ name }, index) => {
      expect(found.buffers[index]).toBe(hash(bytesOf(byName.get(`optimizer.momentum_buffer.${name}`)!)));
    });
    expect(found.group).toMatchObject({ momentum: 0.9, weight_decay: 1e-4, nesterov: false });

    const tensors: Record<string, Tensor> = {};
    for (const { name } of model.tensors)
      tensors[name] = fromPytorchLayout({ ...byName.get(`encoder_q.${name}`)!, name });
    const { features, output } = model.forward(tensors, tensors, images, { training: false });
    // Two float32 networks that sum in another order: the fixtures' tolerance for outputs in evaluation mode.
    expect(distance(output.arraySync(), found.output)).toBeLessThan(1e-5);
    expect(distance(features.arraySync(), found.features)).toBeLessThan(1e-5);
  },
);

/** |found - expected| / |expected|, over all values. */
function distance(found: number[][], expected: number[][]): number {
  const norm = (values: number[]) => Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0));
  const flat = expected.flat();
  return norm(found.flat().map((value, index) => value - flat[index]!)) / norm(flat);
}
