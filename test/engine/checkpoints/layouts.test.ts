import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { heads } from '../../../common/jobs/train.ts';
import { foreignFacts, foreignTensors } from '../../../engine/checkpoints/foreign.ts';
import { type Layout, recogniseLayout, selectEncoder } from '../../../engine/checkpoints/layouts.ts';
import { type NamedShape, outputSizeOf, previewMatch, rankCandidates } from '../../../engine/checkpoints/match.ts';
import { openPytorch } from '../../../engine/checkpoints/pytorch.ts';
import { backbones } from '../../../engine/models/index.ts';
import { sourceOf } from '../../support/byte-source.ts';

const fixtures = process.env.CONTRAST_FIXTURES ?? join(import.meta.dirname, '../../fixtures');

/** Names and shapes of the reference's networks, as many as there are fixtures. */
const networks = readdirSync(join(fixtures, 'arch'))
  .filter((file) => file !== 'index.json')
  .map((file) => {
    const { arch, state_dict } = JSON.parse(readFileSync(join(fixtures, 'arch', file), 'utf8'));
    const tensors: NamedShape[] = state_dict.map(([name, shape]: [string, number[]]) => ({ name, shape }));
    return { arch: arch as string, stem: 'imagenet', head: 'none', tensors };
  });
const resnet18 = networks.find(({ arch }) => arch === 'resnet18')!;
const names = resnet18.tensors.map(({ name }) => name);
const body = names.filter((name) => !name.startsWith('fc.'));
const behind = (prefix: string, list = names) => list.map((name) => prefix + name);

/** As nn.Sequential of a ResNet's children names them. */
const numbered = body.map((name) =>
  name
    .replace(/^layer(\d)/, (_, stage) => String(3 + Number(stage)))
    .replace(/^conv1/, '0')
    .replace(/^bn1/, '1'),
);

const cases: [string, string[], Layout, string[]][] = [
  [
    'MoCo, ssl-small',
    ['module.queue', 'module.queue_ptr', ...behind('module.encoder_q.'), ...behind('module.encoder_k.')],
    'moco',
    ['module.encoder_q.', 'module.encoder_k.'],
  ],
  ['MoCo of ours', [...behind('encoder_q.'), ...behind('encoder_k.'), 'queue'], 'moco', ['encoder_q.', 'encoder_k.']],
  [
    'MoCo v3',
    [...behind('module.base_encoder.'), ...behind('module.momentum_encoder.'), 'module.predictor.0.weight'],
    'moco',
    ['module.base_encoder.', 'module.momentum_encoder.'],
  ],
  [
    'SEED',
    ['module.queue', ...behind('module.student.'), ...behind('module.teacher.')],
    'seed',
    ['module.student.', 'module.teacher.'],
  ],
  ['SimCLR', behind('module.module.module.'), 'simclr', ['module.module.module.']],
  [
    'SwAV',
    [...behind('module.', body), 'module.projection_head.0.weight', 'module.prototypes.weight'],
    'swav',
    ['module.'],
  ],
  [
    'DINO',
    [...behind('student.module.backbone.'), 'student.module.head.mlp.0.weight', ...behind('teacher.backbone.')],
    'dino',
    ['teacher.backbone.', 'student.module.backbone.'],
  ],
  [
    'lightly',
    [...behind('backbone.', numbered), 'projection_head.layers.0.weight', ...behind('backbone_momentum.', numbered)],
    'lightly',
    ['backbone.', 'backbone_momentum.'],
  ],
  [
    'solo-learn',
    [...behind('backbone.', body), 'classifier.weight', 'projector.0.weight', ...behind('momentum_backbone.', body)],
    'solo-learn',
    ['backbone.', 'momentum_backbone.'],
  ],
  ['solo-learn, before 1.0.3', [...behind('encoder.', body), 'projector.0.weight'], 'solo-learn', ['encoder.']],
  ['torchvision', names, 'torchvision', ['']],
  ['linear evaluation', behind('module.'), 'torchvision', ['module.']],
  ['timm', ['cls_token', 'pos_embed', 'patch_embed.proj.weight', 'blocks.0.attn.qkv.weight'], 'timm', ['']],
  ['anything else', ['model.weights.a', 'model.weights.b', 'epochs'], 'plain', ['model.']],
];

