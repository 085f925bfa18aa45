/** A chain: jobs that follow one another, each a run of its own, the later ones starting from what the earlier left. */
import { z } from 'zod';
import { shellWord } from './command-line.ts';
import { AppError } from './errors.ts';
import { type FieldMeta, fieldsOf } from './fields.ts';
import { jobKinds, jobs } from './jobs/index.ts';
import type { LaunchCheck } from './launch.ts';
import { isActive, type RunRecord, type RunState, runStates } from './records.ts';

const link = z.strictObject({
  /** What later links call its checkpoint: `{distil}`. */
  name: z.string().regex(/^[a-z][a-z0-9-]*$/),
  title: z.string().min(1),
  kind: z.enum(jobKinds),
  /** Fields that differ from the kind's defaults. A text `{name}` stands for a link's newest checkpoint, or for an input. */
  config: z.record(z.string(), z.unknown()),
});

export const chainFile = z.strictObject({
  id: z.string().min(1),
  title: z.string().min(1),
  summary: z.string(),
  source: z.string(),
  expect: z.string(),
  /** What is given when it starts, and what each is. */
  inputs: z.record(z.string(), z.string()),
  links: z.array(link).min(1),
});

const linkState = z.strictObject({
  /** Written down before its folder is made, so that a studio that is killed in between makes no second one. */
  run: z.string().nullable(),
  /** That of its run; `waiting` before there is one, `failed` too where it could not even be started. */
  state: z.enum(['waiting', ...runStates]),
  /** The newest that it left. */
  checkpoint: z.string().nullable(),
  result: z.record(z.string(), z.unknown()).nullable(),
  error: z.object({ code: z.string(), message: z.string(), cure: z.string().optional() }).nullable().default(null),
});

/** A process, told apart from a later one of the same pid (`processStart` of system/process-start.ts). */
export const chainDriver = z.strictObject({ pid: z.int(), processStart: z.string().nullable() });

/** `<workspace>/chains/<id>.json`: a chain that was started, as it is to go on. */
export const chainRecord = z.strictObject({
  id: z.string(),
  /** What people call it; the title of the chain where they have not named it. */
  name: z.string().optional(),
  createdAt: z.iso.datetime(),
  /** With what was changed of its links' fields. */
  chain: chainFile,
  given: z.record(z.string(), z.string()),
  links: z.array(linkState),
  cancelledAt: z.iso.datetime().nullable().default(null),
  /** The command line that runs its links in the foreground; null: the studio does, by its queue. */
  driver: chainDriver.nullable().default(null),
});

export type ChainFile = z.infer<typeof chainFile>;
export type ChainLink = z.infer<typeof link>;
export type ChainDriver = z.infer<typeof chainDriver>;
export type ChainLinkState = z.infer<typeof linkState>;
export type ChainRecord = z.infer<typeof chainRecord>;
/** Other values for fields of links, by the name of the link. */
export type ChainChanges = Record<string, Record<string, unknown>>;

/** A chain before it starts. */
export interface ChainPlan {
  /** Inputs that were not given yet. */
  missing: string[];
  /**
   * What the launch form has for one run, for each link; what an earlier link makes is not asked for. `seconds` as earlier
   * runs like it took; null where there was none.
   */
  links: ({ name: string; seconds: number | null } & LaunchCheck)[];
}

export type ChainState = 'running' | 'held' | 'cancelled' | 'finished';

/** Links are worked off one after the other; one that has ended without being finished holds those behind it. */
export function chainState({ links, cancelledAt }: Pick<ChainRecord, 'links' | 'cancelledAt'>): ChainState {
  if (links.every(({ state }) => state === 'finished')) return 'finished';
  if (cancelledAt !== null) return 'cancelled';
  return links.some(({ state }) => hasEndedEarly(state)) ? 'held' : 'running';
}

/** The record with its links as their runs are now, where those are known: a page has the runs pushed to it. */
export function withRuns(
  record: ChainRecord,
  runs: ReadonlyMap<string, Pick<RunRecord, 'state' | 'error'>>,
): ChainRecord {
  const links = record.links.map((link) => {
    const run = link.run === null ? undefined : runs.get(link.run);
    return run ? { ...link, state: run.state, error: run.error } : link;
  });
  return { ...record, links };
}

/** What people call it. */
export function chainName({ name, chain }: ChainRecord): string {
  return name ?? chain.title;
}

