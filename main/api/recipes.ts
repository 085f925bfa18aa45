import { procedure, router } from './procedure.ts';

export const recipesRouter = router({
  list: procedure.query(({ ctx }) => ctx.services.recipes.list()),
});