describe('a layout is recognised by its names', () => {
  test.each(cases)('%s', (_title, given, layout, prefixes) => {
    const found = recogniseLayout(given);
    expect(found.layout).toBe(layout);
    expect(found.encoders.map(({ prefix }) => prefix)).toEqual(prefixes);
  });

  test('vision transformers of other builders are refused in words, ours is not', () => {
    const refusal = (...given: string[]) => recogniseLayout(given).refusal;
    expect(refusal('cls_token', 'blocks.0.attn.qkv.weight')).toContain('as timm, DeiT, DINO and MoCo v3 build it');
    expect(refusal('teacher.backbone.blocks.11.attn.qkv.bias')).toContain("vit_tiny is ssl-small's, another network");
    expect(refusal('encoder.layers.encoder_layer_0.ln_1.weight')).toContain('as torchvision builds it');
    expect(refusal('module.encoder_q.transformer.layers.0.0.fn.to_qkv.weight')).toBeUndefined();
    expect(refusal(...names)).toBeUndefined();
  });

  test('mobile nets of other builders are refused in words, ours are not', () => {
    const refusal = (...given: string[]) => recogniseLayout(given).refusal;
    expect(refusal('conv_stem.weight', 'blocks.0.0.conv_dw.weight')).toContain('as timm builds it');
    expect(refusal('features.1.0.block.0.0.weight')).toContain('as torchvision builds it'); // efficientnet_b0
    expect(refusal('features.1.block.0.0.weight')).toContain('as torchvision builds it'); // mobilenet_v3_small
    for (const net of ['mobilenetv3_small', 'efficientnet_b0'] as const) {
      const { tensors } = backbones[net]({ head: 'none', outputSize: 8, stem: 'imagenet' });
      expect(refusal(...tensors.map(({ name }) => `module.encoder_q.${name}`))).toBeUndefined();
    }
  });

  test('and gives the backbone under its own names, all else left out', () => {
    for (const [title, given, , [prefix]] of cases.slice(0, 10)) {
      const { tensors, leftOut } = selectEncoder(
        given.map((name) => ({ name })),
        prefix!,
      );
      const own = [...tensors.keys()].filter((name) => !name.startsWith('projection_head.'));
      expect([title, own]).toEqual([title, own.includes('fc.weight') ? names : body]);
      expect(tensors.size + leftOut.length).toBe(given.length);
    }
  });
});

test('the preview tells matched, missing, unexpected and mismatched tensors apart', () => {
  const model = [
    { name: 'conv1.weight', shape: [4, 3, 3, 3] },
    { name: 'bn1.weight', shape: [4] },
    { name: 'fc.weight', shape: [8, 4] },
  ];
  const foreign = [
    { name: 'fc.weight', shape: [1000, 4] },
    { name: 'head.weight', shape: [2] },
    { name: 'conv1.weight', shape: [4, 3, 3, 3] },
  ];
  expect(previewMatch(model, foreign)).toEqual({
    matched: ['conv1.weight'],
    missing: ['bn1.weight'],
    unexpected: ['head.weight'],
    mismatched: [{ name: 'fc.weight', model: [8, 4], checkpoint: [1000, 4] }],
  });
});

describe('the network is guessed by names and shapes', () => {
  test.each(networks)('$arch among all', ({ arch, tensors }) => {
    const foreign = tensors.map(({ name, shape }) => ({ name: `module.encoder_q.${name}`, shape }));
    const { encoders } = recogniseLayout(['module.queue', ...foreign.map(({ name }) => name)]);
    const [best] = rankCandidates(networks, foreign, encoders);
    expect(best).toMatchObject({ candidate: { arch }, score: 1 });
  });

  test.each(heads)('with its head %s and its stem', (head) => {
    const candidates = heads.flatMap((head) =>
      (['imagenet', 'small'] as const).map((stem) => {
        const { tensors } = backbones.resnet18({ head, stem, outputSize: 64 });
        return { arch: 'resnet18', stem, head, tensors };
      }),
    );
    for (const stem of ['imagenet', 'small'] as const) {
      const { tensors } = backbones.resnet18({ head, stem, outputSize: 64 });
      const foreign = tensors.map(({ name, shape }) => ({ name: `module.student.${name}`, shape }));
      const [best] = rankCandidates(candidates, foreign, [{ name: 'student', prefix: 'module.student.' }]);
      expect(best).toMatchObject({ candidate: { head, stem }, score: 1 });
      expect(outputSizeOf(tensors)).toBe(64);
    }
  });

  test('without its last layer and without counters it is still the best', () => {
    const foreign = resnet18.tensors.filter(({ name }) => !/^fc\.|num_batches/.test(name));
    const [best] = rankCandidates(networks, foreign, [{ name: 'encoder', prefix: '' }]);
    expect(best?.candidate.arch).toBe('resnet18');
    expect(best?.score).toBeGreaterThan(0.95);
  });
});

describe('the tensors of files', () => {
  const open = async (name: string) => {
    const bytes = readFileSync(join(fixtures, 'checkpoints', name));
    return (await openPytorch(sourceOf(bytes, name))).root;
  };

  test.each<[string, Layout, string]>([
    ['moco-tiny.pth.tar', 'moco', 'module.encoder_q.'],
    ['moco-tiny-legacy.pth.tar', 'moco', 'module.encoder_q.'],
    ['seed-tiny.pth.tar', 'seed', 'module.student.'],
    ['simclr-style.pth', 'simclr', 'module.module.module.'],
    ['swav-style.pth.tar', 'torchvision', 'module.'],
    ['lincls-style.pth.tar', 'torchvision', 'module.'],
    ['plain-state-dict.pth', 'torchvision', ''],
  ])('%s', async (file, layout, prefix) => {
    const tensors = foreignTensors(await open(file));
    expect(tensors.some(({ name }) => /momentum_buffer|best_acc1/.test(name))).toBe(false);
    const found = recogniseLayout(tensors.map(({ name }) => name));
    expect(found).toMatchObject({ layout, encoders: [{ prefix }, ...found.encoders.slice(1)] });
    const own = [...selectEncoder(tensors, prefix).tensors.keys()];
    expect(own.slice(0, 3)).toEqual(['conv1.weight', 'bn1.weight', 'bn1.bias']);
  });

  test('what a checkpoint says about itself', async () => {
    expect(foreignFacts(await open('moco-tiny.pth.tar'))).toEqual({ epoch: 200, arch: 'tiny' });
  });
});
