/** `contrast runs`: what there is, and what to do with it. */
import { join } from 'node:path';
import type { Command } from 'commander';
import { AppError } from '../../common/errors.ts';
import { pointFieldsIn } from '../../common/filter/point-fields.ts';
import { filterableRun, runFields } from '../../common/filter/run-fields.ts';
import { isResumable, type RunRecord, runStates } from '../../common/records.ts';
import { reproductionWords } from '../../common/reproduction.ts';
import { colourNamed, colourNames } from '../../common/run-colours.ts';
import { preparingState, readConfig, readState, writeResume, writeState } from '../jobs/run-folder.ts';
import { workspaceFolder } from '../workspace-folder.ts';
import { type Connection, withRouter } from './connect.ts';
import { findRun } from './find-run.ts';
import { runWorker } from './foreground.ts';
import { createOutcome } from './outcome.ts';
import { createProgress } from './progress.ts';
import { readFilter } from './read-filter.ts';
import { reproduce } from './reproduce.ts';
import { report, tell } from './results.ts';
import { bytes, loss, percent, table } from './words.ts';

interface Options {
  workspace?: string;
  json?: boolean;
  quiet?: boolean;
}

export function addRuns(program: Command): void {
  const runs = program.command('runs').description('List, show and steer runs');
  verb(runs, 'ls', 'The runs, newest first')
    .argument('[filter...]', 'words that must occur, or conditions: "arch = resnet18 and knn > 60"')
    .option('--state <state...>', `only those that are: ${runStates.join(', ')}`)
    .option('--limit <number>', 'at most so many', '50')
    .option('--trashed', 'those in the trash')
    .action(list);
  verb(runs, 'show', 'One run: settings, progress, results, checkpoints')
    .argument('<run>', 'its id or the first letters of it')
    .action(show);
  verb(runs, 'stop', 'Save a checkpoint and stop').argument('<run...>').action(steer('stop'));
  verb(runs, 'pause', 'Save a checkpoint and pause').argument('<run...>').action(steer('pause'));
  verb(runs, 'resume', 'Go on from the newest checkpoint, or from another')
    .argument('<run>')
    .option('--checkpoint <file>', 'which one to go on from')
    .option('--queue', 'only put it in the queue')
    .option('--quiet', 'say nothing while it goes on')
    .action(resume);
  verb(runs, 'reproduce', 'Run once more with the same settings and seed, and tell how far apart the two are')
    .argument('<run>')
    .option('--anyway', 'even where the images are not known to be the same')
    .option('--queue', 'only put it in the queue')
    .option('--quiet', 'say nothing while it goes on')
    .action(reproduce);
  verb(runs, 'star', 'Mark with a star')
    .argument('<run...>')
    .option('--off', 'take the star away')
    .action((ids: string[], options: Options & { off?: boolean }) => mark(ids, options, { star: !options.off }));
  verb(runs, 'tag', 'Add tags, or take some away; then "runs ls tag = <word>" finds them')
    .argument('<run...>')
    .option('--add <words>', 'tags, parted by commas')
    .option('--remove <words>', 'tags, parted by commas')
    .action((ids: string[], options: Options & { add?: string; remove?: string }) => {
      if (options.add === undefined && options.remove === undefined)
        throw new AppError('usage', 'No tag is given.', { cure: 'Give --add <words> or --remove <words>.' });
      return mark(ids, options, { addTags: options.add?.split(','), removeTags: options.remove?.split(',') });
    });
  verb(runs, 'colour', 'Give a run a colour, the same in every view, chart and export')
    .argument('<run>')
    .argument('<colour>', `${colourNames.join(', ')}, #rrggbb, or none for the one that it has by itself`)
    .action(colour);
  verb(runs, 'note', 'Write the note of a run; without a text, show it')
    .argument('<run>')
    .argument('[text]', '"" for none')
    .action(note);
  verb(runs, 'archive', 'Leave out of the list, which "archived = true" finds again')
    .argument('<run...>')
    .option('--off', 'back into the list')
    .action((ids: string[], options: Options & { off?: boolean }) => mark(ids, options, { archived: !options.off }));
  verb(runs, 'rm', 'Put into the trash')
    .argument('<run...>')
    .option('--forever', 'delete the folders of runs that are in the trash')
    .action(remove);
  verb(runs, 'restore', 'Bring back from the trash; "runs ls --trashed" lists what is there')
    .argument('<run...>')
    .action(restore);
}

