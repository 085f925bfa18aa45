/** Inputs that several procedures share. */
import { z } from 'zod';
import { jobKinds } from '../../common/jobs/index.ts';

export const byId = z.strictObject({ id: z.string().min(1) });
export const byIds = z.strictObject({ ids: z.array(z.string().min(1)).min(1) });
export const kind = z.enum(jobKinds);
export const config = z.record(z.string(), z.unknown());

/** Of a subscription that can go on where it broke off; `lastEventId` is what a reconnecting client sends by itself. */
export const watched = z.strictObject({
  id: z.string().min(1),
  afterSeq: z.int().optional(),
  lastEventId: z.string().nullish(),
});

/** The event after which to go on; undefined: from the start, or from now, as the subscription says. */
export function seqOf(input: z.infer<typeof watched>): number | undefined {
  const resumed = input.lastEventId ? Number.parseInt(input.lastEventId, 10) : Number.NaN;
  return Number.isNaN(resumed) ? input.afterSeq : resumed;
}
