import { z } from 'zod';
import { byIds } from './inputs.ts';
import { procedure, router } from './procedure.ts';

const place = z.strictObject({ id: z.string().min(1), position: z.int().min(0), held: z.boolean() });

export const queueRouter = router({
  list: procedure.query(({ ctx }) => ctx.services.queue.list()),
  estimates: procedure.query(({ ctx }) => ctx.services.queue.estimates()),
  move: procedure
    .input(z.strictObject({ id: z.string().min(1), position: z.int().min(0) }))
    .mutation(({ ctx, input }) => ctx.services.queue.move(input.id, input.position)),
  /** Without ids: the whole queue. */
  hold: procedure.input(byIds.optional()).mutation(({ ctx, input }) => ctx.services.queue.hold(input?.ids)),
  release: procedure.input(byIds.optional()).mutation(({ ctx, input }) => ctx.services.queue.release(input?.ids)),
  remove: procedure.input(byIds).mutation(({ ctx, input }) => ctx.services.queue.remove(input.ids)),
  putBack: procedure
    .input(z.strictObject({ places: z.array(place).min(1).max(10_000) }))
    .mutation(({ ctx, input }) => ctx.services.queue.putBack(input.places)),
  watch: procedure.subscription(async function* ({ ctx, signal }) {
    yield* ctx.services.queue.watch({ signal });
  }),
});
