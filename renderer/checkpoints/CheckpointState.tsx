import { CircleCheck, FileX, ShieldCheck, TriangleAlert } from 'lucide-react';
import type { CheckpointSummary } from '../../common/checkpoints.ts';
import { formatMoment } from '../ui/format.ts';
import { Tag } from '../ui/Tag.tsx';

const icon = { size: 13, strokeWidth: 2, 'aria-hidden': true } as const;

/** Whether the file is still the one that was recorded, by word, icon and colour. */
export function CheckpointStateTag({ state, problem, verifiedAt }: CheckpointSummary) {
  const verified = verifiedAt ? `Its hash was verified ${formatMoment(verifiedAt)}.` : 'Its size is as recorded.';
  return (
    <span title={problem ?? verified}>
      {state === 'damaged' ? (
        <Tag color="red" icon={<TriangleAlert {...icon} />}>
          Damaged
        </Tag>
      ) : state === 'missing' ? (
        <Tag color="orange" icon={<FileX {...icon} />}>
          Missing
        </Tag>
      ) : verifiedAt ? (
        <Tag color="teal" icon={<ShieldCheck {...icon} />}>
          Verified
        </Tag>
      ) : (
        <Tag color="gray" icon={<CircleCheck {...icon} />}>
          OK
        </Tag>
      )}
    </span>
  );
}
