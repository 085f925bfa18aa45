import { Button, Tooltip } from '@mantine/core';
import { Archive, ArchiveRestore, Columns3 } from 'lucide-react';
import { useLocation } from 'wouter';
import type { RunRecord } from '../../common/records.ts';
import { comparedRuns } from '../../common/results/limits.ts';
import { comparePath } from '../compare/compared-runs.ts';
import { useArchive } from './use-archive.ts';

/** What can be done with the selected runs together; shown as soon as there is one. */
export function SelectedRuns({ runs, onClear }: { runs: RunRecord[]; onClear: () => void }) {
  const [, navigate] = useLocation();
  const archive = useArchive();
  if (runs.length === 0) return null;
  const ids = runs.map(({ id }) => id);
  const fits = ids.length >= comparedRuns.least && ids.length <= comparedRuns.most;
  const archived = runs.every((run) => run.archived);
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
      <Button
        size="xs"
        variant="default"
        leftSection={archived ? <ArchiveRestore size={14} aria-hidden /> : <Archive size={14} aria-hidden />}
        onClick={async () => {
          if (await archive(runs, !archived)) onClear();
        }}
      >
        {archived ? 'Unarchive' : 'Archive'}
      </Button>
      <Button size="xs" variant="default" onClick={onClear}>
        Clear
      </Button>
    </Button.Group>
  );
}
