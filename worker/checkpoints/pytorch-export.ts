/** Checkpoints of ours as files for PyTorch: the reference's training scripts, and plain backbones. */
import { type CheckpointMetadata, parseMetadata } from '../../common/checkpoint-metadata.ts';
import { AppError } from '../../common/errors.ts';
import { distillConfig } from '../../common/jobs/distill.ts';
import { trainConfig } from '../../common/jobs/train.ts';
import { type Dtype, dtypeBytes } from '../../engine/checkpoints/dtypes.ts';
import { OrderedDictionary, PickleDictionary, type PickleValue } from '../../engine/checkpoints/pickle-values.ts';
import { TorchStorage, TorchTensor, torchDtypeOf } from '../../engine/checkpoints/pytorch-tensor.ts';
import { seedToMoco } from '../../engine/checkpoints/seed-to-moco.ts';
import { type Model, specsOf } from '../../engine/models/model.ts';
import { learningRateAt } from '../../engine/optimizers/schedules.ts';
import { distillationSchedule } from '../jobs/distill.ts';
import { scheduleOf } from '../jobs/train.ts';
import type { WrittenCheckpoint } from './atomic-files.ts';
import { modelOf } from './backbone.ts';
import { type CheckpointFile, readCheckpoint, writeCheckpoint } from './files.ts';
import { type ForeignFile, openForeign } from './foreign-files.ts';
import { readPytorchFile, writePytorchFile } from './pytorch-files.ts';
import { type Choice, isOfBackbone, recognise, requireNet } from './recognise.ts';

/**
 * Writes what main_moco_final.py saves: {epoch, arch, state_dict, optimizer} with `module.encoder_q.*`,
 * `module.encoder_k.*`, the queue and SGD's momentum buffers. Both encoders' parameters are numbered for the optimizer,
 * as there; only the query encoder's have a buffer. Of a distillation the student is written as the query encoder, and
 * there is no key encoder: MoCo starts it as a copy (`--restart`).
 */
export async function exportMoco(checkpoint: string, target: string): Promise<WrittenCheckpoint> {
  await using file = await readCheckpoint(checkpoint);
  const metadata = parseMetadata(checkpoint, file.metadata);
  const model = modelOf(checkpoint, metadata);
  const encoders = metadata.kind === 'seed' ? studentAsQuery : bothEncoders;
  const names = encoders.flatMap(([as, own]) => model.tensors.map(({ name }) => [`${as}.${name}`, `${own}.${name}`]));
  const root = dictionary({
    epoch: metadata.epoch,
    arch: metadata.arch,
    state_dict: new OrderedDictionary(
      [['queue', 'queue'], ['queue_ptr', 'queue_ptr'], ...names].map(([as, own]) => [
        `module.${as}`,
        tensorOf(file, own!),
      ]),
    ),
    optimizer: dictionary({
      state: momentumOf(file, model),
      param_groups: [parameterGroup(metadata, encoders.length * specsOf(model, 'parameter').length)],
    }),
  });
  return await writePytorchFile(target, root, bytesFrom(file));
}

/**
 * Writes a distillation as SEED's main.py saves it: `module.student.*`, `module.teacher.*` and the queues. The optimizer
 * numbers the parameters of both; only the student's have a buffer.
 */
export async function exportSeed(checkpoint: string, target: string): Promise<WrittenCheckpoint> {
  await using file = await readCheckpoint(checkpoint);
  const metadata = parseMetadata(checkpoint, file.metadata);
  const model = modelOf(checkpoint, metadata);
  const student = model.tensors.map(({ name }) => `student.${name}`);
  const teacher = [...file.tensors.keys()].filter((name) => name.startsWith('teacher.'));
  const queues = ['queue', 'small_queue', 'queue_ptr'].filter((name) => file.tensors.has(name));
  const learnt = teacher.filter((name) => !/\.(running_mean|running_var|num_batches_tracked)$/.test(name)).length;
  const root = dictionary({
    epoch: metadata.epoch,
    arch: metadata.arch,
    state_dict: new OrderedDictionary(
      [...queues, ...student, ...teacher].map((name) => [`module.${name}`, tensorOf(file, name)]),
    ),
    optimizer: dictionary({
      state: momentumOf(file, model),
      param_groups: [parameterGroup(metadata, specsOf(model, 'parameter').length + learnt)],
    }),
  });
  return await writePytorchFile(target, root, bytesFrom(file));
}

const bothEncoders = [
  ['encoder_q', 'encoder_q'],
  ['encoder_k', 'encoder_k'],
] as const;
const studentAsQuery = [['encoder_q', 'student']] as const;

/**
 * Writes one encoder of a checkpoint of anyone's without its projection head, under torchvision's names: a bare
 * state_dict for PyTorch, or safetensors. Elements keep their type and bits.
 */
