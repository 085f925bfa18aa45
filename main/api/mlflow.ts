/** What starts a task answers with it; `tasks.watch` tells of its progress and its result, named in the comments. */
import { z } from 'zod';
import { byIds } from './inputs.ts';
import { procedure, router } from './procedure.ts';

const byServer = z.strictObject({ server: z.string() });

const user = z.union([
  z.strictObject({ name: z.string().min(1), password: z.string() }),
  z.strictObject({ token: z.string().min(1) }),
]);

const target = z.strictObject({
  server: z.string().trim().min(1),
  experiment: z.string().max(500).optional(),
  user: user.optional(),
  keepUser: z.boolean().optional(),
});

export const mlflowRouter = router({
  usual: procedure.query(({ ctx }) => ctx.services.mlflow.usual()),
  /** Never the password itself. */
  knownUser: procedure.input(byServer).query(({ ctx, input }) => ctx.services.mlflow.knownUser(input.server)),
  forgetUser: procedure.input(byServer).mutation(({ ctx, input }) => ctx.services.mlflow.forgetUser(input.server)),
  /** Task; result `mlflow`: MlflowCheck. Nothing is changed there. */
  check: procedure.input(target).mutation(({ ctx, input }) => ctx.services.mlflow.check(input)),
  /** Task; result `mlflow`: MlflowPush. */
  push: procedure
    .input(byIds.extend({ target }))
    .mutation(({ ctx, input }) => ctx.services.mlflow.push(input.ids, input.target)),
});
