/** `contrast export`: results that leave the studio. */
import { type Command, Option } from 'commander';
import { AppError } from '../../common/errors.ts';
import { selectRuns } from '../../common/results/table.ts';
import { type TableFormat, tableFormatNames } from '../../common/results/writers/index.ts';
import { writeAtomically } from '../../system/write-atomically.ts';
import { workspaceFolder } from '../workspace-folder.ts';
import { type Connection, withRouter } from './connect.ts';
import { exportRuns, type RunFormat, runFormats } from './interop.ts';
import { readFilter } from './read-filter.ts';
import { tell } from './results.ts';

type Api = Connection['api'];

interface Options {
  workspace?: string;
  json?: boolean;
}

export function addResults(program: Command): void {
  verb(program, 'export', 'Results of runs as a table in a file')
    .argument('[runs...]', 'ids of runs, or a filter: "arch = resnet18 and knn > 60"')
    .option('--all', 'all runs')
    .addOption(
      new Option('--format <format>', 'how it is written')
        .choices([...tableFormatNames, ...runFormats])
        .makeOptionMandatory(),
    )
    .option('--output <file>', 'where to; left out: stdout, but not for xlsx, bundle and tensorboard (a folder)')
    .option('--columns <field...>', 'arch, knn, last:epoch/loss, result:linear/top1, ...; left out: what tells most')
    .option('--decimals <number>', 'digits behind the point of what was measured')
    .option('--group-by-seed', 'runs that differ by their seed alone as one row: mean, 95 % interval, n')
    .option('--published', 'with the published numbers that stand in these columns')
    .option('--sort <field>', 'the greatest first; with "-" before it the least first')
    .option('--no-checkpoints', 'a bundle without the checkpoints of its runs')
    .option('--force', 'replace a bundle or a log folder that is there already')
    .action((words: string[], { format, ...options }: Omit<ExportOptions, 'format'> & ChosenFormat & RunOptions) =>
      isRunFormat(format) ? exportChosen(words, { ...options, format }) : exportTable(words, { ...options, format }),
    );
}

function verb(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .option('--workspace <folder>', 'where runs and data are kept')
    .option('--json', 'print the result as one JSON object');
}

interface ExportOptions extends Options {
  all?: boolean;
  format: TableFormat;
  output?: string;
  columns?: string[];
  decimals?: string;
  groupBySeed?: boolean;
  published?: boolean;
  sort?: string;
}

interface ChosenFormat {
  format: TableFormat | RunFormat;
}

interface RunOptions {
  checkpoints: boolean;
  force?: boolean;
}

function isRunFormat(format: TableFormat | RunFormat): format is RunFormat {
  return runFormats.some((one) => one === format);
}

/** Whole runs, not a table of them. */
async function exportChosen(
  words: string[],
  options: Omit<ExportOptions, 'format'> & RunOptions & { format: RunFormat },
) {
  const { output } = options;
  if (!output) throw new AppError('usage', `A ${options.format} is no text; --output says where it is to go.`);
  await exportRuns(await chosenFolders(words, options), { ...options, output });
}

/** Run folders of ids or of a filter; with `all` and no words, of all runs. At least one. */
export async function chosenFolders(words: string[], { workspace, all }: { workspace?: string; all?: boolean }) {
  requireWords(words, all);
  const runs = await withRouter(workspaceFolder(workspace), async ({ api }) => {
    const { rows } = await api.runs.list.query({ limit: 10_000 });
    const ids = await idsAmong(api, words);
    return ids ? rows.filter(({ id }) => ids.includes(id)) : selectRuns(rows, words.join(' '));
  });
  if (runs.length > 0) return runs.map(({ folder }) => folder);
  const text = words.join(' ');
  throw new AppError('not-found', text ? `No run fits "${text}".` : 'There is no run in this workspace yet.');
}

function requireWords(words: string[], all = false): void {
  if (words.length > 0 || all) return;
  throw new AppError('usage', 'Which runs are meant is not said.', {
    cure: 'Give their ids or a filter, or --all.',
  });
}

async function exportTable(words: string[], options: ExportOptions): Promise<void> {
  const { output, format } = options;
  requireWords(words, options.all);
  if (!output && format === 'xlsx') throw new AppError('usage', 'xlsx is no text; --output says where it is to go.');
  if (!output && options.json && format !== 'json') {
    throw new AppError('usage', `With --json, stdout is one JSON object; --output says where the ${format} is to go.`);
  }
  const file = await withRouter(workspaceFolder(options.workspace), async ({ api }) => {
    const ids = await idsAmong(api, words);
    if (!ids) readFilter(words.join(' '));
    const decimals = decimalsOf(options.decimals);
    return api.exports.table.query({
      ids,
      format,
      definition: {
        columns: (options.columns ?? []).flatMap(splitFields).map((field) => ({ field, decimals })),
        filter: ids ? '' : words.join(' '),
        groupBySeed: options.groupBySeed ?? false,
        published: options.published ?? false,
        sort: sortOf(options.sort),
      },
    });
  });
  if (output) {
    writeAtomically(output, file.base64 === null ? (file.text ?? '') : Buffer.from(file.base64, 'base64'));
    tell(options, { output, format, rows: file.rows }, `${file.rows} rows in ${output}`);
  } else {
    process.stdout.write(file.text ?? '');
  }
}

/** Ids where all of the words are the beginning of one; otherwise they are a filter. */
async function idsAmong(api: Api, words: string[]): Promise<string[] | undefined> {
  if (words.length === 0 || !words.every((word) => /^[a-z0-9]{3,}$/.test(word))) return undefined;
  const { rows } = await api.runs.list.query({ limit: 10_000 });
  const ids = words.map((word) => rows.filter(({ id }) => id.startsWith(word)).map(({ id }) => id));
  return ids.every((found) => found.length === 1) ? ids.flat() : undefined;
}

function splitFields(fields: string): string[] {
  return fields.split(',').filter((field) => field !== '');
}

function decimalsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^([0-9]|10)$/.test(text)) return Number(text);
  throw new AppError('usage', `--decimals is "${text}"; it must be 0 to 10.`);
}

function sortOf(text: string | undefined): { field: string; descending: boolean } | undefined {
  if (!text) return undefined;
  return text.startsWith('-') ? { field: text.slice(1), descending: false } : { field: text, descending: true };
}
