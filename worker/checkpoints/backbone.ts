/** A frozen backbone out of a checkpoint of anyone's, for evaluations. */
import type { CheckpointMetadata } from '../../common/checkpoint-metadata.ts';
import { AppError } from '../../common/errors.ts';
import { decodeTensor } from '../../engine/checkpoints/dtypes.ts';
import type { Head } from '../../engine/models/heads.ts';
import { type BackboneBuilder, backbones } from '../../engine/models/index.ts';
import { fromPytorchLayout, type NamedArray } from '../../engine/models/layout.ts';
import type { Model, TensorSpec } from '../../engine/models/model.ts';
import type { Tensor } from '../../engine/tf.ts';
import { type ForeignFile, openForeign } from './foreign-files.ts';
import { automatic, type Choice, recognise, requireNet } from './recognise.ts';

/** What a backbone is; of a checkpoint of ours it says so itself. */
export type BackboneMetadata = Pick<CheckpointMetadata, 'arch' | 'stem' | 'head' | 'dim' | 'imageSize'>;

export interface FrozenBackbone {
  model: Model;
  parameters: Record<string, Tensor>;
  buffers: Record<string, Tensor>;
  metadata: BackboneMetadata;
  /** Where it lies in the file: `moco`, `encoder_q`, `module.encoder_q.`. */
  source: { layout: string; encoder: string; prefix: string };
  /** Tensors of the encoder in the file that were not taken: heads of other sizes, classifiers. */
  unused: string[];
}

/** Side of the images that published nets are evaluated with, px. */
const usualImageSize = 224;

/** The network that a checkpoint of ours holds. Throws `checkpoint-invalid` where its architecture is not known. */
export function modelOf(path: string, metadata: CheckpointMetadata): Model {
  const build = (backbones as Record<string, BackboneBuilder | undefined>)[metadata.arch];
  if (!build) throw new AppError('checkpoint-invalid', `${path} is of a "${metadata.arch}", which is not known here.`);
  return build({ stem: metadata.stem as 'imagenet' | 'small', head: metadata.head as Head, outputSize: metadata.dim });
}

/**
 * Reads the backbone of a file of ours or of others. A head that is not there or does not fit is left at zeros: features
 * are taken before it. Throws `checkpoint-invalid` where the file holds no net that is known, or where several fit alike.
 */
export async function loadBackbone(path: string, choice: Partial<Choice> = {}): Promise<FrozenBackbone> {
  await using file = await openForeign(path);
  const recognised = recognise(path, file, { ...automatic, ...choice });
  const net = requireNet(path, recognised);
  const { match, layout, encoder: found } = recognised;
  const matched = new Set(match.matched);
  const tensors: Record<TensorSpec['kind'], Record<string, Tensor>> = { parameter: {}, buffer: {} };
  for (const spec of net.model.tensors) {
    const entry = matched.has(spec.name) ? recognised.tensors.get(spec.name) : undefined;
    const array = entry ? await readArray(path, file, spec, entry) : zerosOf(spec);
    tensors[spec.kind][spec.name] = fromPytorchLayout(array);
  }
  return {
    model: net.model,
    parameters: tensors.parameter,
    buffers: tensors.buffer,
    metadata: {
      arch: net.arch,
      stem: net.stem,
      head: net.head,
      dim: net.dim,
      imageSize: recognised.imageSize ?? usualImageSize,
    },
    source: { layout, encoder: found.name, prefix: found.prefix },
    unused: [...match.unexpected, ...match.mismatched.map(({ name }) => name)].map((name) => found.prefix + name),
  };
}

/** A tensor of the file as the engine takes it: float32, counters int64. Half precision widens exactly. */
export async function readArray(
  path: string,
  file: ForeignFile,
  { name, shape, initial }: TensorSpec,
  entry: ForeignFile['tensors'][number],
): Promise<NamedArray> {
  if (!entry.dtype) {
    throw new AppError('checkpoint-invalid', `${path}: ${entry.name} is ${entry.torchDtype}, which is not read here.`);
  }
  const data = decodeTensor(entry.dtype, await file.readBytes(entry.name));
  if (initial.distribution === 'counter') return { name, shape, data: BigInt64Array.from(data, BigInt) };
  return { name, shape, data: data instanceof Float32Array ? data : Float32Array.from(data, Number) };
}

function zerosOf({ name, shape, initial }: TensorSpec): NamedArray {
  const size = shape.reduce((product, length) => product * length, 1);
  const isCounter = initial.distribution === 'counter';
  return { name, shape, data: isCounter ? new BigInt64Array(size) : new Float32Array(size) };
}

/**
 * The name of the first tensor of which one bit differs; null where none does. Disposes the tensors of `fresh`.
 */
export async function changedTensor(used: FrozenBackbone, fresh: FrozenBackbone): Promise<string | null> {
  let changed: string | null = null;
  for (const kind of ['parameters', 'buffers'] as const) {
    for (const [name, tensor] of Object.entries(fresh[kind])) {
      const [now, then] = [await used[kind][name]!.data(), await tensor.data()];
      const bytes = (values: typeof now) => Buffer.from(values.buffer, values.byteOffset, values.byteLength);
      if (changed === null && !bytes(now).equals(bytes(then))) changed = name;
      tensor.dispose();
    }
  }
  return changed;
}
