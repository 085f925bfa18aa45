/** All that is done with a config before it becomes a run. */
import type { JobKind } from '../../common/jobs/index.ts';
import type { CostEstimate, LaunchCheck } from '../../common/launch.ts';
import type { LaunchedTask } from '../../common/records.ts';
import type { TaskUpdate } from '../../common/updates.ts';

export type DryRunUpdate = TaskUpdate | { type: 'cost'; cost: CostEstimate };

export interface LaunchService {
  /** Every default of the kind with the recipe's values over them; fields without one (the data folder) are left out. */
  defaults(kind: JobKind, recipe?: string): Promise<Record<string, unknown>>;
  /** Against the machine and the data, not only its types. Never throws for a wrong config. */
  check(kind: JobKind, config: Record<string, unknown>): Promise<LaunchCheck>;
  dryRun(config: Record<string, unknown>): Promise<LaunchedTask>;
  watchDryRun(
    id: string,
    options: { afterSeq?: number; signal?: AbortSignal },
  ): AsyncGenerator<[seq: number, DryRunUpdate]>;
}