/** The link that is under way or holds the others; -1 where all have finished. */
export function currentLink({ links }: Pick<ChainRecord, 'links'>): number {
  return links.findIndex(({ state }) => state !== 'finished');
}

/** Why it does not go on, in words that name the link; null while it does, and when it has finished. */
export function holdWords(record: ChainRecord): string | null {
  const state = chainState(record);
  const at = currentLink(record);
  if (at < 0 || state === 'running') return null;
  const { title } = record.chain.links[at]!;
  const { state: linkState, error } = record.links[at]!;
  if (state === 'cancelled' && !hasEndedEarly(linkState)) return `Cancelled before "${title}" was done.`;
  const why = error ? `: ${error.message}${error.cure ? ` ${error.cure}` : ''}` : '.';
  return `"${title}" ${linkState === 'failed' ? 'has failed' : `was ${linkState}`}${why}`;
}

function hasEndedEarly(state: RunState | 'waiting'): boolean {
  return state !== 'waiting' && state !== 'queued' && state !== 'finished' && !isActive(state);
}

const placeholder = /^\{([a-z][a-z0-9-]*)\}$/;

/** The input or link that a value stands for; undefined where it stands for itself. */
export function nameIn(value: unknown): string | undefined {
  return typeof value === 'string' ? placeholder.exec(value)?.[1] : undefined;
}

/** Names in a link's config, in their order: inputs and earlier links. */
export function namesIn({ config }: ChainLink): string[] {
  return Object.values(config).flatMap((value) => nameIn(value) ?? []);
}

/** The config with every name's value. Throws `config-invalid` where a name has none. */
export function filledConfig(link: ChainLink, values: Readonly<Record<string, string>>): Record<string, unknown> {
  const filled = (value: unknown) => {
    const name = nameIn(value);
    if (name === undefined) return value;
    if (values[name] !== undefined) return values[name];
    throw new AppError(
      'config-invalid',
      `"${link.title}" needs {${name}}, which neither was given nor is made before.`,
    );
  };
  return Object.fromEntries(Object.entries(link.config).map(([field, value]) => [field, filled(value)]));
}

/** The chain with other values in its links. Throws `usage` for a link or a field that there is none of. */
export function withChanges(chain: ChainFile, changes: ChainChanges): ChainFile {
  for (const [name, fields] of Object.entries(changes)) {
    const link = chain.links.find((link) => link.name === name);
    if (!link) {
      throw new AppError('usage', `The chain "${chain.title}" has no link ${name}.`, {
        cure: `Its links are ${chain.links.map(({ name }) => name).join(', ')}.`,
      });
    }
    const known = Object.keys(jobs[link.kind].config.shape);
    const unknown = Object.keys(fields).find((field) => !known.includes(field));
    if (unknown) throw new AppError('usage', `"${link.title}" has no field ${unknown}.`, { field: unknown });
  }
  return {
    ...chain,
    links: chain.links.map((link) => ({ ...link, config: { ...link.config, ...changes[link.name] } })),
  };
}

/** How an input is chosen: a folder, a checkpoint; that of the field that takes it. */
export function inputControl({ links }: ChainFile, name: string): FieldMeta['control'] {
  for (const { kind, config } of links) {
    const fields = fieldsOf(jobs[kind].config);
    const field = fields.find(({ key, control }) => control !== undefined && nameIn(config[key]) === name);
    if (field) return field.control;
  }
  return undefined;
}

/** The command that starts the same chain without the pages. */
export function chainCommand(chain: ChainFile, given: Record<string, string>, changes: ChainChanges): string {
  const inputs = Object.keys(chain.inputs)
    .filter((name) => name !== 'data')
    .flatMap((name) =>
      name === 'teacher' ? ['--teacher', given[name] || 'FILE'] : ['--input', `${name}=${given[name] || 'VALUE'}`],
    );
  const set = Object.entries(changes).flatMap(([link, fields]) =>
    Object.entries(fields).flatMap(([field, value]) =>
      value === undefined
        ? []
        : ['--set', `${link}.${field}=${typeof value === 'string' ? value : JSON.stringify(value)}`],
    ),
  );
  return ['npx contrast chain', ...[chain.id, given.data || 'FOLDER', ...inputs, ...set].map(shellWord)].join(' ');
}
