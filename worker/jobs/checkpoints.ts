/** Looking at checkpoint files, taking them into the workspace, giving them to others, verifying them. */
import { appendFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  type CheckpointExport,
  type CheckpointImport,
  type CheckpointPreview,
  type CheckpointTensors,
  type CheckpointVerdict,
  checkpointIdLength,
  type ExportedLine,
} from '../../common/checkpoints.ts';
import { AppError } from '../../common/errors.ts';
import type {
  CheckpointExportConfig,
  CheckpointImportConfig,
  CheckpointPreviewConfig,
  CheckpointShowConfig,
  CheckpointVerifyConfig,
} from '../../common/jobs/checkpoints.ts';
import { decodeTensor } from '../../engine/checkpoints/dtypes.ts';
import { fileStamp } from '../../system/file-stamp.ts';
import { exportCheckpoint } from '../checkpoints/export.ts';
import { hashFile } from '../checkpoints/file-source.ts';
import { type ForeignFile, openForeign } from '../checkpoints/foreign-files.ts';
import { importFile } from '../checkpoints/import.ts';
import { lackingOf, type RecognisedFile, recognise, requireNet } from '../checkpoints/recognise.ts';
import { findRecorded } from '../checkpoints/recorded.ts';
import { summarize } from '../checkpoints/tensor-summary.ts';
import type { Job, JobContext } from '../job.ts';

export const checkpointPreviewJob: Job<CheckpointPreviewConfig> = async (config, { report }) => {
  const { file } = findRecorded(config.file);
  report({ type: 'progress', stage: 'reading the checkpoint', done: 0, total: null });
  await using opened = await openForeign(file);
  answer(report, previewOf(file, opened, recognise(file, opened, config)));
  return 'finished';
};

export const checkpointImportJob: Job<CheckpointImportConfig> = async (config, { report, wishes }) => {
  const { file, imported } = findRecorded(config.file);
  if (imported) {
    throw new AppError('usage', `${config.file} is an imported checkpoint already: "${imported.name}".`);
  }
  report({ type: 'progress', stage: 'reading the checkpoint', done: 0, total: null });
  const preview = await previewForImport(file, config);
  const { folder, record, existing } = await importFile(file, preview, {
    ...config,
    signal: wishes.signal,
    onProgress: (stage, done, total) => report({ type: 'progress', stage, done, total }),
  });
  const { shapes: _shapes, leftOut: _left, candidates: _candidates, encoders: _encoders, ...said } = preview;
  answer(report, {
    ...said,
    // As it was recognised then, where it was here before.
    ...(existing && { arch: record.arch, stem: record.stem, head: record.head, prefix: record.prefix }),
    id: record.sha256.slice(0, checkpointIdLength),
    sha256: record.sha256,
    folder,
    name: record.name,
    how: record.how,
    existing,
  } satisfies CheckpointImport);
  if (existing) {
    const message = `It is here already, as "${record.name}" (${record.createdAt.slice(0, 10)}); nothing was copied.`;
    report({ type: 'log', level: 'info', message });
  }
  return 'finished';
};

async function previewForImport(file: string, config: CheckpointImportConfig): Promise<CheckpointPreview> {
  await using opened = await openForeign(file);
  if (opened.tensors.length === 0) throw new AppError('checkpoint-invalid', `${file} holds no tensors.`);
  const recognised = recognise(file, opened, config);
  // What somebody chose by hand has to fit; an unknown net may be kept for its tensors.
  if (config.arch !== 'auto') requireNet(file, recognised);
  return previewOf(file, opened, recognised);
}

export const checkpointExportJob: Job<CheckpointExportConfig> = async (config, context) => {
  const { file, sha256: expected, imported } = findRecorded(config.file);
  const { report, wishes } = context;
  report({ type: 'progress', stage: 'verifying the checkpoint', done: 0, total: null });
  const parentSha256 = await hashFile(file, wishes.signal);
  if (expected !== undefined && expected !== parentSha256) {
    throw new AppError(
      'checkpoint-invalid',
      `${file} is damaged: expected SHA-256 ${expected}, found ${parentSha256}.`,
      { cure: 'Take another copy of it.' },
    );
  }
  report({ type: 'progress', stage: 'writing', done: 0, total: null });
  const { format, overwrite } = config;
  const target = resolve(config.target);
  const choice = {
    arch: config.arch === 'auto' ? (imported?.arch ?? 'auto') : config.arch,
    prefix: config.prefix === 'auto' && config.encoder === 'auto' ? (imported?.prefix ?? 'auto') : config.prefix,
    encoder: config.encoder,
  };
  const written = await exportCheckpoint(file, target, { format, overwrite, choice });
  note(config.notedIn, { parentSha256, run: null, target, sha256: written.sha256, time: new Date().toISOString() });
  answer(report, { target, format, ...written } satisfies CheckpointExport);
  return 'finished';
};

/** So that it is known where the file came from when it comes back. */
function note(folder: string, line: ExportedLine): void {
  if (folder !== '') appendFileSync(join(folder, 'exports.jsonl'), `${JSON.stringify(line)}\n`);
}

