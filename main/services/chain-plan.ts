/** A chain before it starts: which one, with which values, and what the machine and the data say of each link. */
import {
  type ChainChanges,
  type ChainFile,
  type ChainLink,
  type ChainPlan,
  filledConfig,
  nameIn,
  withChanges,
} from '../../common/chains.ts';
import { AppError } from '../../common/errors.ts';
import type { LaunchCheck } from '../../common/launch.ts';
import { checkChain, missingInputs } from './chain-steps.ts';
import type { Durations, PlannedJob } from './durations.ts';
import { type LaunchService, refuseErrors } from './launch.ts';

export interface ChainRequest {
  /** One of those that come with the studio, or a whole one. */
  chain: string | ChainFile;
  /** Values of its inputs; a checkpoint by path or id. */
  given: Record<string, string>;
  changes?: ChainChanges;
}

interface PlanPorts {
  launch: Pick<LaunchService, 'check'>;
  durations: Durations;
  readShipped(): ChainFile[];
}

export function createChainPlanner({ launch, durations, readShipped }: PlanPorts) {
  /** Throws `not-found` or `usage` for a chain, a link or a field that there is none of. */
  function chosen({ chain, changes = {} }: ChainRequest): ChainFile {
    return withChanges(typeof chain === 'string' ? findShipped(chain) : chain, changes);
  }

  function findShipped(id: string): ChainFile {
    const shipped = readShipped();
    const found = shipped.find((one) => one.id === id);
    if (found) return found;
    throw new AppError('not-found', `There is no chain called "${id}".`, {
      cure: `There are ${shipped.map((one) => one.id).join(', ')}.`,
    });
  }

  function checkLinks({ links }: ChainFile, given: Record<string, string>): Promise<LaunchCheck[]> {
    const names = links.map(({ name }) => name);
    return Promise.all(links.map((link, at) => checkLink(link, given, names.slice(0, at))));
  }

  /** Against the machine and the data; of what an earlier link will make, nothing can be said yet. */
  async function checkLink(link: ChainLink, given: Record<string, string>, earlier: string[]): Promise<LaunchCheck> {
    const made = Object.fromEntries(earlier.map((name) => [name, `{${name}}`]));
    const checked = await launch.check(link.kind, filledConfig(link, { ...given, ...made }));
    return { ...checked, issues: checked.issues.filter(({ field }) => !standsFor(link, field, earlier)) };
  }

  /** Seconds of each link, at the pace of earlier runs like it; null where there is none. */
  function linkSeconds({ links }: ChainFile, checks: LaunchCheck[]): Promise<(number | null)[]> {
    const planned = links.map((link, at): PlannedJob => {
      const { config, estimates } = checks[at]!;
      const job = { kind: link.kind, config: config ?? link.config, steps: estimates?.totalSteps ?? null };
      const maker = links.findIndex(({ name }) => name === nameIn(link.config.pretrained));
      const made = checks[maker]?.config;
      return made ? { ...job, net: { arch: String(made.arch), imageSize: Number(made.imageSize) } } : job;
    });
    return durations(planned);
  }

  return {
    chosen,

    async plan(request: ChainRequest): Promise<ChainPlan> {
      const chain = chosen(request);
      const missing = missingInputs(chain, request.given);
      const blank = Object.fromEntries(missing.map((name) => [name, '']));
      const checks = await checkLinks(chain, { ...request.given, ...blank });
      const seconds = await linkSeconds(chain, checks);
      const links = checks.map((check, at) => {
        const link = chain.links[at]!;
        // Said once, of the input, and not of every link that takes it.
        const issues = check.issues.filter(({ field }) => !standsFor(link, field, missing));
        return { ...check, name: link.name, issues, seconds: seconds[at]! };
      });
      return { missing, links };
    },

    /** Throws `config-invalid` for what would stand in the way of any of its links, as far as it can be known before. */
    async refuseWrong(chain: ChainFile, given: Record<string, string>): Promise<void> {
      checkChain(chain, given);
      for (const [at, { issues }] of (await checkLinks(chain, given)).entries()) {
        const { title } = chain.links[at]!;
        refuseErrors(issues.map((issue) => ({ ...issue, message: `"${title}": ${issue.message}` })));
      }
    },
  };
}

/** The field's value is one of these inputs or links. */
function standsFor({ config }: ChainLink, field: string | null, names: string[]): boolean {
  const name = field === null ? undefined : nameIn(config[field]);
  return name !== undefined && names.includes(name);
}