export async function exportBackbone(
  checkpoint: string,
  target: string,
  choice: Choice,
  format: 'backbone' | 'safetensors',
): Promise<WrittenCheckpoint> {
  await using file = await openForeign(checkpoint);
  const recognised = recognise(checkpoint, file, choice);
  const net = requireNet(checkpoint, recognised);
  const entries = recognised.match.matched.filter(isOfBackbone).map((name) => {
    return { name, entry: recognised.tensors.get(name)! };
  });
  if (format === 'safetensors') {
    const tensors = entries.map(({ name, entry }) => {
      const data = () => file.readBytes(entry.name);
      return { name, shape: entry.shape, dtype: readable(checkpoint, entry), data };
    });
    return await writeCheckpoint(target, tensors, { arch: net.arch, stem: net.stem });
  }
  const state = new OrderedDictionary(
    entries.map(({ name, entry }) => [name, storedTensor(entry.name, readable(checkpoint, entry), entry.shape)]),
  );
  return await writePytorchFile(target, state, (tensor) => file.readBytes(tensor.storage.key));
}

function readable(path: string, { name, dtype, torchDtype }: ForeignFile['tensors'][number]): Dtype {
  if (dtype) return dtype;
  throw new AppError('checkpoint-invalid', `${path}: ${name} is ${torchDtype}, which is not read here.`);
}

/** Writes a file of the published scripts as it is, views and shared storages made plain. */
export async function copyReference(source: string, target: string): Promise<WrittenCheckpoint> {
  await using file = await readPytorchFile(source);
  return await writePytorchFile(target, file.root, file.readBytes);
}

/** Writes SEED's checkpoint (a file of torch.save) as one that MoCo's `--resume ... --restart` takes. */
export async function convertSeed(source: string, target: string): Promise<WrittenCheckpoint> {
  await using file = await readPytorchFile(source);
  return await writePytorchFile(target, seedToMoco(source, file.root), file.readBytes);
}

const dictionary = (entries: Record<string, PickleValue>) => new PickleDictionary(Object.entries(entries));

function entryOf(file: CheckpointFile, name: string) {
  const entry = file.tensors.get(name);
  if (entry) return entry;
  throw new AppError('checkpoint-invalid', `${file.path}: there is no tensor ${JSON.stringify(name)} in it.`);
}

/** A tensor of the file, its name as the key of the storage. */
function tensorOf(file: CheckpointFile, name: string): TorchTensor {
  const { dtype, shape } = entryOf(file, name);
  return storedTensor(name, dtype, shape);
}

function storedTensor(name: string, dtype: Dtype, shape: readonly number[]): TorchTensor {
  const type = torchDtypeOf(dtype);
  const sizeBytes = shape.reduce((product, length) => product * length, dtypeBytes[dtype]);
  return new TorchTensor(new TorchStorage(name, type, sizeBytes), type, shape);
}

function bytesFrom(file: CheckpointFile) {
  return (tensor: TorchTensor) => file.readBytes(tensor.storage.key);
}

function momentumOf(file: CheckpointFile, model: Model): PickleDictionary {
  const state = new PickleDictionary();
  specsOf(model, 'parameter').forEach(({ name }, index) => {
    const buffer = `optimizer.momentum_buffer.${name}`;
    if (file.tensors.has(buffer)) state.set(index, dictionary({ momentum_buffer: tensorOf(file, buffer) }));
  });
  return state;
}

/** The settings of torch.optim.SGD, with the learning rate of the last epoch that was completed. */
function parameterGroup(metadata: CheckpointMetadata, parameters: number): PickleDictionary {
  const epoch = Math.max(0, metadata.epoch - 1);
  const stepsPerEpoch = metadata.epoch > 0 ? Math.floor((metadata.step - metadata.stepInEpoch) / metadata.epoch) : 1;
  const { schedule, momentum, weightDecay } = optimizationOf(metadata);
  return dictionary({
    lr: learningRateAt(schedule, { epoch, step: Math.max(0, stepsPerEpoch - 1), stepsPerEpoch }),
    momentum,
    dampening: 0,
    weight_decay: weightDecay,
    nesterov: false,
    maximize: false,
    foreach: null,
    differentiable: false,
    fused: null,
    params: Array.from({ length: parameters }, (_, index) => index),
  });
}

function optimizationOf({ kind, config }: CheckpointMetadata) {
  if (kind === 'seed') {
    const parsed = distillConfig.parse(config);
    return { ...parsed, schedule: distillationSchedule(parsed) };
  }
  const parsed = trainConfig.parse(config);
  return { ...parsed, schedule: scheduleOf(parsed) };
}
