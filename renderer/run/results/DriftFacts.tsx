import { Facts } from '../../ui/Facts.tsx';
import { formatCount } from '../../ui/format.ts';

/** How alike two checkpoints see the same images; 1 is the same. */
export function DriftFacts({ values }: { values: Record<string, unknown> }) {
  return (
    <Facts
      facts={[
        { label: 'Linear CKA', value: Number(values.cka).toFixed(4) },
        { label: 'Neighbour overlap', value: Number(values.overlap).toFixed(4) },
        { label: 'Images', value: formatCount(Number(values.images)) },
        { label: 'Queries', value: formatCount(Number(values.queries)) },
        { label: 'Against', value: String(values.against), mono: true },
      ]}
    />
  );
}