function verb(parent: Command, name: string, description: string): Command {
  return parent
    .command(name)
    .description(description)
    .option('--workspace <folder>', 'where runs and data are kept')
    .option('--json', 'print the result as one JSON object');
}

interface ListOptions extends Options {
  state?: RunRecord['state'][];
  limit: string;
  trashed?: boolean;
}

async function list(words: string[], options: ListOptions): Promise<void> {
  const limit = Number(options.limit);
  if (!Number.isInteger(limit) || limit < 1)
    throw new AppError('usage', `--limit is "${options.limit}"; it must be at least 1.`);
  const filter = words.join(' ');
  const measure = pointFieldsIn(readFilter(filter).fields);
  const { rows: all } = await withRouter(workspaceFolder(options.workspace), ({ api }) =>
    api.runs.list.query({
      measure,
      states: options.state,
      limit: 10_000,
      sort: 'createdAt',
      descending: true,
      trashed: options.trashed,
    }),
  );
  const { matches, fields } = readFilter(filter, runFields(all));
  const listed = fields.includes('archived') || options.trashed ? all : all.filter((run) => !run.archived);
  const found = listed.filter((run) => matches(filterableRun(run)));
  const rows = found.slice(0, limit);
  const total = found.length;
  const header = ['run', 'name', 'kind', 'state', 'epoch', 'loss', 'kNN', 'created'];
  const text = rows.length === 0 ? 'There are no such runs.' : table(header, rows.map(cellsOf));
  tell(options, { total, runs: rows }, rows.length < total ? `${text}\n${total - rows.length} more` : text);
}

function cellsOf(run: RunRecord): string[] {
  const trained = run.last['epoch/loss'] ?? run.last['step/loss'];
  const accuracy = run.best['probe/bestAccuracy']?.value ?? run.results.knn?.values.bestAccuracy;
  return [
    run.id,
    run.name.length > 40 ? `${run.name.slice(0, 39)}…` : run.name,
    run.kind,
    run.state,
    run.epochs === null ? '-' : `${run.epoch}/${run.epochs}`,
    trained === undefined ? '-' : loss(trained),
    typeof accuracy === 'number' ? percent(accuracy) : '-',
    run.createdAt.slice(0, 16).replace('T', ' '),
  ];
}

async function show(run: string, options: Options): Promise<void> {
  await withRouter(workspaceFolder(options.workspace), async ({ api }) => {
    const record = await findRun(api, run);
    const [checkpoints, command, reproduction] = await Promise.all([
      api.runs.checkpoints.query({ id: record.id }),
      api.runs.command.query({ id: record.id }),
      api.reproductions.get.query({ id: record.id }),
    ]);
    const there = checkpoints.filter(({ removed }) => !removed);
    const lines = [
      `${record.name} (${record.id})`,
      `  ${record.state}${record.error ? `: ${record.error.message} ${record.error.cure ?? ''}` : ''}`,
      `  epoch ${record.epoch}/${record.epochs ?? '?'}, step ${record.step}/${record.totalSteps ?? '?'}`,
      `  marks    ${marksInWords(record)}`,
      `  folder   ${record.folder} (${bytes(record.sizeBytes)})`,
      `  command  ${command}`,
      ...(reproduction ? [`  reproduces ${reproduction.first}: ${reproductionWords(reproduction)}`] : []),
      ...Object.entries(record.last).map(([name, value]) => `  ${name}  ${value}`),
      ...there.map(({ path, best }) => `  checkpoint ${path}${best ? ' (best)' : ''}`),
    ];
    tell(options, { ...record, checkpoints, command, reproduction }, lines.join('\n'));
  });
}

function steer(what: 'stop' | 'pause') {
  return async (ids: string[], options: Options): Promise<void> => {
    const runs = await withRouter(workspaceFolder(options.workspace), async ({ api }) => {
      const found = await Promise.all(ids.map((id) => findRun(api, id)));
      return Promise.all(found.map(({ id }) => api.runs[what].mutate({ id })));
    });
    tell(
      options,
      { runs: runs.map(({ id, state }) => ({ run: id, state })) },
      runs.map(({ id, state }) => `${id}: ${state}`).join('\n'),
    );
  };
}

