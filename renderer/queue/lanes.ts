/** The queue as people see it: one lane for each device, as one run at a time computes on each. */
import type { RunRecord } from '../../common/records.ts';
import type { QueueState } from '../../common/updates.ts';

type Device = QueueState['devices'][string];

export interface Lane {
  device: Device;
  active: RunRecord[];
  /** In the order in which they start. */
  waiting: RunRecord[];
}

/** Lanes that have a run, the GPU's first. */
export function lanesOf({ order, active, devices }: QueueState, runs: readonly RunRecord[]): Lane[] {
  const byId = new Map(runs.map((run) => [run.id, run]));
  const known = (ids: string[], device: Device) =>
    ids.filter((id) => devices[id] === device).flatMap((id) => byId.get(id) ?? []);
  return (['gpu', 'cpu'] as const)
    .map((device) => ({ device, active: known(active, device), waiting: known(order, device) }))
    .filter((lane) => lane.active.length + lane.waiting.length > 0);
}

/** The place in the whole queue, counted without the run, that makes it the `place`th of its lane. */
export function placeInQueue({ order, devices }: QueueState, id: string, place: number): number {
  const others = order.filter((other) => other !== id);
  const lane = others.filter((other) => devices[other] === devices[id]);
  const follower = lane[Math.max(0, place)];
  if (follower !== undefined) return others.indexOf(follower);
  const last = lane.at(-1);
  return last === undefined ? order.indexOf(id) : others.indexOf(last) + 1;
}

/** The state after `queue.move`, for the time until the studio says so. */
export function withMoved(state: QueueState, id: string, position: number): QueueState {
  return { ...state, order: state.order.filter((other) => other !== id).toSpliced(position, 0, id) };
}
