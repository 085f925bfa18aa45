import type { CheckpointDetail } from '../../common/checkpoints.ts';
import { CopyText } from '../ui/CopyText.tsx';
import { Facts } from '../ui/Facts.tsx';
import { formatBytes, formatCount, formatMoment } from '../ui/format.ts';
import { formatWords, layoutWords, netWords } from './words.ts';

const howWords = { written: 'Written by its run', copied: 'Copied into the workspace', linked: 'Linked where it lies' };

export function CheckpointFacts({ checkpoint }: { checkpoint: CheckpointDetail }) {
  const { dim, imageSize, epoch, step, imported } = checkpoint;
  return (
    <Facts
      facts={[
        { label: 'Backbone', value: netWords(checkpoint) },
        ...(dim === null ? [] : [{ label: 'Embedding', value: `${dim} numbers` }]),
        ...(imageSize === null ? [] : [{ label: 'Images', value: `${imageSize} × ${imageSize} px` }]),
        {
          label: 'Trained',
          value: epoch === null ? 'not said' : `${epoch} epochs${step === null ? '' : `, ${formatCount(step)} steps`}`,
        },
        { label: 'Layout', value: `${layoutWords(checkpoint.layout)}, ${formatWords[checkpoint.format]}` },
        ...(imported ? [{ label: 'Encoder', value: encoderWords(imported) }] : []),
        ...(imported ? [{ label: 'Tensors', value: countWords(imported.counts) }] : []),
        { label: 'Size', value: formatBytes(checkpoint.sizeBytes) },
        {
          label: 'SHA-256',
          value: <CopyText text={checkpoint.sha256} label="the SHA-256" />,
        },
        { label: 'Created', value: formatMoment(checkpoint.createdAt) },
        {
          label: 'Verified',
          value: checkpoint.verifiedAt ? formatMoment(checkpoint.verifiedAt) : 'not since it was written',
        },
        { label: howWords[checkpoint.how], value: checkpoint.file, mono: true },
        ...(imported ? [{ label: 'Came from', value: imported.original, mono: true }] : []),
      ]}
    />
  );
}

type Imported = NonNullable<CheckpointDetail['imported']>;

function encoderWords({ encoder, prefix }: Imported): string {
  return prefix === '' ? encoder : `${encoder}, its tensors begin with ${prefix}`;
}

function countWords({ matched, missing, mismatched, unexpected }: Imported['counts']): string {
  const others = [
    missing > 0 ? `${missing} missing` : '',
    mismatched > 0 ? `${mismatched} of another shape` : '',
    unexpected > 0 ? `${unexpected} unexpected` : '',
  ].filter(Boolean);
  return [`${matched} of the net`, ...others].join(', ');
}
