/** Fields that every kind of job has. */
import { z } from 'zod';
import { field } from '../fields.ts';

export const device = field(z.enum(['auto', 'gpu', 'cpu', 'wasm']).default('auto'), {
  label: 'Device',
  help: 'auto takes the best that works on this machine; the System page says which and why.',
  group: 'Machine',
  flags: ['--device'],
});

export const workers = field(z.int().min(0).max(256).default(0), {
  label: 'Loader threads',
  help: 'Threads that read and augment images ahead of the step. 0: as many as the machine has cores to spare.',
  group: 'Machine',
  flags: ['-j', '--workers'],
});

export const seed = field(z.int().min(0).max(4294967295).default(0), {
  label: 'Seed',
  help: 'Same seed, data and settings: same order, crops and weights.',
  group: 'Machine',
  flags: ['--seed'],
});

export const decode = field(z.enum(['pil', 'natural']).default('pil'), {
  label: 'Reading images',
  help: 'pil: as PIL gives them, which the published numbers rest on (alpha dropped, orientation ignored). natural: as the eye sees them.',
  group: 'Data',
  flags: ['--decode'],
  advanced: true,
});

const fits = ['centre-crop', 'whole'] as const;

/** How an image becomes a square for an evaluation. */
export const fitChoice = z.enum(fits).default('centre-crop');
export const fitHelp =
  'centre-crop: Resize(S * 256 / 224) and CenterCrop(S), as the published numbers. whole: the whole image resized to S x S, for images that are that small already.';
