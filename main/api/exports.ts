import { z } from 'zod';
import { newTable, tableDefinition } from '../../common/results/definition.ts';
import { tableFormatNames } from '../../common/results/writers/index.ts';
import { byId } from './inputs.ts';
import { procedure, router } from './procedure.ts';

export const exportsRouter = router({
  table: procedure
    .input(
      z.strictObject({
        ids: z.array(z.string().min(1)).optional(),
        definition: tableDefinition,
        format: z.enum(tableFormatNames),
      }),
    )
    .query(({ ctx, input }) => ctx.services.exports.table(input)),
  published: procedure.query(({ ctx }) => ctx.services.exports.published()),
  tables: procedure.query(({ ctx }) => ctx.services.exports.tables.list()),
  saveTable: procedure.input(newTable).mutation(({ ctx, input }) => ctx.services.exports.tables.save(input)),
  removeTable: procedure.input(byId).mutation(({ ctx, input }) => ctx.services.exports.tables.remove(input.id)),
  restoreTable: procedure.input(byId).mutation(({ ctx, input }) => ctx.services.exports.tables.restore(input.id)),
});
