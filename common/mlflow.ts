/** How a server of MLflow is named, and what it answers, as far as a push reads it (REST interface 2.0). */
import { z } from 'zod';
import { AppError } from './errors.ts';

export interface MlflowAddress {
  /** Without user and password, and without "/" at the end: as people may see it. */
  server: string;
  user: { name: string; password: string } | null;
}

/** Reads http(s)://[user:password@]host[:port][/path]. What it throws names no password. */
export function mlflowAddress(text: string): MlflowAddress {
  const url = URL.parse(text.trim());
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new AppError('usage', `"${text.replace(/^.*@/, '…@')}" is no address of an MLflow server.`, {
      cure: 'It is of the form http://host:port.',
      field: 'server',
    });
  }
  const server = `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
  if (!url.username && !url.password) return { server, user: null };
  try {
    return { server, user: { name: decodeURIComponent(url.username), password: decodeURIComponent(url.password) } };
  } catch {
    throw new AppError('usage', `User or password in the address of ${server} has a "%" that begins no code.`, {
      cure: 'In an address "%" is written %25, "@" %40, ":" %3A and "/" %2F.',
      field: 'server',
    });
  }
}

/** How an answer is read. */
export type AnswerOf<Answer> = z.ZodType<Answer>;

export const mlflowRefusal = z.object({ error_code: z.string(), message: z.string().default('') });

export const noAnswer = z.object({});

const pair = z.object({ key: z.string(), value: z.string().default('') });
export type MlflowPair = z.infer<typeof pair>;

/** What is empty is left out. Times in milliseconds since 1970. */
const run = z.object({
  info: z.object({
    run_id: z.string(),
    run_name: z.string().default(''),
    status: z.string().default('RUNNING'),
    end_time: z.coerce.number().optional(),
  }),
  data: z
    .object({ params: z.array(pair).default([]), tags: z.array(pair).default([]) })
    .default({ params: [], tags: [] }),
});
export type MlflowRun = z.infer<typeof run>;

export const createdRun = z.object({ run });
export const foundRuns = z.object({ runs: z.array(run).default([]) });

export const foundExperiment = z.object({
  experiment: z.object({ experiment_id: z.string(), lifecycle_stage: z.string().default('active') }),
});
export const createdExperiment = z.object({ experiment_id: z.string() });
