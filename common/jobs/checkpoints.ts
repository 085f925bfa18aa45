/** Jobs about checkpoint files: what one is, taking it into the workspace, giving it to others, looking into it. */
import { z } from 'zod';
import { exportFormats } from '../checkpoints.ts';
import { field } from '../fields.ts';

const group = 'Checkpoint';

const file = field(z.string().min(1), {
  label: 'Checkpoint',
  help: 'A file of PyTorch or safetensors, or the id of a checkpoint of the workspace.',
  group,
  flags: [],
  control: 'checkpoint',
});

/** Automatic where it is left alone. */
const recognitionFields = {
  arch: field(z.string().default('auto'), {
    label: 'Architecture',
    help: 'The net that the weights are of. auto: what the file says, or what its tensors fit.',
    group,
    flags: ['-a', '--arch'],
  }),
  prefix: field(z.string().default('auto'), {
    label: 'Prefix',
    help: "What the names of the net's tensors begin with in the file, as module.encoder_q. (it may be empty). auto: recognised.",
    group,
    flags: ['--prefix'],
    advanced: true,
  }),
};

const encoderName = field(z.string().default('auto'), {
  label: 'Encoder',
  help: 'Which net of the file, by its name there: encoder_q, teacher; q and k are short for the two of MoCo.',
  group,
  flags: ['--encoder'],
  advanced: true,
});

export const checkpointPreviewConfig = z.strictObject({ file, ...recognitionFields, encoder: encoderName });

export const checkpointImportConfig = z.strictObject({
  file,
  ...recognitionFields,
  encoder: encoderName,
  name: field(z.string().max(200).default(''), {
    label: 'Name',
    help: "What it is called; the file's own name where it is left empty.",
    group,
    flags: ['--name'],
  }),
  link: field(z.boolean().default(false), {
    label: 'Link',
    help: 'Keep the file where it is instead of a copy of it. It must stay there, unchanged.',
    group,
    flags: ['--link'],
  }),
  /** `<workspace>/checkpoints`. */
  into: field(z.string().min(1), {
    label: 'Folder',
    help: 'Where imported checkpoints are kept.',
    group,
    flags: [],
    control: 'folder',
  }),
});

export const checkpointExportConfig = z.strictObject({
  file,
  target: field(z.string().min(1), { label: 'To', help: 'The file to write.', group, flags: [], control: 'file' }),
  format: field(z.enum(exportFormats).default('reference'), {
    label: 'Format',
    help: "reference: .pth.tar in the published scripts' keys (of a distillation: its student as MoCo's encoder). seed: a distillation as SEED's own scripts resume it. backbone: one encoder without head, in torchvision's names. safetensors: the same for any reader.",
    group,
    flags: ['--format'],
  }),
  overwrite: field(z.boolean().default(false), {
    label: 'Replace',
    help: 'Write over a file that is there already.',
    group,
    flags: ['--force'],
    advanced: true,
  }),
  ...recognitionFields,
  encoder: encoderName,
  /** `<workspace>/checkpoints`; empty: nothing is noted there. */
  notedIn: field(z.string().default(''), {
    label: 'Noted in',
    help: 'Where it is noted what was exported.',
    group,
    flags: [],
    control: 'folder',
  }),
});

export const checkpointShowConfig = z.strictObject({
  file,
  tensor: field(z.string().default(''), {
    label: 'Tensor',
    help: 'Name of a tensor whose values are summed up as well.',
    group,
    flags: ['--tensor'],
  }),
});

export const checkpointVerifyConfig = z.strictObject({
  /** Those without a recorded hash are read whole. */
  checkpoints: z.array(z.strictObject({ id: z.string(), file: z.string(), sha256: z.string() })).min(1),
});

export type CheckpointPreviewConfig = z.infer<typeof checkpointPreviewConfig>;
export type CheckpointImportConfig = z.infer<typeof checkpointImportConfig>;
export type CheckpointExportConfig = z.infer<typeof checkpointExportConfig>;
export type CheckpointShowConfig = z.infer<typeof checkpointShowConfig>;
export type CheckpointVerifyConfig = z.infer<typeof checkpointVerifyConfig>;
