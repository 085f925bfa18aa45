/** A chain: jobs that follow one another, each a run of its own, the later ones starting from what the earlier left. */
import { z } from 'zod';
import { AppError } from './errors.ts';
import { jobKinds } from './jobs/index.ts';

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
  /** Null until it has begun. */
  run: z.string().nullable(),
  state: z.enum(['waiting', 'running', 'finished', 'failed', 'stopped', 'paused', 'interrupted']),
  /** The newest that it left. */
  checkpoint: z.string().nullable(),
  result: z.record(z.string(), z.unknown()).nullable(),
});

/** `<workspace>/chains/<id>.json`: a chain that was started, as it is to go on. */
export const chainRecord = z.strictObject({
  id: z.string(),
  createdAt: z.iso.datetime(),
  chain: chainFile,
  given: z.record(z.string(), z.string()),
  links: z.array(linkState),
});

export type ChainFile = z.infer<typeof chainFile>;
export type ChainLink = z.infer<typeof link>;
export type ChainRecord = z.infer<typeof chainRecord>;

const placeholder = /^\{([a-z][a-z0-9-]*)\}$/;

/** Names in a link's config, in their order: inputs and earlier links. */
export function namesIn({ config }: ChainLink): string[] {
  return Object.values(config).flatMap((value) => (typeof value === 'string' && placeholder.exec(value)?.[1]) || []);
}

/** The config with every name's value. Throws `config-invalid` where a name has none. */
export function filledConfig(link: ChainLink, values: Readonly<Record<string, string>>): Record<string, unknown> {
  const filled = (value: unknown) => {
    const name = typeof value === 'string' ? placeholder.exec(value)?.[1] : undefined;
    if (name === undefined) return value;
    if (values[name] !== undefined) return values[name];
    throw new AppError(
      'config-invalid',
      `"${link.title}" needs {${name}}, which neither was given nor is made before.`,
    );
  };
  return Object.fromEntries(Object.entries(link.config).map(([field, value]) => [field, filled(value)]));
}
