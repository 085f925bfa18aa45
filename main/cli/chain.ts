/** `contrast chain`: several jobs after one another, each a recorded run, launched as one thing. */
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { type ChainChanges, type ChainFile, type ChainRecord, inputControl } from '../../common/chains.ts';
import { commandLineOf } from '../../common/command-line.ts';
import { AppError, asAppError } from '../../common/errors.ts';
import { jobs } from '../../common/jobs/index.ts';
import { processStart } from '../../system/process-start.ts';
import { createRunFolder, newRunId, preparingState, readState, writeState } from '../jobs/run-folder.ts';
import { type ChainRecords, createChainRecords, readChainFile, readChainFiles } from '../services/chain-files.ts';
import { type NextLink, nextLink, withLink } from '../services/chain-steps.ts';
import { workspaceFolder } from '../workspace-folder.ts';
import { tellChain } from './chains.ts';
import { places } from './checkout.ts';
import { withRouter } from './connect.ts';
import { runWorker } from './foreground.ts';
import { locateCheckpoint } from './locate.ts';
import { createOutcome } from './outcome.ts';
import { createProgress, type Progress } from './progress.ts';

interface ChainOptions {
  workspace?: string;
  json?: boolean;
  quiet?: boolean;
  queue?: boolean;
  name?: string;
  teacher?: string;
  input: string[];
  set: string[];
  continue?: string;
}

export function addChain(program: Command): void {
  program
    .command('chain')
    .description('Several jobs after one another, each starting from what the one before left')
    .argument(
      '[chain]',
      `one of ${shipped()
        .map(({ id }) => id)
        .join(', ')}, or a file`,
    )
    .argument('[data]', 'the images that all of them see')
    .option('--teacher <file>', 'the checkpoint that a distillation learns from')
    .option('--input <name=value>', 'another input of the chain; may be given again', collect, [])
    .option('--set <link.field=value>', 'another value for a field of a link; may be given again', collect, [])
    .option('--name <name>', 'what the chain is called')
    .option('--continue <id>', 'go on with a chain that was cut off; --set changes what is still to be done')
    .option('--queue', 'only put it in the queue; the open studio runs it')
    .option('--workspace <folder>', 'where runs and data are kept')
    .option('--json', 'print the result as one JSON object')
    .option('--quiet', 'say nothing while it goes on')
    .action(runOne);
}

async function runOne(name: string | undefined, data: string | undefined, options: ChainOptions): Promise<void> {
  const workspace = workspaceFolder(options.workspace);
  const changes = changesOf(options.set);
  // Whoever runs the links says so in the record: an open studio leaves them alone, and takes over if we are gone.
  const driver = options.queue ? undefined : { pid: process.pid, processStart: processStart(process.pid) };
  const request = options.continue ? null : await requestOf(workspace, name, data, options);
  const record = await withRouter(workspace, ({ api }) =>
    request
      ? api.chains.start.mutate({ ...request, changes, name: options.name, driver })
      : api.chains.continue.mutate({ id: options.continue!, changes, driver }),
  );
  if (options.queue) return tellChain(record, options, 'It goes on when the studio is open ("contrast serve").');
  tellChain(await runHere(workspace, record.id, createProgress(process.stderr, { quiet: options.quiet })), options);
}

/** Runs link after link in the foreground, to the end or to one that does not finish. */
async function runHere(workspace: string, id: string, progress: Progress): Promise<ChainRecord> {
  const records = createChainRecords(join(workspace, 'chains'));
  const { chain } = records.read(id);
  progress.say(`Chain ${id}: ${chain.links.map(({ title }) => title).join(', then ')}`);
  try {
    // Read anew each time: it may have been cancelled by another door.
    for (let next = stepOf(records, id); next; next = stepOf(records, id)) {
      await runLink(workspace, records, id, next, progress);
    }
  } finally {
    records.write({ ...records.read(id), driver: null });
  }
  return records.read(id);
}