export const checkpointShowJob: Job<CheckpointShowConfig> = async (config, { report }) => {
  const { file, imported } = findRecorded(config.file);
  report({ type: 'progress', stage: 'reading the checkpoint', done: 0, total: null });
  await using opened = await openForeign(file);
  const { format, sizeBytes, facts } = opened;
  const recognised = recognise(file, opened, {
    arch: imported?.arch ?? 'auto',
    prefix: imported?.prefix ?? 'auto',
    encoder: 'auto',
  });
  const { arch, layout, matched, missing, unexpected, mismatched } = previewOf(file, opened, recognised);
  const match = { matched, missing, unexpected, mismatched };
  const tensors = opened.tensors.map(entryOf);
  const tensor = config.tensor === '' ? null : await summaryOf(file, opened, config.tensor);
  const said = { file, sizeBytes, format, layout, arch, facts, tensors, ...match, tensor };
  answer(report, said satisfies CheckpointTensors);
  return 'finished';
};

async function summaryOf(path: string, file: ForeignFile, name: string) {
  const entry = file.tensors.find((tensor) => tensor.name === name);
  if (!entry) {
    throw new AppError('not-found', `${path} has no tensor ${JSON.stringify(name)}.`, { field: 'tensor' });
  }
  if (!entry.dtype) {
    throw new AppError('checkpoint-invalid', `${name} is ${entry.torchDtype}: values of that type are not read here.`);
  }
  return { ...entryOf(entry), ...summarize(decodeTensor(entry.dtype, await file.readBytes(name))) };
}

const entryOf = ({ name, torchDtype, shape }: ForeignFile['tensors'][number]) => {
  return { name, dtype: torchDtype, shape: [...shape] };
};

export const checkpointVerifyJob: Job<CheckpointVerifyConfig> = async ({ checkpoints }, { report, wishes }) => {
  const checked: CheckpointVerdict[] = [];
  for (const [done, { id, file, sha256 }] of checkpoints.entries()) {
    report({ type: 'progress', stage: 'hashing', done, total: checkpoints.length });
    const stamp = fileStamp(file); // before it is read: what is written meanwhile was not verified
    const foundSha256 = await hashOrNull(file, wishes.signal);
    const expectedSha256 = sha256 || (foundSha256 && findRecorded(file).sha256) || null;
    if (foundSha256 !== null && expectedSha256 === null) await readWhole(file, wishes.signal);
    const same = expectedSha256 === null || foundSha256 === expectedSha256;
    const state = foundSha256 === null ? 'missing' : same ? 'ok' : 'damaged';
    checked.push({ id, file, state, expectedSha256, foundSha256, stamp });
  }
  report({ type: 'progress', stage: 'hashing', done: checkpoints.length, total: checkpoints.length });
  report({ type: 'result', name: 'checkpoints', values: { checked }, protocol: {} });
  return 'finished';
};

/** Every tensor is read, and its checksum compared where the format has one. */
async function readWhole(path: string, signal: AbortSignal): Promise<void> {
  await using file = await openForeign(path);
  for (const { name, dtype } of file.tensors) {
    signal.throwIfAborted();
    if (dtype) await file.readBytes(name);
  }
}

async function hashOrNull(file: string, signal: AbortSignal): Promise<string | null> {
  try {
    return await hashFile(file, signal);
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'not-found') return null;
    throw thrown;
  }
}

function previewOf(path: string, file: ForeignFile, recognised: RecognisedFile): CheckpointPreview {
  const { layout, encoders, encoder, net, nearest, ranked, ambiguous, refusal, match, leftOut } = recognised;
  const { matched, missing, unexpected, mismatched } = match;
  return {
    file: resolve(path),
    sizeBytes: file.sizeBytes,
    format: file.format,
    facts: file.facts,
    layout,
    encoders,
    encoder: encoder.name,
    prefix: encoder.prefix,
    arch: net?.arch ?? null,
    stem: net?.stem ?? null,
    head: net?.head ?? null,
    dim: net?.dim ?? null,
    imageSize: recognised.imageSize,
    candidates: ranked.slice(0, candidatesShown).map(({ net, prefix, score }) => {
      return { arch: net.arch, stem: net.stem, head: net.head, prefix, score };
    }),
    ambiguous: ambiguous.length > 0,
    refusal: refusal ?? (net || ambiguous.length > 0 ? null : notFitting(nearest?.arch, match)),
    tensors: file.tensors.length,
    matched,
    missing,
    unexpected,
    mismatched: mismatched.map(({ name, model, checkpoint }) => {
      return { name, model: [...model], checkpoint: [...checkpoint] };
    }),
    leftOut,
    shapes: Object.fromEntries(Array.from(recognised.tensors, ([name, { shape }]) => [name, [...shape]])),
  };
}

const candidatesShown = 12;

function notFitting(nearest: string | undefined, match: RecognisedFile['match']): string {
  const [first, ...others] = lackingOf(match);
  if (!nearest || !first) return 'No net that is known here has tensors like these.';
  return `It fits no net that is known here. ${nearest} is nearest, but ${first}${others.length > 0 ? ` (and ${others.length} more)` : ''}.`;
}

function answer(report: JobContext['report'], values: object): void {
  report({ type: 'result', name: 'checkpoint', values: { ...values }, protocol: {} });
}
