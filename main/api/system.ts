import { z } from 'zod';
import { procedure, router } from './procedure.ts';

export const systemRouter = router({
  info: procedure.query(({ ctx }) => ctx.services.system.info()),
  doctor: procedure.query(({ ctx }) => ctx.services.system.doctor()),
  browse: procedure
    .input(z.strictObject({ path: z.string().optional(), checkpoints: z.boolean().optional() }))
    .query(({ ctx, input: { path, ...options } }) => ctx.services.system.browse(path, options)),
});
