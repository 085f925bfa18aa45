/** Vision transformers (Dosovitskiy et al. 2021, arXiv 2010.11929) of ssl-small's kind: pre-norm, a class token. */
import { type PatchGrid, patchGrids } from '../../common/architectures.ts';
import { AppError } from '../../common/errors.ts';
import { attention } from '../kernels/attention.ts';
import { gelu } from '../kernels/gelu.ts';
import { type Tensor2D, type Tensor4D, tf } from '../tf.ts';
import { buildHead } from './heads.ts';
import { dropoutLayer, type Layer, layerNormLayer, linearLayer, type Pass } from './layers.ts';
import type { BackboneOptions, Model, TensorSpec } from './model.ts';

interface VitShape {
  /** By stem. */
  grids: Record<BackboneOptions['stem'], PatchGrid>;
  width: number;
  depth: number;
  heads: number;
  /** Of each head; all heads together may be wider than the tokens. */
  headWidth: number;
  /** Hidden units of the network within each block. */
  hidden: number;
  /** After the embedding and after each linear layer of the blocks, the first of the attention aside. */
  dropout: number;
}

/** How the tokens of a batch lie one below the other, [images * tokens, width]. */
interface Tokens {
  images: number;
  /** Of one image: its class token, then its patches row by row. */
  tokens: number;
}

function buildVit(shape: VitShape, { head, outputSize, stem }: BackboneOptions): Model {
  const { width, depth } = shape;
  const embedding = embeddingLayer(shape, shape.grids[stem]);
  const blocks = Array.from({ length: depth }, (_, index) => blockLayer(`transformer.layers.${index}`, shape));
  const norm = layerNormLayer('mlp_head.0', width);
  const fc = buildHead(head, width, outputSize);

  return {
    tensors: [embedding, ...blocks, norm, fc].flatMap((layer) => layer.tensors),
    featureSize: width,
    outputSize,
    forward(parameters, buffers, images, options) {
      const pass: Pass = { ...options, parameters, buffers, newBuffers: {} };
      const embedded = tf.tidy(() => embedding.apply(pass, images)); // [n, tokens, width]
      const [count, tokens] = embedded.shape;
      let x = tf.reshape(embedded, [count * tokens, width]) as Tensor2D;
      for (const block of blocks) {
        const before = x;
        x = tf.tidy(() => block.apply(pass, before, { images: count, tokens }));
      }
      const classTokens = tf.reshape(tf.slice(tf.reshape(x, [count, tokens, width]), [0, 0, 0], [count, 1, width]), [
        count,
        width,
      ]);
      const features = norm.apply(pass, classTokens as Tensor2D); // [n, width]
      const output = fc.apply(pass, features); // [n, outputSize]
      return { features, output, buffers: pass.newBuffers };
    },
  };
}

/**
 * Images [n, h, w, 3] -> tokens [n, 1 + patches, width]. The patches' projection stays as it was drawn (as in MoCo v3,
 * arXiv 2104.02057, section 4.1). Smaller images take the first place embeddings, as the published code does.
 */
function embeddingLayer({ width, dropout }: VitShape, grid: PatchGrid) {
  const places: TensorSpec = {
    name: 'pos_embedding',
    kind: 'parameter',
    shape: [1, (grid.largest / grid.patch) ** 2 + 1, width],
    initial: { distribution: 'normal', standardDeviation: 1 },
  };
  const classToken: TensorSpec = { ...places, name: 'cls_token', shape: [1, 1, width] };
  const projection = linearLayer('to_patch_embedding.1', grid.patch ** 2 * 3, width);
  const drop = dropoutLayer<tf.Tensor3D>(dropout);
  return {
    tensors: [places, classToken, ...projection.tensors.map((spec) => ({ ...spec, frozen: true as const }))],
    apply(pass: Pass, images: Tensor4D): tf.Tensor3D {
      const patches = cutPatches(images, grid); // [n, patches, patch * patch * 3]
      const [count, perImage, size] = patches.shape;
      const projected = projection.apply(pass, tf.reshape(patches, [count * perImage, size]));
      const first = tf.tile(pass.parameters[classToken.name] as tf.Tensor3D, [count, 1, 1]);
      const tokens = tf.concat([first, tf.reshape(projected, [count, perImage, width])], 1);
      const embedding = tf.slice(pass.parameters[places.name] as tf.Tensor3D, [0, 0, 0], [1, perImage + 1, width]);
      return drop.apply(pass, tf.add(tokens, embedding));
    },
  };
}

