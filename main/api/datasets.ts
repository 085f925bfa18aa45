import { z } from 'zod';
import { procedure, router } from './procedure.ts';

export const datasetsRouter = router({
  list: procedure.query(({ ctx }) => ctx.services.datasets.list()),
  /** A task; its result holds the folder. */
  demo: procedure
    .input(z.strictObject({ target: z.string().min(1).optional(), seed: z.int().optional() }))
    .mutation(({ ctx, input }) =>
      ctx.services.tasks.start('dataset-demo', {
        ...input,
        target: input.target ?? ctx.services.datasets.demoFolder(),
      }),
    ),
  /** A task; its result lists what is broken. */
  check: procedure
    .input(z.strictObject({ data: z.string().min(1), decode: z.enum(['pil', 'natural']).optional() }))
    .mutation(({ ctx, input }) => ctx.services.tasks.start('dataset-check', input)),
});
