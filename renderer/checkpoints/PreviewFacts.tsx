import { Alert, Text } from '@mantine/core';
import { TriangleAlert } from 'lucide-react';
import type { CheckpointPreview } from '../../common/checkpoints.ts';
import { Facts } from '../ui/Facts.tsx';
import { formatCount } from '../ui/format.ts';
import { formatWords, layoutWords, netWords } from './words.ts';

/** What the file was found to be, and why that may not do; `wanted` is an architecture that was chosen by hand. */
export function PreviewFacts({ preview, wanted }: { preview: CheckpointPreview; wanted: string | undefined }) {
  const said = Object.entries(preview.facts).filter(([, value]) => String(value).length <= 60);
  return (
    <>
      {preview.refusal !== null && (
        <Alert
          color="red"
          icon={<TriangleAlert size={18} />}
          title={wanted ? `These are not the weights of ${wanted}` : 'These weights cannot be used here'}
        >
          <Text fz="sm">{preview.refusal}</Text>
        </Alert>
      )}
      {preview.ambiguous && (
        <Alert color="yellow" icon={<TriangleAlert size={18} />} p="sm">
          <Text fz="sm">Several nets fit these tensors alike: choose the architecture by hand.</Text>
        </Alert>
      )}
      <Facts
        facts={[
          {
            label: 'File',
            value: `${formatWords[preview.format]}, ${formatCount(preview.tensors)} ${preview.tensors === 1 ? 'tensor' : 'tensors'}`,
          },
          { label: 'Layout', value: layoutWords(preview.layout) },
          { label: 'Net', value: preview.arch === null ? 'none that is known here' : netWords(preview) },
          ...(said.length > 0
            ? [{ label: 'It says', value: said.map(([key, value]) => `${key} ${value}`).join(' · ') }]
            : []),
        ]}
      />
    </>
  );
}
