/** `contrast chain`: several jobs after one another, each a recorded run, launched as one thing. */
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { type ChainFile, type ChainRecord, chainFile, chainRecord } from '../../common/chains.ts';
import { commandLineOf } from '../../common/command-line.ts';
import { AppError } from '../../common/errors.ts';
import { type JobKind, jobs } from '../../common/jobs/index.ts';
import { stringifyNumbers } from '../../common/numbers.ts';
import { writeAtomically } from '../../system/write-atomically.ts';
import { createRunFolder, newRunId, preparingState, readState, writeState } from '../jobs/run-folder.ts';
import { type ChainPorts, newChain, runChain } from '../services/chains.ts';
import { workspaceFolder } from '../workspace-folder.ts';
import { places } from './checkout.ts';
import { runWorker } from './foreground.ts';
import { createOutcome } from './outcome.ts';
import { createProgress } from './progress.ts';
import { tell } from './results.ts';

interface ChainOptions {
  workspace?: string;
  json?: boolean;
  quiet?: boolean;
  teacher?: string;
  set: string[];
  continue?: string;
}

export function addChain(program: Command): void {
  program
    .command('chain')
    .description('Several jobs after one another, each starting from what the one before left')
    .argument('[chain]', `one of ${chainNames().join(', ')}, or a file`)
    .argument('[data]', 'the images that all of them see')
    .option('--teacher <file>', 'the checkpoint that a distillation learns from')
    .option('--set <link.field=value>', 'another value for a field of a link; may be given again', collect, [])
    .option('--continue <id>', 'go on with a chain that was cut off')
    .option('--workspace <folder>', 'where runs and data are kept')
    .option('--json', 'print the result as one JSON object')
    .option('--quiet', 'say nothing while it goes on')
    .action(runOne);
}

async function runOne(name: string | undefined, data: string | undefined, options: ChainOptions): Promise<void> {
  const workspace = workspaceFolder(options.workspace);
  const folder = join(workspace, 'chains');
  mkdirSync(folder, { recursive: true });
  mkdirSync(join(workspace, 'runs'), { recursive: true });
  const record = options.continue ? readRecord(folder, options.continue) : startRecord(name, data, options);
  const progress = createProgress(process.stderr, { quiet: options.quiet });
  progress.say(`Chain ${record.id}: ${record.chain.links.map(({ title }) => title).join(', then ')}`);
  const save: ChainPorts['save'] = (record) =>
    writeAtomically(join(folder, `${record.id}.json`), `${stringifyNumbers(record, 2)}\n`);
  save(record);

  const run: ChainPorts['run'] = async ({ link, config, parent }, earlier, onStart) => {
    const { id, folder } = runFolder(workspace, { kind: link.kind, title: link.title, config, parent, earlier });
    onStart(id);
    progress.say(`${link.title}: run ${id} in ${folder}`);
    const outcome = createOutcome(link.kind, folder);
    const { state, failure, exitCode } = await runWorker(folder, outcome, progress);
    process.exitCode = exitCode;
    if (failure) progress.say(`${failure.message} ${failure.cure ?? ''}`.trim());
    return { state, result: outcome.values() };
  };
  const ended = await runChain(record, { run, save });
  tell(options, { chain: ended.id, links: namedLinks(ended) }, wordsOf(ended));
}

/** A new run, or the one that an earlier attempt has begun, which goes on from its newest checkpoint. */
function runFolder(
  workspace: string,
  given: {
    kind: JobKind;
    title: string;
    config: Record<string, unknown>;
    parent: string | null;
    earlier: string | null;
  },
): { id: string; folder: string } {
  const { kind, title, config, parent, earlier } = given;
  const runs = join(workspace, 'runs');
  const left = earlier && readdirSync(runs).find((name) => name.endsWith(`-${earlier}`));
  if (earlier && left) {
    const folder = join(runs, left);
    writeState(folder, preparingState(process.pid, readState(folder)));
    return { id: earlier, folder };
  }
  const id = newRunId();
  const resolved = jobs[kind].config.parse(config);
  const createdAt = new Date().toISOString();
  const file = { id, kind, name: title, createdAt, recipe: null, parent, config: resolved };
  return { id, folder: createRunFolder(runs, { file, command: commandLineOf(kind, resolved), state: 'preparing' }) };
}

function startRecord(name: string | undefined, data: string | undefined, options: ChainOptions): ChainRecord {
  if (name === undefined) throw new AppError('usage', `Which chain? There are ${chainNames().join(', ')}.`);
  const chain = withChanges(findChain(name), options.set);
  const given = Object.fromEntries(
    Object.entries({ data, teacher: options.teacher }).flatMap(([name, path]) => (path ? [[name, resolve(path)]] : [])),
  );
  return newChain(newRunId(), chain, given, new Date().toISOString());
}

function readRecord(folder: string, id: string): ChainRecord {
  const path = join(folder, `${id}.json`);
  if (!existsSync(path)) throw new AppError('not-found', `There is no chain ${id} in ${folder}.`);
  return chainRecord.parse(JSON.parse(readFileSync(path, 'utf8')));
}

const shipped = join(places.resources, 'chains');

function chainNames(): string[] {
  return readdirSync(shipped).map((file) => file.replace(/\.json$/, ''));
}

function findChain(name: string): ChainFile {
  const path = name.endsWith('.json') ? name : join(shipped, `${name}.json`);
  if (!existsSync(path)) {
    throw new AppError('not-found', `There is no chain called "${name}".`, {
      cure: `There are ${chainNames().join(', ')}.`,
    });
  }
  return chainFile.parse(JSON.parse(readFileSync(path, 'utf8')));
}

/** `distil.epochs=2`. */
function withChanges(chain: ChainFile, changes: string[]): ChainFile {
  const links = chain.links.map((link) => ({ ...link, config: { ...link.config } }));
  for (const change of changes) {
    const [, name, field, text] = /^([^.=]+)\.([^.=]+)=(.*)$/.exec(change) ?? [];
    const link = links.find((link) => link.name === name);
    if (!link || !field) {
      throw new AppError('usage', `--set ${change} names no link of the chain.`, {
        cure: `Write link.field=value; the links are ${links.map(({ name }) => name).join(', ')}.`,
      });
    }
    link.config[field] = parsedText(text ?? '');
  }
  return { ...chain, links };
}

function parsedText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function namedLinks({ chain, links }: ChainRecord) {
  return chain.links.map(({ name, kind }, at) => ({ name, kind, ...links[at]! }));
}

function wordsOf({ id, chain, links }: ChainRecord): string {
  const lines = chain.links.map(({ title }, at) => {
    const { run, state, result } = links[at]!;
    const knn = (result?.knn ?? result) as { bestAccuracy?: unknown } | null;
    const accuracy = typeof knn?.bestAccuracy === 'number' ? `, kNN ${knn.bestAccuracy.toFixed(1)} %` : '';
    return `${title}: ${state}${run ? ` (run ${run})` : ''}${accuracy}`;
  });
  const cutOff = links.some(({ state }) => state !== 'finished');
  return [...lines, cutOff ? `Go on with: contrast chain --continue ${id}` : `Chain ${id} is finished`].join('\n');
}

function collect(value: string, earlier: string[]): string[] {
  return [...earlier, value];
}
