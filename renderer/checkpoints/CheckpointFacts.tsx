import type { CheckpointDetail } from '../../common/checkpoints.ts';
import { CopyText } from '../ui/CopyText.tsx';
import { Facts } from '../ui/Facts.tsx';
import { formatBytes, formatCount, formatMoment } from '../ui/format.ts';
import { formatWords, layoutWords, netWords } from './words.ts';

const howWords = { written: 'written by its run', copied: 'a copy in the workspace', linked: 'linked, not copied' };

export function CheckpointFacts({ checkpoint }: { checkpoint: CheckpointDetail }) {
  const { dim, imageSize, sizeBytes, verifiedAt, imported } = checkpoint;
  return (
    <Facts
      facts={[
        { label: 'Backbone', value: `${netWords(checkpoint)}${dim === null ? '' : `, ${dim} dimensions`}` },
        { label: 'Trained', value: trainedWords(checkpoint) },
        ...(imageSize === null ? [] : [{ label: 'Images', value: `${imageSize} × ${imageSize} px` }]),
        { label: 'Layout', value: `${layoutWords(checkpoint.layout)}, ${formatWords[checkpoint.format]}` },
        ...(imported ? [{ label: 'Encoder', value: encoderWords(imported) }] : []),
        { label: 'Size', value: `${formatBytes(sizeBytes)}, ${howWords[checkpoint.how]}` },
        { label: 'SHA-256', value: <CopyText text={checkpoint.sha256} label="the SHA-256" /> },
        {
          label: 'Created',
          value: `${formatMoment(checkpoint.createdAt)}, ${verifiedAt ? `verified ${formatMoment(verifiedAt)}` : 'not verified since'}`,
        },
        { label: 'File', value: checkpoint.file, mono: true },
        ...(imported && imported.original !== checkpoint.file
          ? [{ label: 'Came from', value: imported.original, mono: true }]
          : []),
      ]}
    />
  );
}

function trainedWords({ epoch, step }: CheckpointDetail): string {
  if (epoch === null) return 'not said';
  const epochs = epoch === 1 ? '1 epoch' : `${formatCount(epoch)} epochs`;
  return step === null ? epochs : `${epochs}, ${formatCount(step)} steps`;
}

type Imported = NonNullable<CheckpointDetail['imported']>;

function encoderWords({ encoder, prefix, counts: { matched, missing, mismatched, unexpected } }: Imported): string {
  const others = [
    missing > 0 ? `${missing} missing` : '',
    mismatched > 0 ? `${mismatched} of another shape` : '',
    unexpected > 0 ? `${unexpected} unexpected` : '',
  ].filter(Boolean);
  const where = prefix === '' ? encoder : `${encoder} (${prefix}*)`;
  return `${where}: ${[`${formatCount(matched)} tensors`, ...others].join(', ')}`;
}
