/** `contrast queue`: what will start, and in which order. */
import type { Command } from 'commander';
import { AppError } from '../../common/errors.ts';
import { isActive, runStates } from '../../common/records.ts';
import type { QueueState } from '../../common/updates.ts';
import { workspaceFolder } from '../workspace-folder.ts';
import { type Connection, withRouter } from './connect.ts';
import { tell } from './results.ts';

/** States of runs that the queue speaks of. */
const inQueue = runStates.filter((state) => state === 'queued' || isActive(state));
const mostNamed = 10_000;

interface Options {
  workspace?: string;
  json?: boolean;
}

export function addQueue(program: Command): void {
  const queue = program.command('queue').description('Look at the queue and change it');
  verb(queue, 'ls', 'What runs and what is next').action((options: Options) =>
    act(options, (api) => api.queue.list.query()),
  );
  verb(queue, 'hold', 'Start nothing more, or not these runs; what runs goes on')
    .argument('[run...]')
    .action((runs: string[], options: Options) =>
      act(options, async (api) => api.queue.hold.mutate(await chosen(api, runs))),
    );
  verb(queue, 'release', 'Start what is queued again, or these runs when it is their turn')
    .argument('[run...]')
    .action((runs: string[], options: Options) =>
      act(options, async (api) => api.queue.release.mutate(await chosen(api, runs))),
    );
  verb(queue, 'rm', 'Take runs out of the queue')
    .argument('<run...>')
    .action((runs: string[], options: Options) => act(options, (api) => remove(api, runs)));
  verb(queue, 'move', 'Put a queued run at a place in the queue, 1 being next')
    .argument('<run>')
    .argument('<place>')
    .action((run: string, place: string, options: Options) => act(options, (api) => move(api, run, place)));
}

function verb(parent: Command, name: string, description: string): Command {
  return parent
    .command(name)
    .description(description)
    .option('--workspace <folder>', 'where runs and data are kept')
    .option('--json', 'print the result as one JSON object');
}

type Api = Connection['api'];

/** By the start of their ids; undefined where none are named: the whole queue. */
async function chosen(api: Api, runs: string[]): Promise<{ ids: string[] } | undefined> {
  if (runs.length === 0) return undefined;
  const { order } = await api.queue.list.query();
  return { ids: runs.map((run) => queuedRun(order, run)) };
}

function queuedRun(order: string[], run: string): string {
  const found = order.filter((one) => one.startsWith(run));
  if (found.length === 1) return found[0]!;
  if (found.length > 1) throw new AppError('usage', `"${run}" begins ${found.length} ids: ${found.join(', ')}.`);
  throw new AppError('not-found', `"${run}" is not in the queue.`, { cure: '"contrast queue ls" shows it.' });
}

async function remove(api: Api, runs: string[]): Promise<QueueState> {
  const { order } = await api.queue.list.query();
  await api.queue.remove.mutate({ ids: runs.map((run) => queuedRun(order, run)) });
  return api.queue.list.query();
}

async function move(api: Api, run: string, place: string): Promise<QueueState> {
  const { order } = await api.queue.list.query();
  const id = queuedRun(order, run);
  const position = Number(place) - 1;
  if (!Number.isInteger(position) || position < 0) throw new AppError('usage', `The place is "${place}"; 1 is next.`);
  return api.queue.move.mutate({ id, position });
}

async function act(options: Options, work: (api: Api) => Promise<QueueState>): Promise<void> {
  const { state, names, live } = await withRouter(workspaceFolder(options.workspace), async ({ api, live }) => {
    const state = await work(api);
    const { rows } = await api.runs.list.query({ states: inQueue, limit: mostNamed });
    return { state, names: new Map(rows.map((run) => [run.id, run.name])), live };
  });
  const held = new Set(state.heldRuns);
  const words = (id: string) =>
    [id, state.devices[id], names.get(id), held.has(id) && '(held)'].filter(Boolean).join('  ');
  const lines = [
    ...state.active.map((id) => `running  ${words(id)}`),
    ...state.order.map((id, place) => `${String(place + 1).padStart(7)}  ${words(id)}`),
    ...(state.held ? [`The queue is held${state.reason ? `: ${state.reason}` : ''}.`] : []),
    ...(!live && state.order.length > 0 ? ['Nothing starts until the studio is open ("contrast serve").'] : []),
  ];
  tell(options, { ...state, live }, lines.length > 0 ? lines.join('\n') : 'The queue is empty.');
}
