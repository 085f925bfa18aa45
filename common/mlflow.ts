/** What a server of MLflow answers, as far as a push reads it (REST interface 2.0). */
import { z } from 'zod';

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
