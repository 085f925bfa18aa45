/** Checkpoints of ours as files for PyTorch: the reference's training scripts, and plain backbones. */
import { type CheckpointMetadata, parseMetadata } from '../../common/checkpoint-metadata.ts';
import { AppError } from '../../common/errors.ts';
import { type TrainConfig, trainConfig } from '../../common/jobs/train.ts';
import { OrderedDictionary, PickleDictionary, type PickleValue } from '../../engine/checkpoints/pickle-values.ts';
import { TorchStorage, TorchTensor, torchDtypeOf } from '../../engine/checkpoints/pytorch-tensor.ts';
import { seedToMoco } from '../../engine/checkpoints/seed-to-moco.ts';
import { type Model, specsOf } from '../../engine/models/model.ts';
import { learningRateAt } from '../../engine/optimizers/schedules.ts';
import { scheduleOf } from '../jobs/train.ts';
import type { WrittenCheckpoint } from './atomic-files.ts';
import { modelOf } from './backbone.ts';
import { type CheckpointFile, readCheckpoint, writeCheckpoint } from './files.ts';
import { readPytorchFile, writePytorchFile } from './pytorch-files.ts';

/**
 * Writes what main_moco_final.py saves: {epoch, arch, state_dict, optimizer} with `module.encoder_q.*`,
 * `module.encoder_k.*`, the queue and SGD's momentum buffers. Both encoders' parameters are numbered for the optimizer,
 * as there; only the query encoder's have a buffer.
 */
export async function exportMoco(checkpoint: string, target: string): Promise<WrittenCheckpoint> {
  await using file = await readCheckpoint(checkpoint);
  const metadata = parseMetadata(checkpoint, file.metadata);
  const model = modelOf(checkpoint, metadata);
  const names = ['encoder_q', 'encoder_k'].flatMap((encoder) => model.tensors.map(({ name }) => `${encoder}.${name}`));
  const root = dictionary({
    epoch: metadata.epoch,
    arch: metadata.arch,
    state_dict: new OrderedDictionary(
      ['queue', 'queue_ptr', ...names].map((name) => [`module.${name}`, tensorOf(file, name)]),
    ),
    optimizer: dictionary({
      state: momentumOf(file, model),
      param_groups: [parameterGroup(trainConfig.parse(metadata.config), metadata, model)],
    }),
  });
  return await writePytorchFile(target, root, bytesFrom(file));
}

/**
 * Writes one encoder without its projection head (`fc.*`), under torchvision's names: a bare state_dict for PyTorch, or
 * safetensors where the target's name ends so.
 */
export async function exportBackbone(
  checkpoint: string,
  target: string,
  encoder: 'q' | 'k',
): Promise<WrittenCheckpoint> {
  await using file = await readCheckpoint(checkpoint);
  const metadata = parseMetadata(checkpoint, file.metadata);
  const names = modelOf(checkpoint, metadata)
    .tensors.map(({ name }) => name)
    .filter((name) => !name.startsWith('fc.'));
  const prefix = `encoder_${encoder}.`;
  if (target.endsWith('.safetensors')) {
    const tensors = names.map((name) => {
      const { shape, dtype } = entryOf(file, prefix + name);
      return { name, shape, dtype, data: () => file.readBytes(prefix + name) };
    });
    return await writeCheckpoint(target, tensors, { arch: metadata.arch });
  }
  const state = new OrderedDictionary(names.map((name) => [name, tensorOf(file, prefix + name)]));
  return await writePytorchFile(target, state, bytesFrom(file));
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
  const { dtype, shape, byteLength } = entryOf(file, name);
  const type = torchDtypeOf(dtype);
  return new TorchTensor(new TorchStorage(name, type, byteLength), type, shape);
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
function parameterGroup(config: TrainConfig, metadata: CheckpointMetadata, model: Model): PickleDictionary {
  const epoch = Math.max(0, metadata.epoch - 1);
  const stepsPerEpoch = metadata.epoch > 0 ? Math.floor((metadata.step - metadata.stepInEpoch) / metadata.epoch) : 1;
  const parameters = 2 * specsOf(model, 'parameter').length;
  return dictionary({
    lr: learningRateAt(scheduleOf(config), { epoch, step: Math.max(0, stepsPerEpoch - 1), stepsPerEpoch }),
    momentum: config.momentum,
    dampening: 0,
    weight_decay: config.weightDecay,
    nesterov: false,
    maximize: false,
    foreach: null,
    differentiable: false,
    fused: null,
    params: Array.from({ length: parameters }, (_, index) => index),
  });
}
