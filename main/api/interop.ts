/** What starts a task answers with it; `tasks.watch` tells of its progress and its result, named in the comments. */
import { z } from 'zod';
import { runExportConfig } from '../../common/jobs/interop.ts';
import { byIds } from './inputs.ts';
import { procedure, router } from './procedure.ts';

/** Of the machine that the studio runs on: a bundle, or a log folder of TensorBoard. */
const bySource = z.strictObject({ source: z.string().trim().min(1) });

export const interopRouter = router({
  /** Task; result `interop`: RunImport. Nothing is written. */
  preview: procedure.input(bySource).mutation(({ ctx, input }) => ctx.services.interop.preview(input.source)),
  /** Task; result `interop`: RunImport. All runs of it, or none. */
  import: procedure.input(bySource).mutation(({ ctx, input }) => ctx.services.interop.import(input.source)),
  /**
   * Task; result `interop`: RunExport. `download`, for a bundle: `target` is a name, and the file is at
   * `/files/tasks/<task>/exported/<name>` until it was fetched.
   */
  export: procedure
    .input(
      byIds.extend({
        format: runExportConfig.shape.format,
        target: z.string().min(1),
        checkpoints: z.boolean().optional(),
        overwrite: z.boolean().optional(),
        download: z.boolean().optional(),
      }),
    )
    .mutation(({ ctx, input }) => ctx.services.interop.export(input)),
});
