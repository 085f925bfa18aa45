/** What starts a task answers with it; `tasks.watch` tells of its progress and its result, named in the comments. */
import { z } from 'zod';
import { exportFormats } from '../../common/checkpoints.ts';
import { byId, byIds } from './inputs.ts';
import { procedure, router } from './procedure.ts';

/** An id or its first digits, or the path of a file. */
const checkpoint = z.string().min(1);
const recognition = {
  arch: z.string().optional(),
  prefix: z.string().optional(),
  encoder: z.string().optional(),
};

export const checkpointsRouter = router({
  /** Those of runs and imported ones, newest first; with `trashed` what is in the trash instead. */
  list: procedure
    .input(z.strictObject({ trashed: z.boolean().optional() }))
    .query(({ ctx, input }) => ctx.services.checkpoints.list(input)),
  get: procedure.input(byId).query(({ ctx, input }) => ctx.services.checkpoints.get(input.id)),
  /** Task; result `checkpoint`: CheckpointPreview. */
  preview: procedure
    .input(z.strictObject({ file: checkpoint, ...recognition }))
    .mutation(({ ctx, input }) => ctx.services.checkpoints.preview(input)),
  /** Task; result `checkpoint`: CheckpointImport. `link`: keep the file where it is. */
  import: procedure
    .input(
      z.strictObject({
        file: checkpoint,
        ...recognition,
        name: z.string().trim().max(200).optional(),
        link: z.boolean().optional(),
      }),
    )
    .mutation(({ ctx, input }) => ctx.services.checkpoints.import(input)),
  /**
   * Task; result `checkpoint`: CheckpointExport. A file that is there already is replaced with `overwrite` alone.
   * `download`: `target` is a name, and the file is at `/files/tasks/<task>/exported/<name>` until it was fetched.
   */
  export: procedure
    .input(
      z.strictObject({
        file: checkpoint,
        target: z.string().min(1),
        format: z.enum(exportFormats),
        overwrite: z.boolean().optional(),
        download: z.boolean().optional(),
        ...recognition,
      }),
    )
    .mutation(({ ctx, input }) => ctx.services.checkpoints.export(input)),
  /** Task; result `checkpoint`: CheckpointTensors. */
  show: procedure
    .input(z.strictObject({ file: checkpoint, tensor: z.string().optional() }))
    .mutation(({ ctx, input }) => ctx.services.checkpoints.show(input)),
  /** Task; result `checkpoints`: CheckpointVerdicts. Without ids all are verified. */
  verify: procedure
    .input(z.strictObject({ ids: z.array(z.string().min(1)).optional() }))
    .mutation(({ ctx, input }) => ctx.services.checkpoints.verify(input)),
  keepVerdicts: procedure
    .input(
      z.strictObject({
        verdicts: z.array(z.strictObject({ file: z.string(), foundSha256: z.string().nullable(), stamp: z.string() })),
      }),
    )
    .mutation(({ ctx, input }) => ctx.services.checkpoints.keepVerdicts(input.verdicts)),
  rename: procedure
    .input(z.strictObject({ id: z.string().min(1), name: z.string().trim().min(1).max(200) }))
    .mutation(({ ctx, input }) => ctx.services.checkpoints.rename(input.id, input.name)),
  /** Imported ones only; those of a run go with the run. */
  trash: procedure.input(byIds).mutation(({ ctx, input }) => ctx.services.checkpoints.trash(input.ids)),
  restore: procedure.input(byIds).mutation(({ ctx, input }) => ctx.services.checkpoints.restore(input.ids)),
  /** Only what is in the trash. */
  deleteForever: procedure.input(byIds).mutation(({ ctx, input }) => ctx.services.checkpoints.deleteForever(input.ids)),
  /** A file that a page sent (`POST /uploads?name=...` answers `{file}`) and that is not to be imported after all. */
  discardUpload: procedure
    .input(z.strictObject({ file: z.string().min(1) }))
    .mutation(({ ctx, input }) => ctx.services.checkpoints.discardUpload(input.file)),
});
