import { Checkbox } from '@mantine/core';
import type { CheckpointSummary } from '../../common/checkpoints.ts';
import { useCheckpointSelection } from './checkpoint-selection.ts';

export function SelectCheckpoint({ checkpoint: { id, name } }: { checkpoint: CheckpointSummary }) {
  const { ids, toggle } = useCheckpointSelection();
  return (
    <Checkbox
      size="xs"
      aria-label={`Select ${name}`}
      checked={ids.has(id)}
      onChange={() => toggle(id)}
      // The row opens by a click and by Enter, and has keys of its own.
      onClick={(event) => event.stopPropagation()}
      onKeyDown={(event) => event.stopPropagation()}
    />
  );
}
