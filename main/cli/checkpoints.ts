/** `contrast checkpoint`: what a file is, taking it into the workspace, giving it to others, verifying it. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import type {
  CheckpointExport,
  CheckpointImport,
  CheckpointSummary,
  CheckpointTensors,
  CheckpointVerdicts,
} from '../../common/checkpoints.ts';
import { AppError } from '../../common/errors.ts';
import { type JobKind, jobs } from '../../common/jobs/index.ts';
import { workspaceFolder } from '../workspace-folder.ts';
import { withRouter } from './connect.ts';
import { addFields, givenFields, resolveConfig } from './flags.ts';
import { locateCheckpoint } from './locate.ts';
import { tell } from './results.ts';
import { runTask, type TaskOptions } from './task.ts';
import { bytes, table } from './words.ts';

export function addCheckpoints(program: Command): void {
  const checkpoint = program.command('checkpoint').description('Import, export, show and verify checkpoint files');
  verb(checkpoint, 'ls', 'Those of runs and imported ones, newest first')
    .option('--trashed', 'those in the trash')
    .action(list);

  const bring = job(checkpoint, 'import', 'checkpoint-import', 'Take a file into the workspace');
  bring
    .argument('<file>', 'of PyTorch (.pth.tar, .pth, .pt) or safetensors')
    .action(async (file, options: TaskOptions) => {
      const into = join(workspaceFolder(options.workspace), 'checkpoints');
      await work('checkpoint-import', { file: resolve(file), into, ...given(bring, 'checkpoint-import') }, options);
    });

  addExport(checkpoint, 'export', 'Write a checkpoint for other programs');
  addExport(checkpoint, 'convert', 'The same; of a distillation (SEED) its student as the query encoder of MoCo');

  const show = job(checkpoint, 'show', 'checkpoint-show', 'What is in a file: net, tensors, values of one of them');
  show.argument('<checkpoint>', 'an id or a file').action(async (named: string, options: TaskOptions) => {
    const file = await locateCheckpoint(workspaceFolder(options.workspace), named);
    await work('checkpoint-show', { file, ...given(show, 'checkpoint-show') }, options);
  });

  verb(checkpoint, 'verify', 'Compute the hashes anew and compare them with those that were recorded')
    .argument('[checkpoint...]', 'ids or files; all of the workspace where none is named')
    .option('--all', 'all of the workspace')
    .option('--quiet', 'say nothing while it goes on')
    .action(verify);

  verb(checkpoint, 'rm', 'Put imported checkpoints into the trash; those of a run go with the run')
    .argument('<checkpoint...>', 'ids')
    .option('--forever', 'delete those that are in the trash')
    .action(remove);
  verb(checkpoint, 'restore', 'Bring back from the trash; "checkpoint ls --trashed" lists what is there')
    .argument('<checkpoint...>', 'ids')
    .action(restore);
}

function addExport(parent: Command, name: string, description: string): void {
  const command = job(parent, name, 'checkpoint-export', description);
  command
    .argument('<checkpoint>', 'an id or a file')
    .argument('<target>', 'the file to write')
    .action(async (named: string, target: string, options: TaskOptions) => {
      const workspace = workspaceFolder(options.workspace);
      const file = await locateCheckpoint(workspace, named);
      const known = join(workspace, 'checkpoints');
      const fields = given(command, 'checkpoint-export');
      // The name says it, where nothing else does.
      const format = target.endsWith('.safetensors') ? 'safetensors' : 'reference';
      const notedIn = existsSync(known) ? known : '';
      await work('checkpoint-export', { file, target: resolve(target), notedIn, format, ...fields }, options);
    });
}

function verb(parent: Command, name: string, description: string): Command {
  return parent
    .command(name)
    .description(description)
    .option('--workspace <folder>', 'where runs and data are kept')
    .option('--json', 'print the result as one JSON object');
}

function job(parent: Command, name: string, kind: JobKind, description: string): Command {
  const command = verb(parent, name, description).option('--quiet', 'say nothing while it goes on');
  addFields(command, jobs[kind].config);
  return command;
}

const given = (command: Command, kind: JobKind) => givenFields(command, jobs[kind].config);

async function work(kind: JobKind, values: Record<string, unknown>, options: TaskOptions) {
  const said = await runTask(kind, resolveConfig(jobs[kind].config, values), options, (said) => words(kind, said));
  if (kind === 'checkpoint-verify') judge(said as unknown as CheckpointVerdicts);
  return said;
}

/** What is damaged or gone is an invalid checkpoint. */
function judge({ checked }: Partial<CheckpointVerdicts>): void {
  if (checked?.some(({ state }) => state !== 'ok')) process.exitCode = new AppError('checkpoint-invalid', '').exitCode;
}

function words(kind: JobKind, said: unknown): string {
  if (kind === 'checkpoint-import') return importWords(said as CheckpointImport);
  if (kind === 'checkpoint-show') return showWords(said as CheckpointTensors);
  if (kind === 'checkpoint-verify') return verdictWords(said as CheckpointVerdicts);
  const { target, format, sizeBytes, sha256 } = said as CheckpointExport;
  return `${target} (${format}, ${bytes(sizeBytes)})\nSHA-256 ${sha256}`;
}

