import { CircleCheck, CircleDot, CirclePause, type LucideIcon, OctagonX } from 'lucide-react';
import type { ChainState } from '../../common/chains.ts';
import { Tag, type TagColor } from '../ui/Tag.tsx';

const looks: Record<ChainState, { color: TagColor; icon: LucideIcon; word: string }> = {
  running: { color: 'indigo', icon: CircleDot, word: 'Under way' },
  held: { color: 'orange', icon: CirclePause, word: 'Held' },
  cancelled: { color: 'gray', icon: OctagonX, word: 'Cancelled' },
  finished: { color: 'teal', icon: CircleCheck, word: 'Finished' },
};

export function ChainBadge({ state }: { state: ChainState }) {
  const { color, icon: Icon, word } = looks[state];
  return (
    <Tag color={color} icon={<Icon size={13} strokeWidth={2} aria-hidden />}>
      {word}
    </Tag>
  );
}
