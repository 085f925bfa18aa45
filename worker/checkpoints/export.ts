/** Checkpoints of the workspace as files for others, in the format that was asked for. */
import { existsSync } from 'node:fs';
import type { CheckpointExport, ExportFormat } from '../../common/checkpoints.ts';
import { AppError } from '../../common/errors.ts';
import { openForeign } from './foreign-files.ts';
import { convertSeed, copyReference, exportBackbone, exportMoco, exportSeed } from './pytorch-export.ts';
import { type Choice, recognise } from './recognise.ts';

export interface ExportOptions {
  format: ExportFormat;
  /** Whether a file that is there already is replaced. */
  overwrite: boolean;
  choice: Choice;
}

export async function exportCheckpoint(
  source: string,
  target: string,
  { format, overwrite, choice }: ExportOptions,
): Promise<Omit<CheckpointExport, 'target' | 'format'>> {
  if (existsSync(target) && !overwrite) {
    throw new AppError('conflict', `There is a file ${target} already.`, {
      cure: 'Choose another name, or replace it with --force.',
      field: 'target',
    });
  }
  const about = await look(source, choice);
  const { layout, arch, tensors } = about;
  const { sha256, sizeBytes } =
    format === 'reference'
      ? await writeReference(source, target, about)
      : format === 'seed'
        ? await writeSeed(source, target, about)
        : await exportBackbone(source, target, choice, format);
  return { layout, arch, tensors, sha256, sizeBytes };
}

interface Looked {
  layout: string;
  arch: string | null;
  tensors: number;
  ours: boolean;
  safetensors: boolean;
}

async function look(source: string, choice: Choice): Promise<Looked> {
  await using file = await openForeign(source);
  const { layout, net } = recognise(source, file, choice);
  return {
    layout,
    arch: net?.arch ?? null,
    tensors: file.tensors.length,
    ours: 'formatVersion' in file.facts,
    safetensors: file.format === 'safetensors',
  };
}

function writeSeed(source: string, target: string, { layout, ours, safetensors }: Looked) {
  if (layout === 'seed' && ours) return exportSeed(source, target);
  if (layout === 'seed' && !safetensors) return copyReference(source, target);
  throw new AppError('usage', `${source} (${layout}) is no distillation: it has no student and teacher.`, {
    cure: 'Export it as --format reference, backbone or safetensors.',
    field: 'format',
  });
}

function writeReference(source: string, target: string, { layout, ours, safetensors }: Looked) {
  if (ours) return exportMoco(source, target);
  if (layout === 'seed' && !safetensors) return convertSeed(source, target);
  if (layout === 'moco' && !safetensors) return copyReference(source, target);
  throw new AppError(
    'usage',
    `${source} (${layout}) has no state of MoCo or SEED to write for the published scripts.`,
    {
      cure: 'Export its backbone: --format backbone or safetensors.',
      field: 'format',
    },
  );
}
