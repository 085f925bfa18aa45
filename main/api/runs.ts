import { tracked } from '@trpc/server';
import { z } from 'zod';
import { packRuns } from '../../common/packed-runs.ts';
import { runStates } from '../../common/records.ts';
import { givenColour } from '../../common/run-colours.ts';
import { byId, byIds, config, kind, seqOf, watched } from './inputs.ts';
import { procedure, router } from './procedure.ts';

/** Of common/filter/point-fields.ts. */
const pointFields = z.array(z.string().min(1)).max(50);

const newestFirst = { sort: 'createdAt', descending: true };

export const runsRouter = router({
  launch: procedure
    .input(
      z.strictObject({
        kind,
        config,
        name: z.string().trim().min(1).max(200).optional(),
        recipe: z.string().optional(),
        parent: z.string().optional(),
      }),
    )
    .mutation(({ ctx, input }) => ctx.services.runs.launch(input)),
  list: procedure
    .input(
      z.strictObject({
        search: z.string().optional(),
        states: z.array(z.enum(runStates)).optional(),
        kinds: z.array(kind).optional(),
        sort: z.string().optional(),
        descending: z.boolean().optional(),
        limit: z.int().min(1).max(10_000).default(200),
        offset: z.int().min(0).default(0),
        trashed: z.boolean().optional(),
        measure: pointFields.optional(),
      }),
    )
    .query(({ ctx, input }) => ctx.services.runs.list(input)),
  /** The newest, or those behind a run, in the form that thousands of runs are sent in; `total` is of all. */
  packedList: procedure
    .input(
      z.strictObject({
        limit: z.int().min(1).max(10_000),
        after: z.strictObject({ createdAt: z.string(), id: z.string() }).optional(),
      }),
    )
    .query(({ ctx, input }) => packRuns(ctx.services.runs.list({ ...input, offset: 0, ...newestFirst }))),
  measured: procedure
    .input(z.strictObject({ ids: z.array(z.string().min(1)).max(200).optional(), fields: pointFields }))
    .query(({ ctx, input }) => ctx.services.runs.measured(input)),
  get: procedure.input(byId).query(({ ctx, input }) => ctx.services.runs.get(input.id)),
  points: procedure
    .input(
      z.strictObject({
        id: z.string().min(1),
        series: z.array(z.string()).optional(),
        maxPoints: z.int().min(4).max(100_000).default(2000),
        fromStep: z.int().optional(),
        toStep: z.int().optional(),
        thinning: z.enum(['extremes', 'means']).optional(),
      }),
    )
    .query(({ ctx, input }) => ctx.services.runs.points(input)),
  seriesNames: procedure.input(byId).query(({ ctx, input }) => ctx.services.runs.seriesNames(input.id)),
  log: procedure
    .input(
      z.strictObject({
        id: z.string().min(1),
        fromByte: z.int().min(0).optional(),
        maxBytes: z
          .int()
          .min(1)
          .max(4 << 20)
          .default(64 << 10),
      }),
    )
    .query(({ ctx, input }) => ctx.services.runs.log(input.id, input)),
  checkpoints: procedure.input(byId).query(({ ctx, input }) => ctx.services.runs.checkpoints(input.id)),
  stop: procedure.input(byId).mutation(({ ctx, input }) => ctx.services.runs.stop(input.id)),
  pause: procedure.input(byId).mutation(({ ctx, input }) => ctx.services.runs.pause(input.id)),
  resume: procedure
    .input(z.strictObject({ id: z.string().min(1), checkpoint: z.string().optional() }))
    .mutation(({ ctx, input }) => ctx.services.runs.resume(input.id, input.checkpoint)),
  rename: procedure
    .input(z.strictObject({ id: z.string().min(1), name: z.string().trim().min(1).max(200) }))
    .mutation(({ ctx, input }) => ctx.services.runs.rename(input.id, input.name)),
  mark: procedure
    .input(
      byIds.extend({
        star: z.boolean().optional(),
        tags: z.array(z.string()).optional(),
        addTags: z.array(z.string()).optional(),
        removeTags: z.array(z.string()).optional(),
        note: z.string().max(20_000).optional(),
        archived: z.boolean().optional(),
        colour: givenColour.nullable().optional(),
      }),
    )
    .mutation(({ ctx, input: { ids, ...change } }) => ctx.services.runs.mark(ids, change)),
  trash: procedure.input(byIds).mutation(({ ctx, input }) => ctx.services.runs.trash(input.ids)),
  restore: procedure.input(byIds).mutation(({ ctx, input }) => ctx.services.runs.restore(input.ids)),
  deleteForever: procedure.input(byIds).mutation(({ ctx, input }) => ctx.services.runs.deleteForever(input.ids)),
  duplicate: procedure.input(byId).query(({ ctx, input }) => ctx.services.runs.duplicate(input.id)),
  command: procedure.input(byId).query(({ ctx, input }) => ctx.services.runs.command(input.id)),
  /** One run: its record at once, then what changes. With `afterSeq` (from `points`) no point is missed or sent twice. */
  watch: procedure.input(watched).subscription(async function* ({ ctx, input, signal }) {
    for await (const update of ctx.services.runs.watch(input.id, { afterSeq: seqOf(input), signal })) {
      yield tracked(String(update.seq), update);
    }
  }),
  /** All runs: those that change. */
  watchList: procedure.subscription(async function* ({ ctx, signal }) {
    yield* ctx.services.runs.watchList({ signal });
  }),
});
