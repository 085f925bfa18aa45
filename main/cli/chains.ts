/** `contrast chains`: those that were started, and how far they are. */
import type { Command } from 'commander';
import { type ChainRecord, chainName, chainState, holdWords } from '../../common/chains.ts';
import { workspaceFolder } from '../workspace-folder.ts';
import { withRouter } from './connect.ts';
import { tell } from './results.ts';
import { table } from './words.ts';

interface Options {
  workspace?: string;
  json?: boolean;
}

export function addChains(program: Command): void {
  const chains = program.command('chains').description('List, show and cancel chains that were started');
  const verb = (name: string, description: string) =>
    chains
      .command(name)
      .description(description)
      .option('--workspace <folder>', 'where runs and data are kept')
      .option('--json', 'print the result as one JSON object');
  verb('ls', 'The chains, newest first').action(list);
  verb('show', 'The links of one, and what they have come to').argument('<chain>').action(show);
  verb('cancel', 'Stop the link that is under way and start no further one').argument('<chain>').action(cancel);
}

async function list(options: Options): Promise<void> {
  const chains = await withRouter(workspaceFolder(options.workspace), ({ api }) => api.chains.list.query());
  const rows = chains.map((record) => [
    record.id,
    chainName(record),
    chainState(record),
    `${record.links.filter(({ state }) => state === 'finished').length}/${record.links.length}`,
    record.createdAt.slice(0, 16).replace('T', ' '),
  ]);
  const words =
    rows.length === 0 ? 'No chain was started yet.' : table(['chain', 'name', 'state', 'links', 'created'], rows);
  tell(options, { chains }, words);
}

async function show(id: string, options: Options): Promise<void> {
  const workspace = workspaceFolder(options.workspace);
  tellChain(await withRouter(workspace, ({ api }) => api.chains.get.query({ id })), options);
}

async function cancel(id: string, options: Options): Promise<void> {
  const workspace = workspaceFolder(options.workspace);
  tellChain(await withRouter(workspace, ({ api }) => api.chains.cancel.mutate({ id })), options);
}

export function tellChain(record: ChainRecord, options: Options, more?: string): void {
  const { id, chain, links } = record;
  const named = chain.links.map(({ name, kind }, at) => ({ name, kind, ...links[at]! }));
  const words = [wordsOf(record), more].filter(Boolean).join('\n');
  tell(options, { chain: id, state: chainState(record), links: named }, words);
}

function wordsOf(record: ChainRecord): string {
  const { id, chain, links } = record;
  const lines = chain.links.map(({ title }, at) => {
    const { run, state, result } = links[at]!;
    return `${title}: ${state}${run ? ` (run ${run})` : ''}${accuracyWords(result)}`;
  });
  const state = chainState(record);
  const hold = holdWords(record);
  const end = hold ? `${hold}\nGo on with: contrast chain --continue ${id}` : `Chain ${id} is ${state}`;
  return [...lines, end].join('\n');
}

function accuracyWords(result: Record<string, unknown> | null): string {
  const { bestAccuracy } = (result?.knn ?? result ?? {}) as { bestAccuracy?: unknown };
  if (typeof bestAccuracy === 'number') return `, kNN ${bestAccuracy.toFixed(1)} %`;
  return typeof result?.top1 === 'number' ? `, linear top-1 ${result.top1.toFixed(1)} %` : '';
}
