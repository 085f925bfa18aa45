/** A verb for each kind of job: its flags from the config's definition, run here or put in the queue. */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { commandLineOf } from '../../common/command-line.ts';
import { fieldsOf } from '../../common/fields.ts';
import { isTraining, type JobDefinition, type JobKind, jobKinds, jobs } from '../../common/jobs/index.ts';

import { createRunFolder, newRunId } from '../jobs/run-folder.ts';
import { workspaceFolder } from '../workspace-folder.ts';
import { addFields, givenFields, resolveConfig } from './flags.ts';
import { runWorker } from './foreground.ts';
import { locateCheckpoint } from './locate.ts';
import { createOutcome } from './outcome.ts';
import { createProgress } from './progress.ts';
import { findRecipe } from './recipes.ts';
import { report, tell } from './results.ts';
import { addSweep, isSweep, runSweep, type SweepOptions } from './sweep.ts';

interface JobOptions extends SweepOptions {
  workspace?: string;
  json?: boolean;
  quiet?: boolean;
  recipe?: string;
  name?: string;
  dryRun?: boolean;
}

export function addJobs(program: Command): void {
  const dataset = program.command('dataset').description('Make the demo data, or look through a folder of images');
  const elsewhere = (kind: JobKind) =>
    kind === 'dry-run' || jobs[kind].verb === '' || jobs[kind].verb.startsWith('checkpoint ');
  for (const kind of jobKinds.filter((kind) => !elsewhere(kind))) {
    const [first, second] = jobs[kind].verb.split(' ');
    const command = second ? dataset.command(second) : program.command(first!);
    addJob(command, kind, jobs[kind]);
  }
}

function addJob(command: Command, kind: JobKind, definition: JobDefinition): void {
  const fields = fieldsOf(definition.config);
  const placed = positionalsOf(definition);
  for (const name of placed) command.argument(`[${name}]`, fields.find(({ key }) => key === name)?.help);
  command
    .description(definition.title)
    .option('--workspace <folder>', 'where runs and data are kept')
    .option('--json', 'print the result as one JSON object')
    .option('--quiet', 'say nothing while it goes on');
  if (definition.recorded) {
    command
      .option('--recipe <name>', 'start from the values of a recipe; flags given beside it count more')
      .option('--name <name>', 'what the run is called')
      .option(enqueueFlag(definition), 'only put it in the queue; the open studio starts it');
    addSweep(command);
  }
  if (kind === 'train') command.option('--dry-run', 'only the first steps, for what the whole run would cost');
  if (isTraining(kind)) addIgnored(command);
  addFields(command, definition.config);
  command.action((...given: unknown[]) => {
    const options = given[placed.length] as JobOptions;
    const words = given.slice(0, placed.length) as (string | undefined)[];
    return runJob(options.dryRun ? 'dry-run' : kind, words, options, command);
  });
}

/** `--queue`, too, everywhere but where the reference means the length of a queue by it. */
function enqueueFlag({ config }: JobDefinition): string {
  const taken = fieldsOf(config).some(({ flags }) => flags.includes('--queue'));
  return taken ? '--enqueue' : '--queue, --enqueue';
}

/** The reference's flags for several processes (one computes everything here), and one that it does not use itself. */
const distributed = ['--dist-url', '--dist-backend', '--world-size', '--rank', '--gpu', '--local_rank', '--info'];

function addIgnored(command: Command): void {
  for (const flag of distributed) command.addOption(new Option(`${flag} <value>`).hideHelp());
  command.addOption(new Option('--multiprocessing-distributed').hideHelp());
}

function noticeIgnored(command: Command): string | null {
  const given = [...distributed, '--multiprocessing-distributed'].filter(
    (flag) => command.getOptionValueSource(new Option(flag).attributeName()) === 'cli',
  );
  if (given.length === 0) return null;
  return `${given.join(', ')}: accepted and not used; one process trains here, and --bn-splits stands for the devices.`;
}

function positionalsOf({ positional, secondPositional }: JobDefinition): string[] {
  return secondPositional === undefined ? [positional] : [positional, secondPositional];
}

async function runJob(
  kind: JobKind,
  given: (string | undefined)[],
  options: JobOptions,
  command: Command,
): Promise<void> {
  const definition: JobDefinition = jobs[kind];
  const workspace = workspaceFolder(options.workspace);
  const recipe = options.recipe ? findRecipe(options.recipe, kind, workspace) : null;
  const placed = positionalsOf(definition)
    .map((key, place) => [key, given[place]] as const)
    .filter(([, word]) => word !== undefined);
  const config = await withAbsolutePaths(
    definition,
    workspace,
    resolveConfig(definition.config, {
      ...recipe?.config,
      ...givenFields(command, definition.config),
      ...Object.fromEntries(placed),
    }),
  );
  const progress = createProgress(process.stderr, { quiet: options.quiet });
  const notice = noticeIgnored(command);
  if (notice) progress.say(notice);

  const enqueue = options.enqueue === true;
  if (isSweep(options)) {
    const base = { kind, config, name: options.name, recipe: recipe?.id };
    return runSweep(workspace, base, options);
  }
  const id = newRunId();
  const parent = definition.recorded ? join(workspace, 'runs') : join(workspace, 'cache', 'tasks');
  mkdirSync(parent, { recursive: true });
  const folder = createRunFolder(parent, {
    file: {
      id,
      kind,
      name: options.name ?? recipe?.title ?? definition.title,
      createdAt: new Date().toISOString(),
      recipe: recipe?.id ?? null,
      parent: null,
      config,
    },
    command: commandLineOf(kind, config),
    state: enqueue ? 'queued' : 'preparing',
  });
  if (enqueue) return tell(options, { run: id, folder, state: 'queued' }, queuedWords(id));

  progress.say(`Run ${id} in ${folder}`);
  const outcome = createOutcome(kind, folder);
  const finished = await runWorker(folder, outcome, progress);
  report(kind, { id, folder }, finished, outcome, options);
}

function queuedWords(id: string): string {
  return `Run ${id} is in the queue. It starts when the studio is open ("contrast serve") and it is its turn.`;
}

/** The worker, and the studio later on, may be in another folder than this terminal; a checkpoint's id becomes its path. */
async function withAbsolutePaths(
  definition: JobDefinition,
  workspace: string,
  config: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const absolute: Record<string, unknown> = { ...config };
  for (const { key, control } of fieldsOf(definition.config)) {
    const given = config[key];
    if (control === undefined || typeof given !== 'string' || given === '') continue;
    absolute[key] = control === 'checkpoint' ? await locateCheckpoint(workspace, given) : resolve(given);
  }
  return absolute;
}
