/** What a run is called when nobody has named it. */
import { basename } from 'node:path';
import { type JobKind, jobs } from '../../common/jobs/index.ts';
import type { RunRecord } from '../../common/records.ts';
import { childName } from '../../common/run-names.ts';

/** A run made from another one is called by what differs, others by their recipe or their job and data. */
export function nameFor(
  kind: JobKind,
  config: Record<string, unknown>,
  recipeTitle: string | undefined,
  parent: RunRecord | undefined,
): string {
  if (parent?.kind === kind) return childName(parent, config);
  return recipeTitle ?? `${jobs[kind].title}: ${basename(String(config.data ?? ''))}`;
}