interface ResumeOptions extends Options {
  checkpoint?: string;
  queue?: boolean;
}

/** A studio that is open goes on with the run itself; without one it goes on here. */
async function resume(run: string, options: ResumeOptions): Promise<void> {
  const workspace = workspaceFolder(options.workspace);
  const here = await withRouter(workspace, async ({ api, live }) => {
    const record = await findRun(api, run);
    if (live || options.queue) {
      const { state } = await api.runs.resume.mutate({ id: record.id, checkpoint: options.checkpoint });
      tell(options, { run: record.id, folder: record.folder, state }, `${record.id}: ${state}`);
      return null;
    }
    if (!isResumable(record.state)) {
      throw new AppError('conflict', `Run ${record.id} is ${record.state}; only a run that has ended early can go on.`);
    }
    return record;
  });
  if (!here) return;
  const { folder, id } = here;
  writeResume(folder, options.checkpoint);
  writeState(folder, preparingState(process.pid, readState(folder)));
  const { kind } = here;
  const outcome = createOutcome(readConfig(folder).kind, folder);
  const progress = createProgress(process.stderr, { quiet: options.quiet });
  progress.say(`Run ${id} in ${join(folder)}`);
  report(kind, { id, folder }, await runWorker(folder, outcome, progress), outcome, options);
}

type Marks = Omit<Parameters<Connection['api']['runs']['mark']['mutate']>[0], 'ids'>;

async function mark(names: string[], options: Options, marks: Marks): Promise<void> {
  const runs = await withRouter(workspaceFolder(options.workspace), async ({ api }) => {
    const found = await Promise.all(names.map((name) => findRun(api, name)));
    return api.runs.mark.mutate({ ids: found.map(({ id }) => id), ...marks });
  });
  tell(options, { runs: runs.map(marksOf) }, runs.map((run) => `${run.id}: ${marksInWords(run)}`).join('\n'));
}

async function colour(name: string, text: string, options: Options): Promise<void> {
  const given = text === 'none' ? null : colourNamed(text);
  if (given !== undefined) return mark([name], options, { colour: given });
  throw new AppError('usage', `"${text}" is no colour.`, {
    cure: `Give ${colourNames.join(', ')}, six digits as #1f6fbf (in quotes), or none.`,
  });
}

async function note(name: string, text: string | undefined, options: Options): Promise<void> {
  if (text !== undefined) return mark([name], options, { note: text });
  const run = await withRouter(workspaceFolder(options.workspace), ({ api }) => findRun(api, name));
  tell(options, marksOf(run), run.note || 'It has no note.');
}

function marksOf({ id, star, tags, note, archived, colour }: RunRecord) {
  return { run: id, star, tags, note, archived, colour };
}

function marksInWords({ star, tags, note, archived, colour }: RunRecord): string {
  const words = [
    star && 'starred',
    archived && 'archived',
    colour && `colour ${colour}`,
    tags.length > 0 && `tags ${tags.join(', ')}`,
    note,
  ];
  return words.filter(Boolean).join('; ') || 'no marks';
}

async function restore(names: string[], options: Options): Promise<void> {
  const runs = await withRouter(workspaceFolder(options.workspace), async ({ api }) => {
    const found = await Promise.all(names.map((name) => findRun(api, name)));
    return api.runs.restore.mutate({ ids: found.map(({ id }) => id) });
  });
  const record = { runs: runs.map(({ id, state }) => ({ run: id, state })) };
  tell(options, record, runs.map(({ id, name }) => `${id}: "${name}" is back`).join('\n'));
}

async function remove(ids: string[], options: Options & { forever?: boolean }): Promise<void> {
  await withRouter(workspaceFolder(options.workspace), async ({ api }) => {
    const found = await Promise.all(ids.map((id) => findRun(api, id)));
    const input = { ids: found.map(({ id }) => id) };
    if (options.forever) await api.runs.deleteForever.mutate(input);
    else await api.runs.trash.mutate(input);
    const words = options.forever ? 'Deleted.' : 'In the trash; "runs rm --forever" deletes what is there.';
    tell(options, { runs: input.ids, deleted: options.forever ?? false }, words);
  });
}
