/** The formats that a checkpoint can be written in, and how each is read again: pure. */
import type { CheckpointExport, CheckpointSummary, ExportFormat } from '../../common/checkpoints.ts';
import { fileStem } from '../ui/file-stem.ts';
import { layoutWords } from './words.ts';

interface ExportChoice {
  format: ExportFormat;
  label: string;
  help: string;
  /** Why it is not offered for this checkpoint. */
  whyNot?: string;
}

const endings: Record<ExportFormat, string> = {
  reference: '.pth.tar',
  seed: '.pth.tar',
  backbone: '.pth',
  safetensors: '.safetensors',
};

export function exportChoices({ layout, arch }: Pick<CheckpointSummary, 'layout' | 'arch'>): ExportChoice[] {
  const ofMethod = layout === 'moco' || layout === 'seed';
  const noNet = arch === null ? 'Its net is not known, so no backbone can be told apart.' : undefined;
  return [
    {
      format: 'reference',
      label: 'The published scripts (.pth.tar)',
      help: "Everything under their keys, module.encoder_q and the rest: what ssl-small's and MoCo's own scripts resume from and evaluate.",
      whyNot: ofMethod
        ? undefined
        : `A file of ${layoutWords(layout)} has no state of MoCo or SEED that these scripts could take.`,
    },
    ...(layout === 'seed' ? [seedChoice] : []),
    {
      format: 'backbone',
      label: 'Backbone for PyTorch (.pth)',
      help: "One encoder without its head, a plain state_dict under torchvision's names.",
      whyNot: noNet,
    },
    {
      format: 'safetensors',
      label: 'Backbone as safetensors',
      help: 'The same tensors in a format that holds nothing but numbers, read by any library.',
      whyNot: noNet,
    },
  ];
}

const seedChoice: ExportChoice = {
  format: 'seed',
  label: "SEED's scripts (.pth.tar)",
  help: 'The distillation as it is, module.student and module.teacher: what SEED goes on from.',
};

/** A name that any system takes. */
export function fileNameFor({ name, epoch }: Pick<CheckpointSummary, 'name' | 'epoch'>, format: ExportFormat): string {
  const slug = fileStem(name);
  const said = epoch === null || /epoch/i.test(slug) ? '' : `-epoch-${epoch}`;
  return `${slug || 'checkpoint'}${said}${endings[format]}`;
}

/** One line of Python that reads the file. */
export function loadingLine({ target, format }: Pick<CheckpointExport, 'target' | 'format'>): string {
  const path = JSON.stringify(target);
  if (format === 'safetensors') return `safetensors.torch.load_file(${path})`;
  return `torch.load(${path}, map_location="cpu", weights_only=True)`;
}
