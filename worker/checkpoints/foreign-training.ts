/** The state of a training run out of a file of anyone's: ours as it is, MoCo's and SEED's under our names. */
import type { CheckpointMetadata } from '../../common/checkpoint-metadata.ts';
import { AppError } from '../../common/errors.ts';
import { decodeTensor } from '../../engine/checkpoints/dtypes.ts';
import { foreignTensors } from '../../engine/checkpoints/foreign.ts';
import { type RecognisedLayout, recogniseLayout, selectEncoder } from '../../engine/checkpoints/layouts.ts';
import { PickleDictionary, type PickleValue } from '../../engine/checkpoints/pickle-values.ts';
import { readableDtype, TorchTensor } from '../../engine/checkpoints/pytorch-tensor.ts';
import type { NamedArray } from '../../engine/models/layout.ts';
import { atTheBeginning, type Position } from '../../engine/train.ts';
import { type ForeignFile, openForeign } from './foreign-files.ts';
import { readPytorchFile } from './pytorch-files.ts';
import type { Choice } from './recognise.ts';
import { readTraining } from './training.ts';

export interface GivenState {
  arrays: NamedArray[];
  position: Position;
}

type Kind = CheckpointMetadata['kind'];

/** How the two nets of a method are called in checkpoints of ours. */
const encoderNames: Record<Kind, readonly [string, string]> = {
  moco: ['encoder_q', 'encoder_k'],
  seed: ['student', 'teacher'],
};

/** To go on from. Throws `checkpoint-invalid` where a file of others is no whole state of the method. */
export async function readGivenState(path: string, kind: Kind): Promise<GivenState> {
  if (await isOurs(path)) {
    const { arrays, metadata } = await readTraining(path);
    if (metadata.kind !== kind) throw notOf(kind, path, metadata.kind);
    const { epoch, stepInEpoch, sums, probePending } = metadata;
    return { arrays, position: { epoch, stepInEpoch, sums, probePending } };
  }
  await using file = await openForeign(path);
  const found = recogniseLayout(file.tensors.map(({ name }) => name));
  const epoch = Number(file.facts.epoch);
  if (found.layout !== kind || found.encoders.length < 2 || !Number.isInteger(epoch) || epoch < 0) {
    throw notOf(kind, path, found.layout);
  }
  const arrays = [
    ...(await encodersOf(file, found, encoderNames[kind])),
    ...(await queuesOf(file)),
    ...(await momentumOf(path, file, found)),
  ];
  return { arrays, position: { ...atTheBeginning, epoch } };
}

function notOf(kind: Kind, path: string, found: string): AppError {
  const message = `${path} (${found}) is no state of ${methodNames[kind]} that training can go on from.`;
  return new AppError('checkpoint-invalid', message, { cure: cures[kind], field: 'resume' });
}

const methodNames: Record<Kind, string> = { moco: 'MoCo', seed: 'SEED' };
const cures: Record<Kind, string> = {
  moco: 'Take its weights only: start again from them with --restart.',
  seed: 'Name a checkpoint of a distillation; a net to learn from is the teacher (--distill).',
};

/** Weights to start from anew (`--restart`): the chosen encoder as `encoder_q`, a second one as `encoder_k`. */
export async function readGivenWeights(path: string, choice: Choice): Promise<NamedArray[]> {
  await using file = await openForeign(path);
  const found = recogniseLayout(file.tensors.map(({ name }) => name));
  if (found.refusal) throw new AppError('checkpoint-invalid', `${path}: ${found.refusal}`);
  if (choice.prefix !== 'auto') found.encoders = [{ name: 'encoder', prefix: choice.prefix }];
  // A teacher is another net than its student.
  else if (found.layout !== 'moco') found.encoders = found.encoders.slice(0, 1);
  return await encodersOf(file, found, encoderNames.moco);
}

async function isOurs(path: string): Promise<boolean> {
  await using file = await openForeign(path);
  return 'formatVersion' in file.facts;
}

async function encodersOf(
  file: ForeignFile,
  { encoders }: RecognisedLayout,
  names: readonly [string, string],
): Promise<NamedArray[]> {
  const arrays: NamedArray[] = [];
  for (const [at, { prefix }] of encoders.slice(0, 2).entries()) {
    for (const [name, entry] of selectEncoder(file.tensors, prefix).tensors) {
      arrays.push(await arrayOf(file, `${names[at]}.${name}`, entry));
    }
  }
  return arrays;
}

async function queuesOf(file: ForeignFile): Promise<NamedArray[]> {
  const found = file.tensors.filter(({ name }) => /^(module\.)*(queue|small_queue|queue_ptr)$/.test(name));
  return Promise.all(found.map((entry) => arrayOf(file, entry.name.replace(/^(module\.)*/, ''), entry)));
}

async function arrayOf(file: ForeignFile, name: string, entry: ForeignFile['tensors'][number]): Promise<NamedArray> {
  const { dtype, torchDtype, shape } = entry;
  if (!dtype) throw new AppError('checkpoint-invalid', `${entry.name} is ${torchDtype}, which is not read here.`);
  return { name, shape, data: floats(decodeTensor(dtype, await file.readBytes(entry.name))) };
}

function floats(data: ReturnType<typeof decodeTensor>): Float32Array | BigInt64Array {
  if (data instanceof Float32Array || data instanceof BigInt64Array) return data;
  return Float32Array.from(data as Float64Array, Number);
}

/**
 * SGD's buffers by the names of parameters. torch.optim numbers the parameters in the order of the model: those of the
 * query encoder come first, in the order of the state_dict without its buffers.
 */
async function momentumOf(path: string, file: ForeignFile, { encoders }: RecognisedLayout): Promise<NamedArray[]> {
  if (file.format === 'safetensors') return [];
  await using pytorch = await readPytorchFile(path);
  const states = within(pytorch.root, 'optimizer', 'state');
  if (!(states instanceof PickleDictionary)) return [];
  const parameters = Array.from(selectEncoder(foreignTensors(pytorch.root), encoders[0]!.prefix).tensors.keys()).filter(
    (name) => !/\.(running_mean|running_var|num_batches_tracked)$/.test(name),
  );
  const arrays: NamedArray[] = [];
  for (const [index, name] of parameters.entries()) {
    const buffer = within(states.get(index), 'momentum_buffer');
    const dtype = buffer instanceof TorchTensor ? readableDtype(buffer.dtype) : undefined;
    if (!(buffer instanceof TorchTensor) || !dtype) continue;
    const data = floats(decodeTensor(dtype, await pytorch.readBytes(buffer)));
    arrays.push({ name: `optimizer.momentum_buffer.${name}`, shape: buffer.shape, data });
  }
  return arrays;
}

function within(value: PickleValue | undefined, ...keys: string[]): PickleValue | undefined {
  return keys.reduce<PickleValue | undefined>(
    (at, key) => (at instanceof PickleDictionary ? at.get(key) : undefined),
    value,
  );
}
