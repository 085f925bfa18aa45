/**
 * Chains that were started: their records are the truth, the runs of their links say how far they are. Whenever a run
 * of one changes, and when the studio opens, each chain is brought up to date and its next link queued.
 */
import {
  type ChainChanges,
  type ChainDriver,
  type ChainFile,
  type ChainLink,
  type ChainLinkState,
  type ChainPlan,
  type ChainRecord,
  chainName,
  chainState,
  currentLink,
  withChanges,
} from '../../common/chains.ts';
import { AppError, asAppError } from '../../common/errors.ts';
import { stringifyNumbers } from '../../common/numbers.ts';
import { isActive, isResumable, type RunRecord } from '../../common/records.ts';
import type { Indexer } from '../jobs/indexer.ts';
import { isAlive, newRunId } from '../jobs/run-folder.ts';
import type { Store } from '../store/index.ts';
import type { ChainRecords } from './chain-files.ts';
import { type ChainRequest, createChainPlanner } from './chain-plan.ts';
import { freshLinks, type NextLink, nextLink, withLink } from './chain-steps.ts';
import type { Durations } from './durations.ts';
import type { LaunchService } from './launch.ts';
import type { RunService } from './runs.ts';

export interface ChainStart extends ChainRequest {
  name?: string;
  /** Who runs its links in the foreground; left out: they go through the queue. */
  driver?: ChainDriver;
}

export interface ChainService {
  /** Those that come with the studio. */
  shipped(): ChainFile[];
  /** What stands in the way and what each link will do; throws only for a chain, a link or a field that there is none of. */
  plan(request: ChainRequest): Promise<ChainPlan>;
  start(request: ChainStart): Promise<ChainRecord>;
  /** The newest first. */
  list(): ChainRecord[];
  get(id: string): ChainRecord;
  /** Stops the link that is under way, and starts no further one. */
  cancel(id: string): Promise<ChainRecord>;
  /** Goes on at the link that holds it: in its run from the newest checkpoint, or in a new one where `changes` are of it. */
  continue(id: string, options?: { changes?: ChainChanges; driver?: ChainDriver }): Promise<ChainRecord>;
  /** From now on chains go on by themselves; those that were under way when the studio ended do so at once. */
  follow(): void;
  close(): Promise<void>;
}

interface ChainPorts {
  store: Store;
  indexer: Indexer;
  runs: Pick<RunService, 'launch' | 'resume' | 'stop' | 'get' | 'checkpoints'>;
  launch: Pick<LaunchService, 'check'>;
  durations: Durations;
  records: ChainRecords;
  readShipped(): ChainFile[];
  onWarning(message: string): void;
}

