import { Checkbox } from '@mantine/core';
import type { RunRecord } from '../../common/records.ts';
import { useRunSelection } from './run-selection.ts';

export function SelectRun({ run }: { run: RunRecord }) {
  const { ids, toggle } = useRunSelection();
  return (
    <Checkbox
      size="xs"
      aria-label={`Select ${run.name}`}
      checked={ids.has(run.id)}
      onChange={() => toggle(run.id)}
      // The row opens by a click and by Enter, and has keys of its own.
      onClick={(event) => event.stopPropagation()}
      onKeyDown={(event) => event.stopPropagation()}
    />
  );
}
