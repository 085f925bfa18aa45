/** How the page of runs looks: what is saved under a name, sent as a link, and kept while nobody has saved it. */
import { z } from 'zod';
import type { RunState } from './records.ts';
import { coloursByRun } from './run-colours.ts';

/** States as people look for them: everything that waits or works, and how things ended. */
export const stateGroups = {
  all: { label: 'All', states: null },
  active: { label: 'Active', states: ['queued', 'preparing', 'running', 'pausing', 'stopping'] },
  resumable: { label: 'Can go on', states: ['paused', 'stopped', 'interrupted'] },
  finished: { label: 'Finished', states: ['finished'] },
  failed: { label: 'Failed', states: ['failed'] },
  archived: { label: 'Archived', states: null },
} as const satisfies Record<string, { label: string; states: readonly RunState[] | null }>;

export type StateGroup = keyof typeof stateGroups;
const stateGroupNames = Object.keys(stateGroups) as [StateGroup, ...StateGroup[]];

/** Every part has a default, so that a view of an earlier version is still one. */
export const runsView = z.object({
  /** Fields as a filter names them; none: the usual ones. Widths in px, where somebody has changed them. */
  columns: z
    .array(z.object({ field: z.string().min(1), width: z.int().min(40).max(2000).optional() }))
    .max(200)
    .default([]),
  filter: z.string().max(10_000).default(''),
  states: z.enum(stateGroupNames).default('all'),
  sort: z.object({ field: z.string().min(1), descending: z.boolean() }).default({ field: 'started', descending: true }),
  /** `seed`: all that differ by their seed alone are one group; `none`; else a field. */
  groupBy: z.string().default('seed'),
  /** Groups show their mean alone. */
  folded: z.boolean().default(false),
  /** By the id of the run, where it was given none itself; of views from before runs were given one for all views. */
  colours: coloursByRun.default({}),
});
export type RunsView = z.infer<typeof runsView>;

export const plainView: RunsView = runsView.parse({});

/** `<workspace>/views/<id>.json`. */
export const savedRunsView = z.object({ id: z.string(), name: z.string().trim().min(1).max(100), view: runsView });
export type SavedRunsView = z.infer<typeof savedRunsView>;
export const newRunsView = savedRunsView.partial({ id: true });

/** What the page showed last, saved or not, and the saved view that it came from. */
export const shownRuns = z.object({ view: runsView, from: z.string().nullable().default(null) });
export type ShownRuns = z.infer<typeof shownRuns>;
