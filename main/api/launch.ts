import { tracked } from '@trpc/server';
import { z } from 'zod';
import { config, kind, seqOf, watched } from './inputs.ts';
import { procedure, router } from './procedure.ts';

export const launchRouter = router({
  defaults: procedure
    .input(z.strictObject({ kind, recipe: z.string().optional() }))
    .query(({ ctx, input }) => ctx.services.launch.defaults(input.kind, input.recipe)),
  check: procedure
    .input(z.strictObject({ kind, config }))
    .query(({ ctx, input }) => ctx.services.launch.check(input.kind, input.config)),
  /** A task; watched with `watchDryRun`, cancelled with `tasks.cancel`. */
  dryRun: procedure
    .input(z.strictObject({ config }))
    .mutation(({ ctx, input }) => ctx.services.launch.dryRun(input.config)),
  /** As `tasks.watch`, with the cost of the whole run before `ended`. */
  watchDryRun: procedure.input(watched).subscription(async function* ({ ctx, input, signal }) {
    for await (const [seq, update] of ctx.services.launch.watchDryRun(input.id, { afterSeq: seqOf(input), signal })) {
      yield tracked(String(seq), update);
    }
  }),
});
