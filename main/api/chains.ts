import { z } from 'zod';
import { chainDriver, chainFile } from '../../common/chains.ts';
import { byId, config } from './inputs.ts';
import { procedure, router } from './procedure.ts';

const changes = z.record(z.string(), config).optional();
const request = {
  /** The id of one that comes with the studio, or a whole one. */
  chain: z.union([z.string().min(1), chainFile]),
  given: z.record(z.string(), z.string()),
  changes,
};

export const chainsRouter = router({
  shipped: procedure.query(({ ctx }) => ctx.services.chains.shipped()),
  plan: procedure.input(z.strictObject(request)).query(({ ctx, input }) => ctx.services.chains.plan(input)),
  start: procedure
    .input(
      z.strictObject({
        ...request,
        name: z.string().trim().min(1).max(200).optional(),
        driver: chainDriver.optional(),
      }),
    )
    .mutation(({ ctx, input }) => ctx.services.chains.start(input)),
  list: procedure.query(({ ctx }) => ctx.services.chains.list()),
  get: procedure.input(byId).query(({ ctx, input }) => ctx.services.chains.get(input.id)),
  cancel: procedure.input(byId).mutation(({ ctx, input }) => ctx.services.chains.cancel(input.id)),
  continue: procedure
    .input(z.strictObject({ id: z.string().min(1), changes, driver: chainDriver.optional() }))
    .mutation(({ ctx, input: { id, ...options } }) => ctx.services.chains.continue(id, options)),
});