/** A link that cannot start holds the chain, as one that failed. */
function stepOf(records: ChainRecords, id: string): NextLink | null {
  const record = records.read(id);
  try {
    return nextLink(record);
  } catch (thrown) {
    const { code, message, cure } = asAppError(thrown);
    const at = record.links.findIndex(({ state }) => state !== 'finished');
    records.write(withLink(record, at, { state: 'failed', error: { code, message, cure } }));
    throw thrown;
  }
}

async function runLink(workspace: string, records: ChainRecords, id: string, next: NextLink, progress: Progress) {
  const { at, link } = next;
  const settle = (change: Parameters<typeof withLink>[2]) =>
    records.write(withLink(records.read(id), at, { ...change, error: change.error ?? null }));
  const run = next.run ?? newRunId();
  settle({ run, state: 'preparing' });
  const folder = runFolder(join(workspace, 'runs'), run, next);
  progress.say(`${link.title}: run ${run} in ${folder}`);
  const outcome = createOutcome(link.kind, folder);
  const { state, failure, exitCode } = await runWorker(folder, outcome, progress);
  process.exitCode = exitCode;
  if (failure) progress.say(`${failure.message} ${failure.cure ?? ''}`.trim());
  const result = outcome.values();
  settle({
    state,
    result,
    checkpoint: typeof result.checkpoint === 'string' ? result.checkpoint : null,
    error: failure && { code: failure.code, message: failure.message, cure: failure.cure },
  });
}

/** A new one, or that of an earlier attempt, which goes on from its newest checkpoint. */
function runFolder(runs: string, id: string, { link, config, parent }: NextLink): string {
  const begun = readdirSync(runs).find((name) => name.endsWith(`-${id}`));
  if (begun) {
    const folder = join(runs, begun);
    writeState(folder, preparingState(process.pid, readState(folder)));
    return folder;
  }
  const { kind, title: name } = link;
  const resolved = jobs[kind].config.parse(config);
  const file = { id, kind, name, createdAt: new Date().toISOString(), recipe: null, parent, config: resolved };
  return createRunFolder(runs, { file, command: commandLineOf(kind, resolved), state: 'preparing' });
}

async function requestOf(
  workspace: string,
  name: string | undefined,
  data: string | undefined,
  { teacher, input }: ChainOptions,
): Promise<{ chain: string | ChainFile; given: Record<string, string> }> {
  if (name === undefined) {
    throw new AppError('usage', 'Which chain?', {
      cure: `There are ${shipped()
        .map(({ id }) => id)
        .join(', ')}.`,
    });
  }
  const file = name.endsWith('.json') ? readChainFile(name) : shipped().find(({ id }) => id === name);
  const given: Record<string, string> = {};
  for (const [key, value] of [['data', data], ['teacher', teacher], ...input.map(pairOf)] as const) {
    if (value === undefined || key === undefined) continue;
    const control = file && inputControl(file, key);
    // The worker, and the studio later on, may be in another folder than this terminal.
    given[key] = control === 'checkpoint' ? await locateCheckpoint(workspace, value) : control ? resolve(value) : value;
  }
  return { chain: name.endsWith('.json') ? file! : name, given };
}

function pairOf(text: string): [string, string] {
  const [, name, value] = /^([^=]+)=(.*)$/.exec(text) ?? [];
  if (name !== undefined && value !== undefined) return [name, value];
  throw new AppError('usage', `--input ${text} is no name=value.`);
}

/** `distil.epochs=2`. */
function changesOf(set: string[]): ChainChanges {
  const changes: ChainChanges = {};
  for (const change of set) {
    const [, link, field, text] = /^([^.=]+)\.([^.=]+)=(.*)$/.exec(change) ?? [];
    if (!link || !field) throw new AppError('usage', `--set ${change} is no link.field=value.`);
    changes[link] = { ...changes[link], [field]: parsedText(text ?? '') };
  }
  return changes;
}

function parsedText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function shipped(): ChainFile[] {
  return readChainFiles(join(places.resources, 'chains'));
}

function collect(value: string, earlier: string[]): string[] {
  return [...earlier, value];
}
