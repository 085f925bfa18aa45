import { z } from 'zod';
import { procedure, router } from './procedure.ts';

export const queueRouter = router({
  list: procedure.query(({ ctx }) => ctx.services.queue.list()),
  move: procedure
    .input(z.strictObject({ id: z.string().min(1), position: z.int().min(0) }))
    .mutation(({ ctx, input }) => ctx.services.queue.move(input.id, input.position)),
  hold: procedure.mutation(({ ctx }) => ctx.services.queue.hold()),
  release: procedure.mutation(({ ctx }) => ctx.services.queue.release()),
  watch: procedure.subscription(async function* ({ ctx, signal }) {
    yield* ctx.services.queue.watch({ signal });
  }),
});