/** [n, h, w, 3] -> [n, patches, patch * patch * 3], each patch by row, column and channel. */
function cutPatches(images: Tensor4D, { patch, largest }: PatchGrid): tf.Tensor3D {
  const [count, height, width, channels] = images.shape;
  if (height % patch !== 0 || width % patch !== 0) {
    throw new AppError('config-invalid', `${width} x ${height} px are not a whole number of patches of ${patch} px`, {
      field: 'imageSize',
      cure: `Take a multiple of ${patch}.`,
    });
  }
  if (height * width > largest * largest) {
    throw new AppError('config-invalid', `${width} x ${height} px are more than this net has places for`, {
      field: 'imageSize',
      cure: `Take at most ${largest} px.`,
    });
  }
  const [rows, columns] = [height / patch, width / patch];
  const cut = tf.transpose(
    tf.reshape(images, [count, rows, patch, columns, patch * channels]),
    [0, 1, 3, 2, 4], // row, column, then within the patch
  );
  return tf.reshape(cut, [count, rows * columns, patch * patch * channels]);
}

/** Attention, then a network of two layers; each is given the normalised tokens and added to them. */
function blockLayer(name: string, { width, heads, headWidth, hidden, dropout }: VitShape) {
  const inner = heads * headWidth;
  const attentionNorm = layerNormLayer(`${name}.0.norm`, width);
  const toAll = linearLayer(`${name}.0.fn.to_qkv`, width, 3 * inner).tensors[0]!; // no bias
  const toOut = linearLayer(`${name}.0.fn.to_out.0`, inner, width);
  const netNorm = layerNormLayer(`${name}.1.norm`, width);
  const expand = linearLayer(`${name}.1.fn.net.0`, width, hidden);
  const reduce = linearLayer(`${name}.1.fn.net.3`, hidden, width);
  const drop = dropoutLayer(dropout);

  const attend = (pass: Pass, x: Tensor2D, { images, tokens }: Tokens): Tensor2D => {
    const all = tf.matMul(x, pass.parameters[toAll.name] as Tensor2D); // [images * tokens, 3 * inner]
    const apart = tf.transpose(tf.reshape(all, [images, tokens, 3, heads, headWidth]), [2, 0, 3, 1, 4]);
    const [queries, keys, values] = tf.unstack(apart) as [Tensor4D, Tensor4D, Tensor4D];
    const mixed = tf.transpose(attention(queries, keys, values), [0, 2, 1, 3]); // [images, tokens, heads, headWidth]
    return drop.apply(pass, toOut.apply(pass, tf.reshape(mixed, [images * tokens, inner])));
  };
  const transform = (pass: Pass, x: Tensor2D): Tensor2D =>
    drop.apply(pass, reduce.apply(pass, drop.apply(pass, gelu(expand.apply(pass, x)))));

  return {
    tensors: [
      ...attentionNorm.tensors,
      toAll,
      ...[toOut, netNorm, expand, reduce].flatMap((layer: Layer<Tensor2D>) => layer.tensors),
    ],
    apply(pass: Pass, x: Tensor2D, tokens: Tokens): Tensor2D {
      const attended = tf.add(x, attend(pass, attentionNorm.apply(pass, x), tokens)) as Tensor2D;
      return tf.add(attended, transform(pass, netNorm.apply(pass, attended)));
    },
  };
}

/** ssl-small's "DeiT-Tiny": 7.3 million parameters, features of 192; twice as many heads as DeiT's own of that name. */
export const vitTiny = (options: BackboneOptions) =>
  buildVit(
    { grids: patchGrids.vit_tiny, width: 192, depth: 12, heads: 6, headWidth: 64, hidden: 768, dropout: 0.1 },
    options,
  );
