import { Button, Tooltip } from '@mantine/core';
import { Columns3 } from 'lucide-react';
import { useLocation } from 'wouter';
import { comparedRows } from '../../common/results/limits.ts';
import { comparePath } from '../../common/results/references.ts';
import { useSingleKeys } from '../ui/single-keys.ts';

/** Puts what is selected side by side; Shift+C does the same. */
export function CompareButton({ references }: { references: string[] }) {
  const [, navigate] = useLocation();
  const fits = references.length >= comparedRows.least && references.length <= comparedRows.most;
  const compare = () => fits && navigate(comparePath({ rows: references, baseline: undefined }));
  useSingleKeys([['shift+C', compare]]);
  return (
    <Tooltip
      label={fits ? 'Side by side (Shift C)' : `${comparedRows.least} to ${comparedRows.most} rows can be compared`}
    >
      <Button
        size="xs"
        leftSection={<Columns3 size={14} aria-hidden />}
        // Not disabled: that would keep its reason from who uses the keyboard.
        aria-disabled={!fits}
        variant={fits ? 'filled' : 'default'}
        onClick={compare}
      >
        Compare {references.length}
      </Button>
    </Tooltip>
  );
}
