import { z } from 'zod';
import { byId, config, kind } from './inputs.ts';
import { procedure, router } from './procedure.ts';

export const recipesRouter = router({
  list: procedure.query(({ ctx }) => ctx.services.recipes.list()),
  /** `replace`: the user's own of that title. */
  save: procedure
    .input(
      z.strictObject({
        title: z.string().trim().min(1).max(100),
        summary: z.string().trim().max(500),
        source: z.string().trim().max(500),
        kind,
        config,
        replace: z.boolean().optional(),
      }),
    )
    .mutation(({ ctx, input: { replace, ...recipe } }) => ctx.services.recipes.save(recipe, { replace })),
  /** The user's own only; `restore` undoes it. */
  remove: procedure.input(byId).mutation(({ ctx, input }) => ctx.services.recipes.remove(input.id)),
  restore: procedure.input(byId).mutation(({ ctx, input }) => ctx.services.recipes.restore(input.id)),
});
