import { z } from 'zod';
import { byId } from './inputs.ts';
import { procedure, router } from './procedure.ts';

export const reproductionsRouter = router({
  start: procedure
    .input(z.strictObject({ id: z.string().min(1), anyway: z.boolean().default(false) }))
    .mutation(({ ctx, input, signal }) => ctx.services.reproductions.start(input.id, { anyway: input.anyway, signal })),
  /** Null for a run that repeats none. */
  get: procedure.input(byId).query(({ ctx, input }) => ctx.services.reproductions.get(input.id)),
});
