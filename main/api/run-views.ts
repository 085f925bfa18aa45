import { newRunsView, shownRuns } from '../../common/runs-view.ts';
import { byId } from './inputs.ts';
import { procedure, router } from './procedure.ts';

export const runViewsRouter = router({
  list: procedure.query(({ ctx }) => ctx.services.runViews.list()),
  save: procedure.input(newRunsView).mutation(({ ctx, input }) => ctx.services.runViews.save(input)),
  remove: procedure.input(byId).mutation(({ ctx, input }) => ctx.services.runViews.remove(input.id)),
  restore: procedure.input(byId).mutation(({ ctx, input }) => ctx.services.runViews.restore(input.id)),
  shown: procedure.query(({ ctx }) => ctx.services.runViews.shown()),
  show: procedure.input(shownRuns).mutation(({ ctx, input }) => ctx.services.runViews.show(input)),
});
