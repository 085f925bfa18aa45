/** MobileNetV3 and EfficientNet through the files of PyTorch: every bit, every name, and the features. */
import { existsSync } from 'node:fs';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { trainConfig } from '../../../common/jobs/train.ts';
import { foreignTensors } from '../../../engine/checkpoints/foreign.ts';
import { recogniseLayout, selectEncoder } from '../../../engine/checkpoints/layouts.ts';
import { previewMatch } from '../../../engine/checkpoints/match.ts';
import { extractFeatures } from '../../../engine/models/features.ts';
import { fromPytorchLayout, type NamedArray } from '../../../engine/models/layout.ts';
import { specsOf } from '../../../engine/models/model.ts';
import type { Tensors } from '../../../engine/tf.ts';
import { openBackend } from '../../../worker/backends.ts';
import { modelOf } from '../../../worker/checkpoints/backbone.ts';
import { exportBackbone, exportMoco } from '../../../worker/checkpoints/pytorch-export.ts';
import { readPytorchFile } from '../../../worker/checkpoints/pytorch-files.ts';
import { automatic } from '../../../worker/checkpoints/recognise.ts';
import { writeTraining } from '../../../worker/checkpoints/training.ts';
import { fillImages, fillQueue, fillTensor } from '../../support/fill.ts';
import { metadataAt } from './metadata.ts';

const config = trainConfig.parse({ data: '/data', mlp: 'none' });
const metadataOf = (arch: string) => metadataAt({ arch, stem: 'imagenet', head: 'none', config });
const bytesOf = ({ data }: NamedArray) => Buffer.from(data.buffer, data.byteOffset, data.byteLength);

describe.each(['mobilenetv3_small', 'efficientnet_b0'])('%s', (arch) => {
  const metadata = metadataOf(arch);
  const model = modelOf('test', metadata);
  const encoder = (prefix: string) =>
    model.tensors.map((spec) => ({ ...fillTensor(spec, prefix), name: `encoder_${prefix}.${spec.name}` }));
  const arrays: NamedArray[] = [
    ...encoder('q'),
    ...encoder('k'),
    ...specsOf(model, 'parameter').map((spec) => ({
      ...fillTensor(spec, 'momentum/'),
      name: `optimizer.momentum_buffer.${spec.name}`,
    })),
    fillQueue(128, 8),
    { name: 'queue_ptr', shape: [1], data: BigInt64Array.of(0n) },
  ];

  test('an exported checkpoint is recognised, fits without a gap and has every bit; a backbone lacks fc alone', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'contrast-mobile-'));
    const [source, whole, bare] = ['own.safetensors', 'moco.pth.tar', 'bare.pth'].map((name) =>
      join(folder.path, name),
    );
    await writeTraining(source!, arrays, metadata);
    await exportMoco(source!, whole!);
    await exportBackbone(source!, bare!, { ...automatic, encoder: 'k' }, 'backbone');

    for (const [path, layout, prefix, letter] of [
      [whole!, 'moco', 'module.encoder_q.', 'q'],
      [bare!, arch.startsWith('mobile') ? 'torchvision' : 'plain', '', 'k'],
    ] as const) {
      await using file = await readPytorchFile(path);
      const foreign = foreignTensors(file.root);
      const found = recogniseLayout(foreign.map(({ name }) => name));
      expect(found).toMatchObject({ layout, encoders: [{ prefix }, ...found.encoders.slice(1)] });
      expect(found.refusal).toBeUndefined();
      const { tensors } = selectEncoder(foreign, prefix);
      const entries = [...tensors].map(([name, { shape }]) => ({ name, shape }));
      const { missing, unexpected, mismatched } = previewMatch(model.tensors, entries);
      expect([missing, unexpected, mismatched]).toEqual([letter === 'q' ? [] : ['fc.weight', 'fc.bias'], [], []]);
      const byName = new Map(arrays.map((array) => [array.name, array]));
      for (const [name, { tensor }] of tensors) {
        const expected = bytesOf(byName.get(`encoder_${letter}.${name}`)!);
        expect(expected.equals(await file.readBytes(tensor)), name).toBe(true);
      }
    }
  });
});

const folder = process.env.CONTRAST_FIXTURES ?? join(import.meta.dirname, '../../fixtures');
const full = join(folder, 'checkpoints/full/mobilenetv3_small-moco.pth.tar');
const missing = existsSync(full) ? '' : ' (left out: CONTRAST_FIXTURES names no folder that has it)';

test.skipIf(missing)(
  `a whole checkpoint of the published code gives the published net's features${missing}`,
  async () => {
    await openBackend('auto');
    const model = modelOf(full, metadataOf('mobilenetv3_small'));
    await using file = await readPytorchFile(full);
    const { tensors } = selectEncoder(foreignTensors(file.root), 'module.encoder_q.');
    const read = async (kind: 'parameter' | 'buffer'): Promise<Tensors> => {
      const entries = specsOf(model, kind).map(async ({ name, shape }) => {
        const data = (await file.readTensor(tensors.get(name)!.tensor)) as Float32Array | BigInt64Array;
        return [name, fromPytorchLayout({ name, shape, data })] as const;
      });
      return Object.fromEntries(await Promise.all(entries));
    };
    const images = fillImages('arch/full', [2, 3, 64, 64]);
    const features = extractFeatures(model, await read('parameter'), await read('buffer'), images);
    const values = features.dataSync() as Float32Array;
    // By PyTorch on the CPU from the same file and images; float32 is 6e-7 away from float64.
    const length = 3.88758087;
    [-0.052242417, 0.0046557626, -0.075098544, -0.04694831].forEach((value, index) => {
      expect(Math.abs(values[index]! - value)).toBeLessThan(1e-5 * length);
    });
    expect(Math.abs(Math.hypot(...values) - length)).toBeLessThan(1e-5 * length);
  },
);
