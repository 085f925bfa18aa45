import { z } from 'zod';
import { previewRequest } from '../../common/views-preview.ts';
import { procedure, router } from './procedure.ts';

export const viewPreviewsRouter = router({
  /** A task that draws what `draw` asks for; `tasks.watch` tells of its end, `tasks.cancel` ends it. */
  open: procedure.mutation(({ ctx }) => ctx.services.viewPreviews.open()),
  /** Its pictures are at `/files/tasks/<task>/<file>`. Null where a later request took its place. */
  draw: procedure
    .input(z.strictObject({ task: z.string().min(1), request: previewRequest }))
    .mutation(({ ctx, input, signal }) => ctx.services.viewPreviews.draw(input.task, input.request, signal)),
});
