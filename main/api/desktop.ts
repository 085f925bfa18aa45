/** What only the desktop application offers; elsewhere `system.browse` does for choosing a folder. */
import { z } from 'zod';
import { AppError } from '../../common/errors.ts';
import { procedure, router } from './procedure.ts';

export const desktopRouter = router({
  chooseFolder: procedure
    .input(z.strictObject({ startIn: z.string().optional() }))
    .mutation(({ ctx, input }): Promise<string | null> => {
      if (!ctx.desktop) throw new AppError('environment', 'Only the desktop application has a dialog of the system.');
      return ctx.desktop.chooseFolder(input.startIn);
    }),
});
