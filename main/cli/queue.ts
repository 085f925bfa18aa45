/** `contrast queue`: what will start, and in which order. */
import type { Command } from 'commander';
import { AppError } from '../../common/errors.ts';
import type { QueueState } from '../../common/updates.ts';
import { workspaceFolder } from '../workspace-folder.ts';
import { type Connection, withRouter } from './connect.ts';
import { tell } from './results.ts';

interface Options {
  workspace?: string;
  json?: boolean;
}

export function addQueue(program: Command): void {
  const queue = program.command('queue').description('Look at the queue and change it');
  verb(queue, 'ls', 'What runs and what is next').action((options: Options) =>
    act(options, (api) => api.queue.list.query()),
  );
  verb(queue, 'hold', 'Start nothing more; what runs goes on').action((options: Options) =>
    act(options, (api) => api.queue.hold.mutate()),
  );
  verb(queue, 'release', 'Start what is queued again').action((options: Options) =>
    act(options, (api) => api.queue.release.mutate()),
  );
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

async function move(api: Api, run: string, place: string): Promise<QueueState> {
  const { order } = await api.queue.list.query();
  const id = order.find((one) => one.startsWith(run));
  if (!id) throw new AppError('not-found', `"${run}" is not in the queue.`, { cure: '"contrast queue ls" shows it.' });
  const position = Number(place) - 1;
  if (!Number.isInteger(position) || position < 0) throw new AppError('usage', `The place is "${place}"; 1 is next.`);
  return api.queue.move.mutate({ id, position });
}

async function act(options: Options, work: (api: Api) => Promise<QueueState>): Promise<void> {
  const { state, live } = await withRouter(workspaceFolder(options.workspace), async (connection) => ({
    state: await work(connection.api),
    live: connection.live,
  }));
  const lines = [
    ...state.active.map((id) => `running  ${id}`),
    ...state.order.map((id, place) => `${String(place + 1).padStart(7)}  ${id}`),
    ...(state.held ? [`The queue is held${state.reason ? `: ${state.reason}` : ''}.`] : []),
    ...(!live && state.order.length > 0 ? ['Nothing starts until the studio is open ("contrast serve").'] : []),
  ];
  tell(options, { ...state, live }, lines.length > 0 ? lines.join('\n') : 'The queue is empty.');
}
