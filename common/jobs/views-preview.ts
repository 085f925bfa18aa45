/** The worker of the augmentation lab: a task that draws what it is asked for until nobody asks any more. */
import { z } from 'zod';
import { field } from '../fields.ts';

export const viewsPreviewConfig = z.strictObject({
  idleSeconds: field(z.number().gt(0).max(86_400).default(180), {
    label: 'Ends after',
    help: 'Time without a request after which the worker ends by itself.',
    group: 'Machine',
    unit: 's',
    flags: [],
  }),
});

export type ViewsPreviewConfig = z.infer<typeof viewsPreviewConfig>;
