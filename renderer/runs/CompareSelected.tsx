import { Button, Tooltip } from '@mantine/core';
import { Columns3 } from 'lucide-react';
import { useLocation } from 'wouter';
import { comparedRuns } from '../../common/results/limits.ts';
import { comparePath } from '../compare/compared-runs.ts';

/** Shown as soon as a run is selected. */
export function CompareSelected({ ids, onClear }: { ids: string[]; onClear: () => void }) {
  const [, navigate] = useLocation();
  if (ids.length === 0) return null;
  const fits = ids.length >= comparedRuns.least && ids.length <= comparedRuns.most;
  return (
    <Button.Group>
      <Tooltip label={`${comparedRuns.least} to ${comparedRuns.most} runs can be compared`} disabled={fits}>
        <Button
          size="xs"
          leftSection={<Columns3 size={14} aria-hidden />}
          // Not disabled: that would keep its reason from who uses the keyboard.
          aria-disabled={!fits}
          variant={fits ? 'filled' : 'default'}
          onClick={() => fits && navigate(comparePath({ ids, baseline: undefined }))}
        >
          Compare {ids.length}
        </Button>
      </Tooltip>
      <Button size="xs" variant="default" onClick={onClear}>
        Clear
      </Button>
    </Button.Group>
  );
}
