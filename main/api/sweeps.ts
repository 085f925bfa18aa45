import { z } from 'zod';
import { config, kind } from './inputs.ts';
import { procedure, router } from './procedure.ts';

const request = z.strictObject({
  kind,
  config,
  variations: z.array(z.strictObject({ field: z.string().min(1), values: z.string().max(10_000) })).max(20),
  seeds: z.int().min(1).max(1000).default(1),
  name: z.string().trim().min(1).max(200).optional(),
  recipe: z.string().optional(),
  parent: z.string().optional(),
  measured: z.strictObject({ config, secondsPerStep: z.number().positive() }).optional(),
});

export const sweepsRouter = router({
  plan: procedure.input(request).query(({ ctx, input }) => ctx.services.sweeps.plan(input)),
  launch: procedure
    .input(request.extend({ confirmed: z.boolean().optional() }))
    .mutation(({ ctx, input }) => ctx.services.sweeps.launch(input)),
});
