import { tracked } from '@trpc/server';
import { z } from 'zod';
import { byId, config, kind, seqOf, watched } from './inputs.ts';
import { procedure, router } from './procedure.ts';

export const tasksRouter = router({
  start: procedure
    .input(z.strictObject({ kind, config }))
    .mutation(({ ctx, input }) => ctx.services.tasks.start(input.kind, input.config)),
  /** From its first report on, to `ended`. */
  watch: procedure.input(watched).subscription(async function* ({ ctx, input, signal }) {
    for await (const [seq, update] of ctx.services.tasks.watch(input.id, { afterSeq: seqOf(input), signal })) {
      yield tracked(String(seq), update);
    }
  }),
  cancel: procedure.input(byId).mutation(({ ctx, input }) => ctx.services.tasks.cancel(input.id)),
});