export function createChainService(ports: ChainPorts): ChainService {
  const { store, indexer, runs, records } = ports;
  const planner = createChainPlanner(ports);
  /** Runs of links, and whose they are: a change of any other run is none of a chain. */
  const chainOfRun = new Map<string, string>();
  /** Chains that another process brings on; their files change without a word. */
  const elsewhere = new Set<string>();
  const waiting = new Set<string>();
  let following = false;
  let closed = false;
  let working: Promise<unknown> = Promise.resolve();

  /** One change of a chain at a time: each reads the record, changes it and writes it. */
  function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = working.then(work);
    working = done.catch(() => {});
    return done;
  }

  function write(record: ChainRecord): ChainRecord {
    records.write(record);
    attend(record);
    return record;
  }

  function attend({ id, links, driver }: ChainRecord) {
    for (const { run } of links) if (run !== null) chainOfRun.set(run, id);
    if (driver === null) elsewhere.delete(id);
    else elsewhere.add(id);
  }

  /** Each link as its run is now. */
  function refreshed(record: ChainRecord): ChainRecord {
    const links = record.links.map((link, at) => {
      const run = link.run === null ? undefined : store.runs.get(link.run);
      if (run) return linkOf(run, record.chain.links[at]!);
      if (link.run === null || link.state === 'waiting' || link.state === 'finished') return link;
      const error = { code: 'not-found', message: `Its run ${link.run} is gone.`, cure: 'Continue to run it anew.' };
      return { ...link, run: null, state: 'failed' as const, error };
    });
    return { ...record, links };
  }

  function linkOf(run: RunRecord, { kind }: ChainLink): ChainLinkState {
    const kept = store.runs.checkpoints(run.id).some(({ removed }) => !removed);
    const knn = run.best['probe/bestAccuracy']?.value;
    return {
      run: run.id,
      state: run.state,
      checkpoint: kept ? runs.checkpoints(run.id).findLast(({ removed }) => !removed)!.file : null,
      result: run.results[kind]?.values ?? (knn === undefined ? null : { knn: { bestAccuracy: knn } }),
      error: run.error,
    };
  }

  /** Brings the record up to date and queues what is next. In turn. */
  async function advance(id: string): Promise<ChainRecord> {
    const before = records.read(id);
    if (isElsewhere(before)) return before;
    let record = refreshed({ ...before, driver: null });
    try {
      const next = nextLink(record);
      if (next) record = await launched(record, next);
    } catch (thrown) {
      const { code, message, cure } = asAppError(thrown);
      record = withLink(record, currentLink(record), { run: null, state: 'failed', error: { code, message, cure } });
    }
    return stringifyNumbers(record) === stringifyNumbers(before) ? record : write(record);
  }

  async function launched(record: ChainRecord, { at, link, config, parent, run }: NextLink): Promise<ChainRecord> {
    const id = run ?? newRunId();
    write(withLink(record, at, { run: id }));
    const launch = { id, kind: link.kind, config, name: link.title, parent: parent ?? undefined };
    return withLink(record, at, linkOf(await runs.launch(launch), link));
  }

  /** Another process runs its links in the foreground, and is still there. */
  function isElsewhere({ driver }: ChainRecord): boolean {
    return driver !== null && isAlive(driver);
  }

  async function proceed(record: ChainRecord): Promise<ChainRecord> {
    write(record);
    return record.driver === null ? advance(record.id) : record;
  }

  indexer.onChange(({ type, id }) => {
    if (type === 'closed') closed = true;
    if (closed || !following || id === null) return;
    const chain = chainOfRun.get(id);
    for (const one of chain === undefined ? elsewhere : new Set([chain, ...elsewhere])) void bring(one);
  });

  /** Once for however many changes there were meanwhile. */
  async function bring(id: string) {
    if (waiting.has(id)) return;
    waiting.add(id);
    await inTurn(async () => {
      waiting.delete(id);
      if (!closed) await advance(id);
    }).catch((thrown: unknown) => ports.onWarning(`chain ${id}: ${asAppError(thrown).message}`));
  }

  /** As it is now, also where another process, or nobody, brings it on. */
  const shown = (record: ChainRecord): ChainRecord => (isElsewhere(record) ? record : refreshed(record));

  return {
    shipped: ports.readShipped,

    plan: planner.plan,

    async start(request) {
      const chain = planner.chosen(request);
      const { given, name, driver = null } = request;
      await planner.refuseWrong(chain, given);
      const createdAt = new Date().toISOString();
      const links = freshLinks(chain);
      return inTurn(() => proceed({ id: newRunId(), name, createdAt, chain, given, links, cancelledAt: null, driver }));
    },

    list: () => records.list().map(shown),
    get: (id) => shown(records.read(id)),

    cancel: (id) =>
      inTurn(async () => {
        const record = shown(records.read(id));
        const state = chainState(record);
        if (state === 'finished') throw new AppError('conflict', `"${chainName(record)}" is finished.`);
        write({ ...record, cancelledAt: record.cancelledAt ?? new Date().toISOString() });
        const run = record.links[currentLink(record)]?.run;
        const row = run ? store.runs.row(run) : undefined;
        if (row && (row.state === 'queued' || isActive(row.state))) await runs.stop(row.id);
        return advance(id);
      }),

    continue: (id, { changes = {}, driver = null } = {}) =>
      inTurn(async () => {
        const before = records.read(id);
        if (isElsewhere(before)) {
          throw new AppError(
            'conflict',
            `"${chainName(before)}" goes on at a command line, process ${before.driver?.pid}.`,
          );
        }
        const record = refreshed(before);
        const at = currentLink(record);
        const state = chainState(record);
        if (state === 'finished') throw new AppError('conflict', `"${chainName(record)}" is finished.`);
        const link = record.links[at]!;
        if (link.state !== 'waiting' && (link.state === 'queued' || isActive(link.state))) {
          throw new AppError('conflict', `"${record.chain.links[at]!.title}" is ${link.state}.`, {
            cure: 'There is nothing to go on with before it has ended.',
          });
        }
        refuseDone(record, changes);
        const chain = withChanges(record.chain, changes);
        if (Object.keys(changes).length > 0) await planner.refuseWrong(chain, record.given);
        const goesOn: ChainRecord = { ...record, chain, cancelledAt: null, driver };
        const earlier = link.run !== null && isResumable(runs.get(link.run).state) ? link.run : null;
        // What a run was made with is so: other values are another run.
        if (earlier === null || chain.links[at]!.name in changes)
          return proceed(withLink(goesOn, at, freshLinks(chain)[at]!));
        if (driver === null) await runs.resume(earlier);
        // Waiting, with its run: that is where whoever runs it goes on.
        return proceed(withLink(goesOn, at, { state: 'waiting', error: null }));
      }),

    follow() {
      following = true;
      void inTurn(async () => {
        const open = records.list().filter((record) => chainState(record) !== 'finished');
        open.forEach(attend);
        if (open.length === 0) return;
        // A folder that was made right before the studio was killed is no second time made.
        await indexer.scan();
        for (const { id } of open) if (!closed) await advance(id);
      }).catch((thrown: unknown) => ports.onWarning(`chains: ${asAppError(thrown).message}`));
    },

    async close() {
      closed = true;
      await working;
    },
  };
}

/** What a finished link was made with is so. */
function refuseDone({ chain, links }: ChainRecord, changes: ChainChanges) {
  const done = chain.links.find(({ name }, at) => links[at]!.state === 'finished' && name in changes);
  if (done) throw new AppError('conflict', `"${done.title}" is finished: its fields stay as they were.`);
}
