/** Runs a chain link by link; what has been done is written down after each, so that it can go on another time. */
import { type ChainFile, type ChainLink, type ChainRecord, filledConfig, namesIn } from '../../common/chains.ts';
import { AppError } from '../../common/errors.ts';
import { jobs } from '../../common/jobs/index.ts';
import type { RunStateFile } from '../../common/records.ts';

export interface LinkEnd {
  state: RunStateFile['state'];
  /** Of its verb. */
  result: Record<string, unknown>;
}

export interface ChainPorts {
  /** Runs one link to its end. `earlier` is the run that it has begun already and goes on in. */
  run(
    link: { link: ChainLink; config: Record<string, unknown>; parent: string | null },
    earlier: string | null,
    onStart: (run: string) => void,
  ): Promise<LinkEnd>;
  save(record: ChainRecord): void;
}

/** Throws `config-invalid` naming the input that is missing, the name that nothing makes, or the field that is wrong. */
export function newChain(id: string, chain: ChainFile, given: Record<string, string>, createdAt: string): ChainRecord {
  const missing = Object.keys(chain.inputs).find((name) => given[name] === undefined);
  if (missing) {
    throw new AppError('config-invalid', `The chain "${chain.title}" needs ${missing}: ${chain.inputs[missing]}`);
  }
  const values: Record<string, string> = { ...given };
  for (const link of chain.links) {
    // Before anything runs: hours later is too late for a wrong field.
    const parsed = jobs[link.kind].config.safeParse(filledConfig(link, values));
    const issue = parsed.error?.issues[0];
    if (issue) {
      throw new AppError('config-invalid', `"${link.title}": ${issue.path.join('.')}: ${issue.message}.`);
    }
    values[link.name] = `{${link.name}}`;
  }
  const links = chain.links.map(() => ({ run: null, state: 'waiting' as const, checkpoint: null, result: null }));
  return { id, createdAt, chain, given, links };
}

/** Goes on from wherever the chain is. Ends early, with that link's state, where one does not finish. */
export async function runChain(record: ChainRecord, ports: ChainPorts): Promise<ChainRecord> {
  let current = record;
  const settle = (at: number, change: Partial<ChainRecord['links'][number]>) => {
    current = { ...current, links: current.links.map((link, index) => (index === at ? { ...link, ...change } : link)) };
    ports.save(current);
  };
  for (const [at, link] of current.chain.links.entries()) {
    if (current.links[at]!.state === 'finished') continue;
    const config = filledConfig(link, valuesOf(current));
    const { state, result } = await ports.run(
      { link, config, parent: parentOf(current, link) },
      current.links[at]!.run,
      (run) => settle(at, { run, state: 'running' }),
    );
    const checkpoint = typeof result.checkpoint === 'string' ? result.checkpoint : null;
    settle(at, { state: endState(state), checkpoint, result });
    if (state !== 'finished') break;
  }
  return current;
}

/** Inputs, and checkpoints of the links that have finished. */
function valuesOf({ chain, given, links }: ChainRecord): Record<string, string> {
  const made = chain.links.flatMap(({ name }, at) => {
    const { checkpoint } = links[at]!;
    return checkpoint === null ? [] : [[name, checkpoint] as const];
  });
  return { ...given, ...Object.fromEntries(made) };
}

/** The run whose checkpoint the link starts from. */
function parentOf({ chain, links }: ChainRecord, link: ChainLink): string | null {
  const used = namesIn(link);
  const at = chain.links.findLastIndex(({ name }) => used.includes(name));
  return at < 0 ? null : links[at]!.run;
}

function endState(state: RunStateFile['state']): ChainRecord['links'][number]['state'] {
  const ends = ['finished', 'failed', 'stopped', 'paused', 'interrupted'] as const;
  return ends.find((end) => end === state) ?? 'failed';
}
