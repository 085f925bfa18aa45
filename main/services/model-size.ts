/** Sizes of the nets, for estimates before anything runs. */
import type { TrainConfig } from '../../common/jobs/train.ts';
import { resnetSizes } from './resnet-size.ts';

export interface BackboneSize {
  /** Without a head. */
  parameters: number;
  features: number;
  /** Numbers that the layers give out for one image of `imageSize`; backward needs them. */
  activations(imageSize: number): number;
}

type Architecture = TrainConfig['arch'];
export type Stem = TrainConfig['stem'];

/** ssl-small's DeiT-Tiny: the small stem has smaller patches and more places (engine/models/vit.ts). */
const vitTiny = (stem: Stem): BackboneSize => ({
  parameters: stem === 'imagenet' ? 7_286_976 : 7_286_976 - 192 * (768 - 48) + 192 * (577 - 197),
  features: 192,
  activations(imageSize) {
    const tokens = Math.floor(imageSize / (stem === 'imagenet' ? 16 : 4)) ** 2 + 1;
    // Two norms, queries with keys and values, the heads, the hidden layer twice, two outputs; scores and weights.
    return 12 * (tokens * (2 * 192 + 1152 + 384 + 2 * 768 + 2 * 192) + 12 * tokens ** 2);
  },
});

/** MobileNetV3 and EfficientNet: 3x3 in either stem, the small one makes every map twice as wide and high. */
const mobile =
  (parameters: number, features: number, activationsAt224: number) =>
  (stem: Stem): BackboneSize => ({
    parameters,
    features,
    activations: (imageSize) => activationsAt224 * (stem === 'small' ? 4 : 1) * (imageSize / 224) ** 2,
  });

const backbones: Record<Architecture, (stem: Stem) => BackboneSize> = {
  ...resnetSizes,
  vit_tiny: vitTiny,
  mobilenetv3_small: mobile(1_517_856, 1024, 1.41e6),
  mobilenetv3_large: mobile(4_202_032, 1280, 4.4e6),
  efficientnet_b0: mobile(4_007_548, 1280, 6.74e6),
  efficientnet_b1: mobile(6_513_184, 1280, 9.34e6),
  efficientnet_b2: mobile(7_700_994, 1408, 9.79e6),
  efficientnet_b3: mobile(10_696_232, 1536, 12.99e6),
};

export function isArchitecture(arch: string): arch is Architecture {
  return Object.hasOwn(backbones, arch);
}

export function backboneSize(arch: Architecture, stem: Stem): BackboneSize {
  return backbones[arch](stem);
}

/** What sizes depend on. */
export type SizedConfig = Pick<
  TrainConfig,
  | 'arch'
  | 'stem'
  | 'mlp'
  | 'embeddingDimension'
  | 'imageSize'
  | 'batchSize'
  | 'queueLength'
  | 'epochs'
  | 'keepLast'
  | 'keepEvery'
  | 'checkpointFolder'
>;

/** Of a fully connected layer, its bias included. */
export function layer(inputs: number, outputs: number): number {
  return inputs * outputs + outputs;
}

/** Of one encoder, head included. */
export function parametersOf(net: Pick<SizedConfig, 'arch' | 'stem' | 'mlp' | 'embeddingDimension'>): number {
  const { arch, stem, mlp, embeddingDimension } = net;
  const { parameters, features: d } = backbones[arch](stem);
  const head = {
    none: layer(d, embeddingDimension),
    simple: layer(d, d) + layer(d, embeddingDimension),
    dropout: layer(d, d) + layer(d, embeddingDimension),
    deep: 2 * layer(d, d) + layer(d, embeddingDimension),
    wide: layer(d, 2 * d) + layer(2 * d, embeddingDimension),
  };
  return parameters + head[mlp];
}

export const floatBytes = 4;
/** Convolution, norm and rectifier each keep what they gave out, and backward holds about one more at a time. */
export const copiesOfActivations = 4;
/** TensorFlow, Node and the images that are made ahead. */
const processBytes = 600 * 2 ** 20;

/** A rough upper guess of what the process takes while training. */
export function trainingBytes(config: SizedConfig): number {
  const { arch, stem, imageSize, batchSize, queueLength, embeddingDimension } = config;
  // Query encoder, its gradients and momentum, key encoder.
  const weights = 4 * parametersOf(config);
  const activations = copiesOfActivations * batchSize * backbones[arch](stem).activations(imageSize);
  const similarities = 3 * batchSize * (queueLength + 1);
  return processBytes + floatBytes * (weights + activations + similarities + queueLength * embeddingDimension);
}

/** Both encoders, momentum and queue. */
export function checkpointBytes(config: SizedConfig): number {
  return floatBytes * (3 * parametersOf(config) + config.queueLength * config.embeddingDimension);
}

/** Checkpoints that are there at once at the end: the last, the best, every n-th, and the one that is being written. */
export function keptCheckpoints({ keepLast, keepEvery, epochs }: SizedConfig): number {
  return Math.min(epochs, keepLast + 1 + (keepEvery > 0 ? Math.floor(epochs / keepEvery) : 0)) + 1;
}
