/** What a page knows of a task from its reports: pure. */
import type { CostEstimate } from '../../common/launch.ts';
import type { TaskUpdate } from '../../common/updates.ts';

export type WatchedUpdate = TaskUpdate | { type: 'cost'; cost: CostEstimate };

export interface TaskState {
  stage: string | null;
  done: number;
  total: number | null;
  result: Record<string, unknown> | null;
  cost: CostEstimate | null;
  error: { message: string; cure?: string } | null;
  /** How it ended; null while it goes on. */
  ended: 'finished' | 'failed' | 'stopped' | 'paused' | 'interrupted' | null;
}

export const freshTask: TaskState = {
  stage: null,
  done: 0,
  total: null,
  result: null,
  cost: null,
  error: null,
  ended: null,
};

export function afterUpdate(state: TaskState, update: WatchedUpdate): TaskState {
  switch (update.type) {
    case 'progress':
      return { ...state, stage: update.stage, done: update.done, total: update.total };
    case 'result':
      return { ...state, result: update.values };
    case 'cost':
      return { ...state, cost: update.cost };
    case 'failed':
      return { ...state, error: { message: update.message, cure: update.cure } };
    case 'ended':
      return { ...state, ended: update.state };
    case 'log':
      return state;
  }
}
