import {
  CircleCheck,
  CircleDot,
  CirclePause,
  CircleX,
  Clock,
  Hourglass,
  LoaderCircle,
  type LucideIcon,
  OctagonX,
  Unplug,
} from 'lucide-react';
import type { RunState } from '../../common/records.ts';
import { Tag, type TagColor } from './Tag.tsx';

export const stateWords: Record<RunState, string> = {
  queued: 'Queued',
  preparing: 'Preparing',
  running: 'Running',
  pausing: 'Pausing',
  paused: 'Paused',
  stopping: 'Stopping',
  finished: 'Finished',
  failed: 'Failed',
  stopped: 'Stopped',
  interrupted: 'Interrupted',
};

const looks: Record<RunState, { color: TagColor; icon: LucideIcon }> = {
  queued: { color: 'gray', icon: Clock },
  preparing: { color: 'indigo', icon: LoaderCircle },
  running: { color: 'indigo', icon: CircleDot },
  pausing: { color: 'yellow', icon: Hourglass },
  paused: { color: 'yellow', icon: CirclePause },
  stopping: { color: 'orange', icon: Hourglass },
  finished: { color: 'teal', icon: CircleCheck },
  failed: { color: 'red', icon: CircleX },
  stopped: { color: 'gray', icon: OctagonX },
  interrupted: { color: 'orange', icon: Unplug },
};

/** A run's state by word, icon and colour. */
export function StateBadge({ state }: { state: RunState }) {
  const { color, icon: Icon } = looks[state];
  return (
    <Tag color={color} icon={<Icon size={13} strokeWidth={2} aria-hidden />}>
      {stateWords[state]}
    </Tag>
  );
}