function importWords(said: CheckpointImport): string {
  const { matched, missing, unexpected, mismatched, arch, stem, head, refusal, ambiguous } = said;
  const net = arch
    ? `${arch}, stem ${stem}, head ${head}, from "${said.prefix}"`
    : ambiguous
      ? 'several nets fit: import it with --arch'
      : `no net: ${refusal}`;
  return [
    `${said.existing ? 'Here already' : said.how === 'linked' ? 'Linked' : 'Imported'}: ${said.name}, ${said.id}`,
    `  ${said.layout} (${said.format}), ${said.tensors} tensors, ${bytes(said.sizeBytes)}`,
    `  ${net}`,
    `  ${matched.length} matched, ${missing.length} missing, ${unexpected.length} unexpected, ${mismatched.length} of another shape`,
    ...mismatched.map(({ name, model, checkpoint }) => `  ${name}: [${checkpoint}] instead of [${model}]`),
    `  ${said.folder}`,
  ].join('\n');
}

function showWords({ file, layout, format, sizeBytes, arch, facts, tensors, tensor }: CheckpointTensors): string {
  const about = [
    `${file} (${layout}, ${format}, ${bytes(sizeBytes)}): ${arch ?? 'no net that is known here'}`,
    ...Object.entries(facts)
      .filter(([name]) => name !== 'config')
      .map(([name, value]) => `  ${name}  ${value}`),
  ];
  if (!tensor) {
    const rows = tensors.map(({ name, dtype, shape }) => [name, dtype, `[${shape}]`]);
    return [...about, table(['tensor', 'type', 'shape'], rows)].join('\n');
  }
  return [
    `${tensor.name}: ${tensor.dtype} [${tensor.shape}], ${tensor.count} values`,
    `  from ${tensor.minimum} to ${tensor.maximum}, mean ${tensor.mean}, deviation ${tensor.standardDeviation}`,
    `  ${tensor.notANumber} not a number, ${tensor.infinite} infinite`,
    `  ${bars(tensor.histogram)}`,
  ].join('\n');
}

/** A histogram in one line. */
function bars(counts: number[]): string {
  const highest = Math.max(...counts);
  return counts.map((count) => ' ▁▂▃▄▅▆▇█'[count === 0 ? 0 : Math.max(1, Math.round((8 * count) / highest))]).join('');
}

async function remove(ids: string[], options: TaskOptions & { forever?: boolean }): Promise<void> {
  await withRouter(workspaceFolder(options.workspace), async ({ api }) => {
    if (options.forever) await api.checkpoints.deleteForever.mutate({ ids });
    else await api.checkpoints.trash.mutate({ ids });
  });
  const what = options.forever ? 'Deleted' : 'In the trash';
  tell(options, { ids, state: options.forever ? 'deleted' : 'trashed' }, `${what}: ${ids.join(', ')}`);
}

async function restore(ids: string[], options: TaskOptions): Promise<void> {
  const restored = await withRouter(workspaceFolder(options.workspace), ({ api }) =>
    api.checkpoints.restore.mutate({ ids }),
  );
  const words = restored.map(({ id, name }) => `${id}  ${name}`).join('\n');
  tell(options, { ids: restored.map(({ id }) => id), state: 'restored' }, `Brought back:\n${words}`);
}

async function verify(named: string[], options: TaskOptions & { all?: boolean }): Promise<void> {
  const workspace = workspaceFolder(options.workspace);
  const files = named.filter((name) => existsSync(name));
  const ids = named.filter((name) => !existsSync(name));
  const whole = options.all || named.length === 0;
  const known = await knownOf(workspace, whole ? undefined : ids);
  const checkpoints = [
    ...known.map(({ id, file, sha256 }) => ({ id, file, sha256 })),
    ...files.map((file) => ({ id: '', file: resolve(file), sha256: '' })),
  ];
  if (checkpoints.length === 0) return tell(options, { checked: [] }, 'There are no checkpoints.');
  const { checked } = (await work('checkpoint-verify', { checkpoints }, options)) as Partial<CheckpointVerdicts>;
  if (!checked || known.length === 0) return;
  // The pages show it too, also where this is another process than the studio's.
  const verdicts = checked.map(({ file, foundSha256, stamp }) => ({ file, foundSha256, stamp }));
  await withRouter(workspace, ({ api }) => api.checkpoints.keepVerdicts.mutate({ verdicts }));
}

async function knownOf(workspace: string, ids: string[] | undefined): Promise<CheckpointSummary[]> {
  if (ids?.length === 0) return [];
  return withRouter(workspace, ({ api }) =>
    ids ? Promise.all(ids.map((id) => api.checkpoints.get.query({ id }))) : api.checkpoints.list.query({}),
  );
}

function verdictWords({ checked }: CheckpointVerdicts): string {
  return checked
    .map(({ id, file, state, expectedSha256, foundSha256 }) => {
      const line = `${state.padEnd(7)}  ${id || foundSha256?.slice(0, 12)}  ${file}`;
      return state === 'damaged'
        ? `${line}\n  expected SHA-256 ${expectedSha256}\n  found    SHA-256 ${foundSha256}`
        : line;
    })
    .join('\n');
}

async function list(options: TaskOptions & { trashed?: boolean }): Promise<void> {
  const checkpoints = await withRouter(workspaceFolder(options.workspace), ({ api }) =>
    api.checkpoints.list.query({ trashed: options.trashed }),
  );
  const rows = checkpoints.map((one) => [
    one.id,
    one.name.length > 40 ? `${one.name.slice(0, 39)}…` : one.name,
    one.arch ?? '-',
    one.source === 'run' ? 'run' : one.how,
    String(one.epoch ?? '-'),
    bytes(one.sizeBytes),
    one.state,
    one.createdAt.slice(0, 16).replace('T', ' '),
  ]);
  const header = ['id', 'name', 'arch', 'source', 'epoch', 'size', 'state', 'created'];
  tell(options, { checkpoints }, rows.length === 0 ? 'There are no such checkpoints.' : table(header, rows));
}
