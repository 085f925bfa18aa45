/** How a chain goes on: from its record to the link that is next, and from what a link has come to to the record. Pure. */
import {
  type ChainFile,
  type ChainLink,
  type ChainLinkState,
  type ChainRecord,
  chainState,
  currentLink,
  filledConfig,
  namesIn,
} from '../../common/chains.ts';
import { typeIssues } from '../../common/config-issues.ts';
import { AppError } from '../../common/errors.ts';

/** A link that is to run now. */
export interface NextLink {
  at: number;
  link: ChainLink;
  config: Record<string, unknown>;
  /** The run whose checkpoint it starts from. */
  parent: string | null;
  /** The run that it has begun already and goes on in. */
  run: string | null;
}

export function freshLinks(chain: ChainFile): ChainLinkState[] {
  return chain.links.map(() => ({ run: null, state: 'waiting', checkpoint: null, result: null, error: null }));
}

/**
 * Null where all is done, or one that has ended early is in the way.
 * Throws `config-invalid` where the link before left nothing that it could start from.
 */
export function nextLink(record: ChainRecord): NextLink | null {
  const at = currentLink(record);
  if (chainState(record) !== 'running' || at < 0 || record.links[at]!.state !== 'waiting') return null;
  const link = record.chain.links[at]!;
  const config = filledConfig(link, { ...record.given, ...madeBy(record) });
  return { at, link, config, parent: parentOf(record, link), run: record.links[at]!.run };
}

export function withLink(record: ChainRecord, at: number, change: Partial<ChainLinkState>): ChainRecord {
  return { ...record, links: record.links.map((link, index) => (index === at ? { ...link, ...change } : link)) };
}

/** Before anything runs, as hours later is too late: throws `config-invalid` for what is missing, unknown or wrong. */
export function checkChain(chain: ChainFile, given: Record<string, string>): void {
  const [missing] = missingInputs(chain, given);
  if (missing) {
    throw new AppError('config-invalid', `The chain "${chain.title}" needs ${missing}: ${chain.inputs[missing]}`, {
      field: missing,
    });
  }
  const values: Record<string, string> = { ...given };
  for (const link of chain.links) {
    const [issue] = typeIssues(link.kind, filledConfig(link, values));
    if (issue)
      throw new AppError('config-invalid', `"${link.title}": ${issue.message}`, { field: issue.field ?? undefined });
    values[link.name] = `{${link.name}}`;
  }
}

export function missingInputs(chain: ChainFile, given: Record<string, string>): string[] {
  return Object.keys(chain.inputs).filter((name) => !given[name]);
}

/** Checkpoints of the links that have finished, by their names. */
function madeBy({ chain, links }: ChainRecord): Record<string, string> {
  const made = chain.links.flatMap(({ name }, at) => {
    const { checkpoint } = links[at]!;
    return checkpoint === null ? [] : [[name, checkpoint] as const];
  });
  return Object.fromEntries(made);
}

function parentOf({ chain, links }: ChainRecord, link: ChainLink): string | null {
  const used = namesIn(link);
  const at = chain.links.findLastIndex(({ name }) => used.includes(name));
  return at < 0 ? null : links[at]!.run;
}
