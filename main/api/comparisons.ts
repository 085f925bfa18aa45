import { newComparison } from '../../common/results/definition.ts';
import { byId } from './inputs.ts';
import { procedure, router } from './procedure.ts';

export const comparisonsRouter = router({
  list: procedure.query(({ ctx }) => ctx.services.comparisons.list()),
  get: procedure.input(byId).query(({ ctx, input }) => ctx.services.comparisons.get(input.id)),
  save: procedure.input(newComparison).mutation(({ ctx, input }) => ctx.services.comparisons.save(input)),
  remove: procedure.input(byId).mutation(({ ctx, input }) => ctx.services.comparisons.remove(input.id)),
  restore: procedure.input(byId).mutation(({ ctx, input }) => ctx.services.comparisons.restore(input.id)),
});
