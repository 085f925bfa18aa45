import { z } from 'zod';
import { measureKinds } from '../../common/evaluations.ts';
import { config } from './inputs.ts';
import { procedure, router } from './procedure.ts';

const sha256 = z.string().length(64);
const measure = z.strictObject({ kind: z.enum(measureKinds), config });

export const evaluationsRouter = router({
  /** Asks and changes nothing; many checkpoints would be too long for the address of a query. */
  grid: procedure
    .input(z.strictObject({ checkpoints: z.array(sha256).max(2000), measures: z.array(measure).max(100) }))
    .mutation(({ ctx, input }) => ctx.services.evaluations.grid(input)),
  /** Task; result `neighbours`: ImageNeighbours. `checkpoint` is an id or a path. */
  neighbours: procedure
    .input(
      z.strictObject({
        checkpoint: z.string().min(1),
        data: z.string().min(1),
        image: z.string().min(1),
        neighbours: z.int().min(1).optional(),
      }),
    )
    .mutation(({ ctx, input }) => ctx.services.evaluations.neighbours(input)),
  launch: procedure
    .input(
      z.strictObject({
        cells: z
          .array(z.strictObject({ checkpoint: sha256, measure }))
          .min(1)
          .max(5000),
      }),
    )
    .mutation(({ ctx, input }) => ctx.services.evaluations.launch(input.cells)),
});
